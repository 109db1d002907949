#define BOOST_TEST_MODULE http_places
#include "places.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

using namespace banyan;
using http::Networks;
using http::Places;

namespace {

struct Two {
  std::shared_ptr<Places> places =
      std::make_shared<Places>(2, Networks::parse({"10.0.0.0/8", "fd00::/8"}).value());
  std::vector<Places::Place> kept;

  bool takes(const char* address) {
    auto place = places->take(boost::asio::ip::make_address(address));
    if (place) kept.push_back(*std::move(place));
    return place.has_value();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(each_client_has_two_places, Two)

BOOST_AUTO_TEST_CASE(and_gets_them_back) {
  BOOST_TEST(takes("192.0.2.1"));
  BOOST_TEST(takes("192.0.2.1"));
  BOOST_TEST(!takes("192.0.2.1"));
  BOOST_TEST(takes("192.0.2.2"));
  BOOST_TEST(places->refused() == 1U);
  kept.clear();
  BOOST_TEST(takes("192.0.2.1"));
  BOOST_TEST(takes("192.0.2.1"));
  BOOST_TEST(!takes("192.0.2.1"));
}

BOOST_AUTO_TEST_CASE(whichever_of_the_addresses_of_its_ipv6_network_it_comes_from) {
  BOOST_TEST(takes("2001:db8::1"));
  BOOST_TEST(takes("2001:db8::ffff:1"));
  BOOST_TEST(!takes("2001:db8:0:0:1::"));
  BOOST_TEST(takes("2001:db8:0:1::1"));
}

BOOST_AUTO_TEST_CASE(whichever_way_its_ipv4_address_is_written) {
  BOOST_TEST(takes("192.0.2.1"));
  BOOST_TEST(takes("::ffff:192.0.2.1"));
  BOOST_TEST(!takes("192.0.2.1"));
  BOOST_TEST(takes("::ffff:192.0.2.2"));
}

BOOST_AUTO_TEST_CASE(but_who_is_not_limited_has_more) {
  for (int i = 0; i < 5; ++i) BOOST_TEST((takes("10.1.2.3") && takes("::ffff:10.1.2.3") && takes("fd00::1")));
  BOOST_TEST(places->refused() == 0U);
}

BOOST_AUTO_TEST_CASE(and_gives_them_back_also_when_the_server_has_gone) {
  BOOST_TEST(takes("192.0.2.1"));
  places.reset();
  kept.clear();
}

BOOST_AUTO_TEST_SUITE_END()
