#define BOOST_TEST_MODULE security_fingerprint
#include "banyan/security/fingerprint.hpp"

#include <boost/test/unit_test.hpp>

using banyan::security::fingerprint;

BOOST_AUTO_TEST_CASE(equal_parts_have_equal_fingerprints) {
  BOOST_TEST(fingerprint({"POST", "/v1/orders", "{}"}) == fingerprint({"POST", "/v1/orders", "{}"}));
}

BOOST_AUTO_TEST_CASE(a_changed_part_changes_the_fingerprint) {
  BOOST_TEST(fingerprint({"POST", "/v1/orders", "{}"}) != fingerprint({"POST", "/v1/orders", "{} "}));
}

BOOST_AUTO_TEST_CASE(where_a_part_ends_counts) {
  BOOST_TEST(fingerprint({"ab", "c"}) != fingerprint({"a", "bc"}));
  BOOST_TEST(fingerprint({"abc"}) != fingerprint({"abc", ""}));
  BOOST_TEST(fingerprint({}) != fingerprint({""}));
}

BOOST_AUTO_TEST_CASE(the_order_of_the_parts_counts) {
  BOOST_TEST(fingerprint({"a", "b"}) != fingerprint({"b", "a"}));
}

BOOST_AUTO_TEST_CASE(stored_fingerprints_stay_valid) {
  // hashlib.blake2b(digest_size=32) in Python over the parts, each after its length as 8 bytes, little
  // endian.
  BOOST_TEST(fingerprint({}) == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  BOOST_TEST(fingerprint({"POST", "/v1/orders"}) ==
             "067f18c536587326c279d0e73fc5b0869c12ad70ca681f60d88fa61d9de8f192");
}
