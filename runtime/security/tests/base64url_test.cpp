#define BOOST_TEST_MODULE security_base64url
#include "base64url.hpp"

#include <boost/test/unit_test.hpp>

using namespace banyan::security;

BOOST_AUTO_TEST_CASE(what_is_written_is_read_again) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    BOOST_TEST((from_base64url(to_base64url(bytes)) == std::optional{bytes}));
    bytes += static_cast<char>(i * 7);
  }
}

BOOST_AUTO_TEST_CASE(the_alphabet_is_that_of_urls) {
  BOOST_TEST((from_base64url("-_-_") == std::optional<std::string>{"\xFB\xFF\xBF"}));
  BOOST_TEST((from_base64url("") == std::optional<std::string>{""}));
}

BOOST_AUTO_TEST_CASE(each_byte_beside_the_alphabet_is_refused) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (int byte = 0; byte < 256; ++byte) {
    for (std::size_t at = 0; at < 4; ++at) {
      std::string text = "AAAA";
      text[at] = static_cast<char>(byte);
      const bool is_digit = digits.find(text[at]) != std::string_view::npos;
      BOOST_TEST_CONTEXT("byte " << byte << " at " << at) {
        BOOST_TEST(from_base64url(text).has_value() == is_digit);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(what_to_base64url_would_not_have_written_is_refused) {
  for (const auto* text :
       {"A", "AAAAA", "AB", "AAB", "AA==", "AAA=", "A===", "====", "=", "AA=A", "AAAA=", " AAAA", "AAAA\n"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(!from_base64url(text)); }
  }
}
