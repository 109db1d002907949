#define BOOST_TEST_MODULE http_networks
#include "banyan/http/networks.hpp"

#include <boost/test/unit_test.hpp>

using banyan::http::Networks;

BOOST_AUTO_TEST_CASE(a_network_has_the_addresses_that_begin_like_it) {
  const auto networks = Networks::parse({"10.0.0.0/8", "192.168.4.0/23", "fd00::/9"});

  BOOST_REQUIRE(networks.ok());
  for (const char* address : {"10.0.0.0", "10.255.255.255", "192.168.5.255", "fd7f::1"}) {
    BOOST_TEST(networks.value().contains(address), address);
  }
  for (const char* address : {"9.255.255.255", "11.0.0.0", "192.168.6.0", "192.168.3.255", "fd80::", "::1"}) {
    BOOST_TEST(!networks.value().contains(address), address);
  }
}

BOOST_AUTO_TEST_CASE(an_address_alone_is_a_network_of_one) {
  const auto networks = Networks::parse({"10.1.2.3", "fd00::1"});

  BOOST_REQUIRE(networks.ok());
  BOOST_TEST(networks.value().contains("10.1.2.3"));
  BOOST_TEST(networks.value().contains("fd00::1"));
  BOOST_TEST(!networks.value().contains("10.1.2.2"));
  BOOST_TEST(!networks.value().contains("fd00::2"));
}

BOOST_AUTO_TEST_CASE(an_ipv4_address_is_the_ipv6_address_that_stands_for_it) {
  BOOST_TEST(Networks::parse({"10.0.0.0/8"}).value().contains("::ffff:10.1.2.3"));
  BOOST_TEST(!Networks::parse({"10.0.0.0/8"}).value().contains("::ffff:11.1.2.3"));
  BOOST_TEST(Networks::parse({"::ffff:10.0.0.0/104"}).value().contains("10.1.2.3"));
}

BOOST_AUTO_TEST_CASE(a_prefix_of_nothing_has_every_address_of_its_kind) {
  BOOST_TEST(Networks::parse({"0.0.0.0/0"}).value().contains("203.0.113.7"));
  BOOST_TEST(!Networks::parse({"0.0.0.0/0"}).value().contains("fd00::1"));
  BOOST_TEST(Networks::parse({"::/0"}).value().contains("203.0.113.7"));
}

BOOST_AUTO_TEST_CASE(no_network_has_no_address_and_no_network_has_what_is_no_address) {
  BOOST_TEST(!Networks{}.contains("127.0.0.1"));
  for (const char* text : {"", "localhost", "127.0.0.1:80", "127.0.0", "[::1]"}) {
    BOOST_TEST(!Networks::loopback().contains(text), text);
  }
}

BOOST_AUTO_TEST_CASE(loopback_is_this_machine) {
  for (const char* address : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"}) {
    BOOST_TEST(Networks::loopback().contains(address), address);
  }
  for (const char* address : {"128.0.0.1", "::2", "0.0.0.0"}) {
    BOOST_TEST(!Networks::loopback().contains(address), address);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_network_is_refused_by_its_text) {
  for (const char* text : {"", "example.org", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.1/8", "fd00::1/8",
                           "10.0.0.0/", "fd00::/129", "10.0.0/8", "10.0.0.0/8/8"}) {
    const auto networks = Networks::parse({"127.0.0.1", text});
    BOOST_TEST_CONTEXT(text) {
      BOOST_REQUIRE(!networks.ok());
      BOOST_TEST(networks.error().reason() == "http.bad_network");
      BOOST_TEST(networks.error().detail().find(std::string{"'"} + text + "'") != std::string::npos);
    }
  }
}
