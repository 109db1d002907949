#define BOOST_TEST_MODULE message_trace
#include "banyan/message/trace.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

using namespace banyan;
using banyan::message::TraceContext;

namespace {

constexpr std::string_view example = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

class ZeroRandom final : public Random {
 public:
  void fill(std::span<std::byte> bytes) override { std::fill(bytes.begin(), bytes.end(), std::byte{0}); }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_traceparent_is_read_and_written_back) {
  const auto trace = TraceContext::parse(example);

  BOOST_REQUIRE(trace.has_value());
  BOOST_TEST(trace->to_traceparent() == example);
  BOOST_TEST(trace->trace_id_hex() == "0af7651916cd43dd8448eb211c80319c");
  BOOST_TEST(trace->span_id_hex() == "b7ad6b7169203331");
  BOOST_TEST(trace->flags == 1);
}

BOOST_AUTO_TEST_CASE(an_unsampled_trace_stays_unsampled) {
  const auto trace = TraceContext::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00");

  BOOST_REQUIRE(trace.has_value());
  BOOST_TEST(trace->flags == 0);
}

BOOST_AUTO_TEST_CASE(flags_that_the_standard_does_not_define_are_dropped) {
  const auto trace = TraceContext::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff");

  BOOST_REQUIRE(trace.has_value());
  BOOST_TEST(trace->to_traceparent() == example);
}

BOOST_AUTO_TEST_CASE(a_newer_version_is_read_by_its_first_four_fields) {
  for (const auto* text : {"01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                           "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-the-future-brings",
                           "fe-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-"}) {
    BOOST_TEST_CONTEXT(text) {
      const auto trace = TraceContext::parse(text);
      BOOST_REQUIRE(trace.has_value());
      BOOST_TEST(trace->to_traceparent() == example);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_the_standard_calls_invalid_is_refused) {
  for (const auto* text : {
           "",
           "00",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-011",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
           "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more",
           "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
           "0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
           "00-00000000000000000000000000000000-b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
           "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319c-B7AD6B7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
           "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x",
           "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
           " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 ",
       }) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(!TraceContext::parse(text).has_value()); }
  }
}

BOOST_AUTO_TEST_CASE(a_new_trace_is_valid_and_sampled) {
  SystemRandom random;
  const TraceContext trace = TraceContext::start(random);

  BOOST_TEST(trace.is_valid());
  BOOST_TEST(trace.flags == 1);
  BOOST_TEST((TraceContext::parse(trace.to_traceparent()) == trace));
}

BOOST_AUTO_TEST_CASE(a_child_has_its_own_span_in_the_same_trace) {
  SystemRandom random;
  const TraceContext parent = TraceContext::start(random);
  const TraceContext child = parent.child(random);

  BOOST_TEST(child.trace_id_hex() == parent.trace_id_hex());
  BOOST_TEST(child.span_id_hex() != parent.span_id_hex());
  BOOST_TEST(child.flags == parent.flags);
}

BOOST_AUTO_TEST_CASE(chance_never_makes_an_invalid_trace) {
  ZeroRandom zeros;

  BOOST_TEST(TraceContext::start(zeros).is_valid());
  BOOST_TEST(TraceContext::start(zeros).child(zeros).is_valid());
  BOOST_TEST(!TraceContext{}.is_valid());
}
