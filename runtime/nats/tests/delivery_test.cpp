#define BOOST_TEST_MODULE nats_delivery
#include "delivery.hpp"

#include <boost/test/unit_test.hpp>

using namespace banyan;
using namespace banyan::nats;

namespace {

Result<Delivery> delivery_with(std::string reply) {
  Message message;
  message.reply = std::move(reply);
  return to_delivery(std::move(message));
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_delivery_says_where_it_is_from_in_both_forms) {
  for (const auto* reply : {"$JS.ACK.EVT_orders.mail.2.17.5.1700000000000000000.3",
                            "$JS.ACK._.ACC.EVT_orders.mail.2.17.5.1700000000000000000.3.random"}) {
    BOOST_TEST_CONTEXT(reply) {
      const auto delivery = delivery_with(reply);
      BOOST_REQUIRE(delivery.ok());
      BOOST_TEST(delivery.value().attempts == 2U);
      BOOST_TEST(delivery.value().stream_sequence == 17U);
      BOOST_TEST(delivery.value().consumer_sequence == 5U);
      BOOST_TEST(delivery.value().pending == 3U);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_reply_that_no_stream_makes_is_refused) {
  for (const auto* reply :
       {"$JS.ACK.", "$JS.ACK.a.b", "$JS.ACK.a.b.1.2.3.4", "$JS.ACK.a.b.x.2.3.4.5", "$JS.ACK.a.b.1.-2.3.4.5",
        "$JS.ACK.a.b.1.9223372036854775808.3.4.5", "$JS.ACK.a.b.1.2.18446744073709551616.4.5",
        "$JS.ACK.a.b.1.2.3.4.", "$JS.ACK.a.b.1.2 .3.4.5"}) {
    BOOST_TEST_CONTEXT(reply) { BOOST_TEST(delivery_with(reply).error().reason() == "nats.bad_answer"); }
  }
}
