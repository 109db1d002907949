#define BOOST_TEST_MODULE remote_services
#include <boost/test/unit_test.hpp>

#include "banyan/json/parse.hpp"
#include "services.hpp"

using namespace banyan;
using namespace banyan::remote;

namespace {

struct Shown {
  Shown() : services("orders", "id-1", "1.2.3", Timestamp{}) {
    place_order = services.add("orders.place_order.v1", "rpc.orders.place_order.v1");
  }

  /// The text, or the number, at a path such as {"endpoints", "name"}; of arrays the first element.
  static json::Value at(const std::string& text, std::initializer_list<std::string_view> path) {
    const auto document = json::parse(text);
    BOOST_REQUIRE(document.ok());
    const json::Value* value = &document.value();
    for (const std::string_view name : path) {
      if (const auto* elements = value->if_a<json::Array>()) value = &elements->at(0);
      value = value->find(name);
      BOOST_REQUIRE(value != nullptr);
    }
    return *value;
  }
  static std::string text(const std::string& answer, std::initializer_list<std::string_view> path) {
    return *at(answer, path).if_a<std::string>();
  }
  static std::int64_t number(const std::string& answer, std::initializer_list<std::string_view> path) {
    return *at(answer, path).if_a<std::int64_t>();
  }

  Services services;
  std::shared_ptr<OperationStats> place_order;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_module_as_a_nats_service, Shown)

BOOST_AUTO_TEST_CASE(answers_a_ping) {
  BOOST_TEST(services.ping() ==
             R"({"type":"io.nats.micro.v1.ping_response","name":"orders","id":"id-1","version":"1.2.3",)"
             R"("metadata":{}})");
}

BOOST_AUTO_TEST_CASE(tells_which_store_it_has) {
  const Services here{"orders", "id-1", "1.2.3", Timestamp{}, {{"data_folder", "/srv/shop"}, {"log", "7"}}};
  for (const std::string& answer : {here.ping(), here.info(), here.stats()}) {
    BOOST_TEST(text(answer, {"metadata", "data_folder"}) == "/srv/shop");
    BOOST_TEST(text(answer, {"metadata", "log"}) == "7");
  }
}

BOOST_AUTO_TEST_CASE(tells_its_operations) {
  const std::string info = services.info();
  BOOST_TEST(text(info, {"type"}) == "io.nats.micro.v1.info_response");
  BOOST_TEST(text(info, {"endpoints", "name"}) == "orders_place_order_v1");
  BOOST_TEST(text(info, {"endpoints", "subject"}) == "rpc.orders.place_order.v1");
  BOOST_TEST(text(info, {"endpoints", "queue_group"}) == "orders");
}

BOOST_AUTO_TEST_CASE(counts_what_it_has_done_in_nanoseconds) {
  const Error full{Errc::rejected, "orders.too_large"};
  place_order->answered(std::chrono::milliseconds{3}, nullptr);
  place_order->answered(std::chrono::milliseconds{1}, &full);
  const std::string stats = services.stats();
  BOOST_TEST(text(stats, {"type"}) == "io.nats.micro.v1.stats_response");
  BOOST_TEST(text(stats, {"started"}) == "1970-01-01T00:00:00.000000Z");
  BOOST_TEST(number(stats, {"endpoints", "num_requests"}) == 2);
  BOOST_TEST(number(stats, {"endpoints", "num_errors"}) == 1);
  BOOST_TEST(number(stats, {"endpoints", "processing_time"}) == 4'000'000);
  BOOST_TEST(number(stats, {"endpoints", "average_processing_time"}) == 2'000'000);
  BOOST_TEST(text(stats, {"endpoints", "last_error"}) == "orders.too_large");
}

BOOST_AUTO_TEST_SUITE_END()
