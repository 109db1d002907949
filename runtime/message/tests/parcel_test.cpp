#define BOOST_TEST_MODULE message_parcel
#include <boost/test/unit_test.hpp>

#include "banyan/message/envelope.hpp"
#include "banyan/message/refusal.hpp"
#include "banyan/message/registry.hpp"

using namespace banyan;
using namespace banyan::message;

BOOST_AUTO_TEST_CASE(smoke) {
  SystemClock c;
  SystemRandom r;
  IdSource ids{c, r};
  Registry reg;
  const Descriptor* ds[]{&Refusal::descriptor()};
  reg.add(ds);
  Parcel p{{.id = ids.next(),
            .source = "orders",
            .destination = "inventory",
            .key = "k",
            .time = c.now(),
            .deadline = c.now(),
            .correlation_id = ids.next(),
            .causation_id = {},
            .trace = TraceContext::start(r),
            .principal = "me",
            .reply_to = {}},
           Payload::of(Refusal{3, "a.b", "c"})};
  BOOST_TEST_MESSAGE(to_headers(p.envelope));
  BOOST_TEST_MESSAGE(to_bytes(p));
  auto b = from_bytes(to_bytes(p), reg);
  BOOST_REQUIRE(b.ok());
  BOOST_TEST(to_bytes(*b.value()) == to_bytes(p));
  BOOST_TEST(to_headers(from_headers(to_headers(p.envelope)).value()) == to_headers(p.envelope));
}
