#define BOOST_TEST_MODULE gateway_routes
#include "routes.hpp"

#include <boost/test/unit_test.hpp>

using banyan::gateway::Routes;

namespace {

struct Shop {
  Shop() {
    routes.add("GET", "/orders/{id}", 0);
    routes.add("GET", "/orders/newest", 1);
    routes.add("POST", "/orders", 2);
    routes.add("GET", "/{any}/lines", 3);
    routes.add("GET", "/orders/{id}/lines/{line}", 4);
    routes.add("DELETE", "/orders/{id}", 5);
  }
  int find(std::string_view method, std::string_view path) const {
    const auto match = routes.find(method, path);
    return match ? static_cast<int>(match->index) : -1;
  }
  std::string allowed(std::string_view path) const {
    std::string list;
    for (const std::string& method : routes.methods(path)) list += method + ' ';
    return list;
  }

  Routes routes;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(routes, Shop)

BOOST_AUTO_TEST_CASE(are_found_by_method_and_path) {
  BOOST_TEST(find("GET", "/orders/17") == 0);
  BOOST_TEST(find("DELETE", "/orders/17") == 5);
  BOOST_TEST(find("POST", "/orders") == 2);
  BOOST_TEST(find("POST", "/orders/17") == -1);
}

BOOST_AUTO_TEST_CASE(take_a_literal_segment_before_a_variable_one) {
  BOOST_TEST(find("GET", "/orders/newest") == 1);
  BOOST_TEST(find("GET", "/orders/newest2") == 0);
  BOOST_TEST(find("GET", "/orders/lines") == 0);
  BOOST_TEST(find("GET", "/other/lines") == 3);
}

BOOST_AUTO_TEST_CASE(give_the_values_in_the_order_of_the_path_as_they_are_written) {
  const auto match = routes.find("GET", "/orders/a%20b/lines/2");
  BOOST_REQUIRE(match.has_value());
  BOOST_REQUIRE(match->values.size() == 2U);
  BOOST_TEST(match->values[0] == "a%20b");
  BOOST_TEST(match->values[1] == "2");
}

BOOST_AUTO_TEST_CASE(fit_whole_paths_only) {
  for (const std::string_view path : {"", "/", "*", "/order", "/orders/", "/orders//", "/orders/1/",
                                      "/orders/1/lines", "/orders/1/lines/", "//orders/1", "/Orders/1"}) {
    BOOST_TEST_CONTEXT(path) { BOOST_TEST(find("GET", path) == -1); }
  }
}

BOOST_AUTO_TEST_CASE(know_the_methods_of_a_path_and_head_comes_with_get) {
  BOOST_TEST(allowed("/orders/1") == "DELETE GET HEAD ");
  BOOST_TEST(allowed("/orders") == "POST ");
  BOOST_TEST(allowed("/nothing") == "");
}

BOOST_AUTO_TEST_SUITE_END()
