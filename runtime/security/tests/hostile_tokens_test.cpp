#define BOOST_TEST_MODULE security_hostile_tokens
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <functional>
#include <map>

#include "banyan/security/token_verifier.hpp"
#include "banyan/testing/manual_clock.hpp"
#include "banyan/testing/temporary_directory.hpp"
#include "forge.hpp"

using namespace banyan;
using namespace banyan::security;

namespace {

constexpr std::int64_t now_s = 1'767'225'600;  // where ManualClock stands

std::string number(std::int64_t value) { return std::to_string(value); }

struct Fixture {
  testing::ManualClock clock;
  testing::TemporaryDirectory disk;
  Jwk orders = make_jwk();
  Jwk payments = make_jwk();
  std::unique_ptr<TokenVerifier> verifier;

  Fixture() {
    orders.id = "orders-1";
    payments.id = "payments-1";
    std::ofstream{disk.path() + "/orders.json"} << to_public_json({orders});
    std::ofstream{disk.path() + "/payments.json"} << to_public_json({payments});
    auto made = TokenVerifier::open({.audience = "inventory", .key_folder = disk.path()}, clock);
    BOOST_REQUIRE(made.ok());
    verifier = std::move(made).value();
  }

  const std::string header = R"({"alg":"ES256","typ":"at+jwt","kid":"orders-1"})";

  /// Good claims, but for those that are given; an empty one is left out.
  std::string claims(const std::map<std::string, std::string>& changed = {}) const {
    std::map<std::string, std::string> all{{"iss", R"("orders")"},    {"sub", R"("orders")"},
                                           {"aud", R"("inventory")"}, {"iat", number(now_s)},
                                           {"nbf", number(now_s)},    {"exp", number(now_s + 900)},
                                           {"jti", R"("1")"}};
    for (const auto& [name, value] : changed) all[name] = value;
    std::string text;
    for (const auto& [name, value] : all) {
      if (value.empty()) continue;
      text += (text.empty() ? "{" : ",") + ("\"" + name + "\":") + value;
    }
    return text + "}";
  }

  std::string good() const { return forge::token(orders, header, claims()); }
  std::string with_header(std::string_view text) const { return forge::token(orders, text, claims()); }
  std::string with_claims(const std::map<std::string, std::string>& changed) const {
    return forge::token(orders, header, claims(changed));
  }
  std::string with_signature(std::string_view bytes) const {
    return forge::unsigned_part(header, claims()) + "." + to_base64url(bytes);
  }
  std::string with_key_id(const std::string& json_string) const {
    return with_header(R"({"alg":"ES256","typ":"at+jwt","kid":)" + json_string + "}");
  }
  /// The header with one more member.
  std::string with_member(const std::string& member) const {
    return with_header(R"({"alg":"ES256","typ":"at+jwt","kid":"orders-1",)" + member + "}");
  }

  void check_all(const std::map<std::string, std::string>& tokens) {
    for (const auto& [what, text] : tokens) {
      BOOST_TEST_CONTEXT(what) {
        const auto caller = verifier->verify(text);
        BOOST_TEST(!caller.ok());
        if (!caller.ok()) BOOST_TEST((caller.error() == Error{Errc::rejected, "security.unauthenticated"}));
      }
    }
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(refuses, Fixture)

BOOST_AUTO_TEST_CASE(nothing_of_the_token_that_all_others_are_made_from) {
  BOOST_TEST(verifier->verify(good()).ok());
  BOOST_TEST(verifier->verify(with_claims({{"scope", R"("unknown claims are no harm")"}})).ok());
}

BOOST_AUTO_TEST_CASE(tokens_of_another_form) {
  const std::string text = good();
  const std::string open = forge::unsigned_part(header, claims());
  check_all({{"nothing", ""},
             {"one dot", "."},
             {"two dots", ".."},
             {"one part", to_base64url(header)},
             {"no signature", open},
             {"an empty signature", open + "."},
             {"a fourth part", text + ".AAAA"},
             {"a dot at the end", text + "."},
             {"a dot at the start", "." + text},
             {"no header", text.substr(text.find('.'))},
             {"no claims", to_base64url(header) + ".." + text.substr(text.rfind('.') + 1)},
             {"an encrypted token's five parts", text + ".AAAA.AAAA"},
             {"the JSON serialisation", R"({"protected":"e30","payload":"e30","signature":""})"},
             {"a scheme before it", "Bearer " + text},
             {"space before it", " " + text},
             {"space after it", text + " "},
             {"a line end after it", text + "\n"},
             {"a zero byte in it", text.substr(0, 10) + std::string(1, '\0') + text.substr(10)},
             {"a zero byte after it", text + std::string(1, '\0')},
             {"more than 8 KiB", with_claims({{"jti", '"' + std::string(8000, 'x') + '"'}})},
             {"a megabyte of dots", std::string(1 << 20, '.')},
             {"a megabyte of A", std::string(1 << 20, 'A')}});
}

BOOST_AUTO_TEST_CASE(encodings_that_are_not_canonical) {
  std::string trailing = good();  // 64 bytes leave four bits of the last character unused
  trailing.back() = static_cast<char>(trailing.back() + 1);
  std::string standard = good();
  standard.replace(standard.find('.') + 1, 2, "+/");
  check_all({{"padding of the signature", good() + "=="},
             {"padding of the header", forge::token(orders, header, claims()).insert(good().find('.'), "=")},
             {"bits behind the end", trailing},
             {"the standard alphabet", standard},
             {"a space inside", good().insert(20, " ")},
             {"a line end inside", good().insert(20, "\r\n")},
             {"padding inside", good().insert(good().find('.') + 3, "=")},
             {"a signature of nothing but padding", good().substr(0, good().rfind('.') + 1) + "===="},
             {"percent-encoding", good().replace(good().find('.'), 1, "%2E")}});
}

BOOST_AUTO_TEST_CASE(other_algorithms) {
  const std::string none = R"({"alg":"none","typ":"at+jwt","kid":"orders-1"})";
  const std::string hmac = R"({"alg":"HS256","typ":"at+jwt","kid":"orders-1"})";
  const std::string mac_text = forge::unsigned_part(hmac, claims());
  const std::string x = *from_base64url(orders.x);
  check_all(
      {{"none, unsigned", forge::unsigned_part(none, claims()) + "."},
       {"none, signed", with_header(none)},
       {"None", with_header(R"({"alg":"None","typ":"at+jwt","kid":"orders-1"})")},
       {"NONE", with_header(R"({"alg":"NONE","typ":"at+jwt","kid":"orders-1"})")},
       {"HMAC with the public file as its secret",
        mac_text + "." + to_base64url(forge::hs256(to_public_json({orders}), mac_text))},
       {"HMAC with x as its secret", mac_text + "." + to_base64url(forge::hs256(x, mac_text))},
       {"HMAC, twice as long",
        mac_text + "." + to_base64url(forge::hs256(x, mac_text) + forge::hs256(x, mac_text))},
       {"RS256", with_header(R"({"alg":"RS256","typ":"at+jwt","kid":"orders-1"})")},
       {"ES384", with_header(R"({"alg":"ES384","typ":"at+jwt","kid":"orders-1"})")},
       {"ES256K", with_header(R"({"alg":"ES256K","typ":"at+jwt","kid":"orders-1"})")},
       {"EdDSA", with_header(R"({"alg":"EdDSA","typ":"at+jwt","kid":"orders-1"})")},
       {"lower case", with_header(R"({"alg":"es256","typ":"at+jwt","kid":"orders-1"})")},
       {"a list", with_header(R"({"alg":["ES256"],"typ":"at+jwt","kid":"orders-1"})")},
       {"null", with_header(R"({"alg":null,"typ":"at+jwt","kid":"orders-1"})")},
       {"none at all", with_header(R"({"typ":"at+jwt","kid":"orders-1"})")},
       {"two of them", with_header(R"({"alg":"none","alg":"ES256","typ":"at+jwt","kid":"orders-1"})")}});
}

BOOST_AUTO_TEST_CASE(headers_that_want_something_else) {
  check_all({{"crit", with_member(R"("crit":["exp"])")},
             {"crit, empty", with_member(R"("crit":[])")},
             {"b64", with_member(R"("b64":false)")},
             {"crit b64", with_member(R"("crit":["b64"],"b64":false)")},
             {"jku", with_member(R"("jku":"https://evil.example/keys")")},
             {"x5u", with_member(R"("x5u":"file:///etc/passwd")")},
             {"x5c", with_member(R"("x5c":["MIIB"])")},
             {"jwk", with_member(R"("jwk":)" + to_private_json(payments))},
             {"cty", with_member(R"("cty":"JWT")")},
             {"zip", with_member(R"("zip":"DEF")")},
             {"typ JWT", with_header(R"({"alg":"ES256","typ":"JWT","kid":"orders-1"})")},
             {"typ in capitals", with_header(R"({"alg":"ES256","typ":"AT+JWT","kid":"orders-1"})")},
             {"no typ", with_header(R"({"alg":"ES256","kid":"orders-1","a":1})")},
             {"a list", with_header(R"(["ES256","at+jwt","orders-1"])")},
             {"text", with_header(R"("ES256")")},
             {"null", with_header("null")},
             {"not JSON", with_header("{alg:ES256}")},
             {"a comment", with_header(header + "//")},
             {"two objects", with_header(header + header)},
             {"a byte order mark", with_header("\xEF\xBB\xBF" + header)},
             {"not UTF-8", with_member("\"a\":\"\xFF\"")},
             {"nested deeply", with_member("\"a\":" + std::string(1000, '[') + std::string(1000, ']'))}});
}

BOOST_AUTO_TEST_CASE(key_ids_that_name_no_key) {
  check_all({{"unknown", with_key_id(R"("orders-2")")},
             {"a path", with_key_id(R"("../../dev/null")")},
             {"SQL", with_key_id(R"("' OR 1=1 --")")},
             {"a zero", with_key_id("\"orders-1\\u0000\"")},
             {"a command", with_key_id(R"-("$(reboot)")-")},
             {"a line end", with_key_id(R"("orders-1\n")")},
             {"empty", with_key_id(R"("")")},
             {"65 characters", with_key_id('"' + std::string(65, 'a') + '"')},
             {"a number", with_key_id("1")},
             {"null", with_key_id("null")},
             {"an object", with_key_id(R"({"kid":"orders-1"})")},
             {"none", with_header(R"({"alg":"ES256","typ":"at+jwt","a":1})")},
             {"other letters that look alike", with_key_id(R"("\u043Erders-1")")}});
}

BOOST_AUTO_TEST_CASE(signatures_that_are_not_the_keys) {
  const std::string right = forge::es256(orders, forge::unsigned_part(header, claims()));
  const std::string order = *from_base64url("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE");  // n of P-256
  const std::string zero(32, '\0');
  std::string bad = right;
  bad[40] = static_cast<char>(bad[40] ^ 1);
  check_all({{"another account's", forge::token(payments, header, claims())},
             {"one bit wrong", with_signature(bad)},
             {"r and s zero", with_signature(zero + zero)},
             {"r zero", with_signature(zero + right.substr(32))},
             {"s zero", with_signature(right.substr(0, 32) + zero)},
             {"r and s the group's order", with_signature(order + order)},
             {"all ones", with_signature(std::string(64, '\xFF'))},
             {"63 bytes", with_signature(right.substr(0, 63))},
             {"65 bytes", with_signature(right + '\0')},
             {"DER", with_signature("\x30\x06\x02\x01\x01\x02\x01\x01")},
             {"r and s exchanged", with_signature(right.substr(32) + right.substr(0, 32))},
             {"of other claims",
              forge::unsigned_part(header, claims({{"aud", R"("shipping")"}})) + "." + to_base64url(right)}});
}

BOOST_AUTO_TEST_CASE(claims_about_others) {
  check_all(
      {{"iss another account", with_claims({{"iss", R"("payments")"}})},
       {"iss and sub another account", with_claims({{"iss", R"("payments")"}, {"sub", R"("payments")"}})},
       {"sub another account", with_claims({{"sub", R"("payments")"}})},
       {"aud another module", with_claims({{"aud", R"("shipping")"}})},
       {"aud a list", with_claims({{"aud", R"(["inventory"])"}})},
       {"aud a list with others", with_claims({{"aud", R"(["inventory","shipping"])"}})},
       {"aud a prefix", with_claims({{"aud", R"("inventory ")"}})},
       {"aud in capitals", with_claims({{"aud", R"("INVENTORY")"}})},
       {"aud everybody", with_claims({{"aud", R"("*")"}})},
       {"no iss", with_claims({{"iss", ""}})},
       {"no sub", with_claims({{"sub", ""}})},
       {"no aud", with_claims({{"aud", ""}})},
       {"no jti", with_claims({{"jti", ""}})},
       {"jti empty", with_claims({{"jti", R"("")"}})},
       {"iss a number", with_claims({{"iss", "1"}})},
       {"two aud", forge::token(orders, header, R"({"aud":"shipping",)" + claims().substr(1))},
       {"no claims", forge::token(orders, header, "{}")},
       {"a list", forge::token(orders, header, "[]")},
       {"text", forge::token(orders, header, R"("orders")")},
       {"empty", forge::token(orders, header, "")},
       {"not JSON", forge::token(orders, header, "{")}});
}

BOOST_AUTO_TEST_CASE(claims_about_time) {
  check_all({{"no exp", with_claims({{"exp", ""}})},
             {"no nbf", with_claims({{"nbf", ""}})},
             {"no iat", with_claims({{"iat", ""}})},
             {"exp past",
              with_claims(
                  {{"iat", number(now_s - 930)}, {"nbf", number(now_s - 930)}, {"exp", number(now_s - 30)}})},
             {"nbf ahead", with_claims({{"nbf", number(now_s + 31)}})},
             {"iat ahead", with_claims({{"iat", number(now_s + 31)}})},
             {"lives for more than 15 min", with_claims({{"exp", number(now_s + 901)}})},
             {"lives for ever", with_claims({{"exp", "9223372036854775807"}})},
             {"exp beyond 64 bits", with_claims({{"exp", "9223372036854775808"}})},
             {"exp text", with_claims({{"exp", '"' + number(now_s + 900) + '"'}})},
             {"exp a fraction", with_claims({{"exp", number(now_s + 900) + ".0"}})},
             {"exp with an exponent", with_claims({{"exp", "1.7672265e9"}})},
             {"exp infinite", with_claims({{"exp", "1e999"}})},
             {"exp negative", with_claims({{"exp", "-1"}})},
             {"exp null", with_claims({{"exp", "null"}})},
             {"exp true", with_claims({{"exp", "true"}})},
             {"exp before iat", with_claims({{"exp", number(now_s - 1)}})},
             {"iat in the beginning", with_claims({{"iat", "0"}})},
             {"iat the smallest number", with_claims({{"iat", "-9223372036854775808"}})}});
}

BOOST_AUTO_TEST_SUITE_END()
