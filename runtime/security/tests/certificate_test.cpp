#define BOOST_TEST_MODULE security_certificate
#include "banyan/security/certificate.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>

#include "banyan/testing/manual_clock.hpp"
#include "x509.hpp"

using namespace banyan;
using namespace banyan::security;
using namespace std::chrono_literals;

namespace {

constexpr Duration day = 24h;
const Timestamp now = testing::ManualClock{}.utc();

const Credentials& authority() {
  static const Credentials one = make_authority(now, 10 * day).value();
  return one;
}

Credentials issued(std::string_view name) { return issue(authority(), name, now, day).value(); }

std::string reason_of(const Result<Certificate>& result) {
  return result.ok() ? "good" : result.error().reason();
}

std::string verdict(const Credentials& credentials, std::string_view name, Timestamp when = now) {
  return reason_of(check(credentials, authority().certificate, name, when));
}

/// A certificate that an authority without our rules could sign: any extensions, by the key of ours.
Credentials signed_without_rules(const std::string& names, const std::string& usage) {
  const X509Certificate issuer = read_certificate(authority().certificate);
  const Key signer = read_key(authority().key);
  const Key key{must(EVP_EC_gen("P-256"))};
  const X509Certificate certificate{must(X509_new())};
  must(X509_set_version(certificate.get(), X509_VERSION_3));
  must(ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1));
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  must(ASN1_TIME_set(X509_getm_notBefore(certificate.get()), seconds));
  must(ASN1_TIME_set(X509_getm_notAfter(certificate.get()), seconds + 3600));
  must(X509_set_pubkey(certificate.get(), key.get()));
  must(X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.get())));
  must(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>("orders"), -1, -1, 0));
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer.get(), certificate.get(), nullptr, nullptr, 0);
  for (const auto& [nid, value] : {std::pair{NID_subject_alt_name, names}, {NID_ext_key_usage, usage}}) {
    if (value.empty()) continue;
    const std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>> extension{
        must(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()))};
    must(X509_add_ext(certificate.get(), extension.get(), -1));
  }
  must(X509_sign(certificate.get(), signer.get(), EVP_sha256()));
  return {to_pem(*certificate), to_pem(*key)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(names)

BOOST_AUTO_TEST_CASE(are_a_single_label_of_lower_case) {
  for (const auto* name :
       {"orders", "a", "nats-1", "2fa", "x0123456789012345678901234567890123456789012345x"}) {
    BOOST_TEST_CONTEXT(name) { BOOST_TEST(check_name(name).ok()); }
  }
}

BOOST_AUTO_TEST_CASE(are_refused_with_anything_else) {
  for (const auto* name :
       {"", "-orders", "orders-", "Orders", "orders.banyan.internal", "orders.example.com", "orders_eu", "*",
        "CN=orders", "O=shop,CN=orders", "orders,admin", "orders admin", "orders\n", "DNS:orders", "örders",
        "x01234567890123456789012345678901234567890123456x"}) {
    BOOST_TEST_CONTEXT(name) {
      BOOST_REQUIRE(!check_name(name).ok());
      BOOST_TEST(check_name(name).error().reason() == "security.bad_name");
      BOOST_TEST(reason_of([&]() -> Result<Certificate> {
                   const auto made = issue(authority(), name, now, day);
                   return made.ok() ? describe(made.value().certificate) : made.error();
                 }()) == "security.bad_name");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(an_issued_certificate)

BOOST_AUTO_TEST_CASE(is_for_its_one_name) {
  const Result<Certificate> facts = check(issued("orders"), authority().certificate, "orders", now);
  BOOST_REQUIRE(facts.ok());
  BOOST_TEST(facts.value().name == "orders");
  BOOST_TEST((facts.value().uses == Uses{.client = true}));
  BOOST_TEST((facts.value().not_before == now - 5min));
  BOOST_TEST((facts.value().not_after == now + day));
  BOOST_TEST(verdict(issued("orders"), "payments") == "security.wrong_identity");
}

BOOST_AUTO_TEST_CASE(is_for_what_its_holder_does) {
  BOOST_TEST((describe(issued("nats").certificate).value().uses == Uses{.server = true}));
  BOOST_TEST((describe(issued("nats-2").certificate).value().uses == Uses{.client = true, .server = true}));
  BOOST_TEST(verdict(issued("nats"), "nats") == "good");
}

BOOST_AUTO_TEST_CASE(has_a_key_and_a_serial_of_its_own) {
  const Credentials one = issued("orders");
  const Credentials other = issued("orders");
  BOOST_TEST(one.key.reveal() != other.key.reveal());
  BOOST_TEST(describe(one.certificate).value().serial != describe(other.certificate).value().serial);
}

BOOST_AUTO_TEST_CASE(ends_when_it_was_said) {
  const Credentials credentials = issued("orders");
  BOOST_TEST(verdict(credentials, "orders", now + day - 1s) == "good");
  BOOST_TEST(verdict(credentials, "orders", now + day) == "security.expired");
  BOOST_TEST(verdict(credentials, "orders", now - 6min) == "security.expired");
}

BOOST_AUTO_TEST_CASE(is_due_for_the_last_third_of_its_life) {
  Certificate facts;
  facts.not_before = now;
  facts.not_after = now + 3h;
  BOOST_TEST(!facts.is_due(now + 2h - 1us));
  BOOST_TEST(facts.is_due(now + 2h));
}

BOOST_AUTO_TEST_CASE(never_outlives_its_authority) {
  const auto refused = issue(authority(), "orders", now, 11 * day);
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST(refused.error().reason() == "security.outlives_authority");
}

BOOST_AUTO_TEST_CASE(lives_for_some_time) {
  BOOST_TEST(issue(authority(), "orders", now, 0s).error().reason() == "security.bad_life");
  BOOST_TEST(make_authority(now, -1s).error().reason() == "security.bad_life");
  BOOST_TEST(make_authority(now, life_max + 1us).error().reason() == "security.bad_life");
  BOOST_TEST(make_authority(now, Duration::max()).error().reason() == "security.bad_life");
  BOOST_TEST(make_authority(now, life_max).ok());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(checking)

BOOST_AUTO_TEST_CASE(refuses_what_is_not_for_exactly_one_name_of_ours) {
  for (const auto* names :
       {"DNS:orders.banyan.internal,DNS:admin.banyan.internal", "DNS:evil.example.com",
        "DNS:orders.banyan.internal,URI:spiffe://banyan/orders", "DNS:*.banyan.internal",
        "DNS:a.orders.banyan.internal", "DNS:banyan.internal", "DNS:orders.banyan.internal.example.com",
        "DNS:Orders.banyan.internal", "email:orders@banyan.internal", "IP:127.0.0.1",
        "URI:spiffe://banyan.internal/orders", ""}) {
    BOOST_TEST_CONTEXT(names) {
      BOOST_TEST(verdict(signed_without_rules(names, "clientAuth"), "orders") == "security.wrong_identity");
    }
  }
}

BOOST_AUTO_TEST_CASE(refuses_other_uses) {
  for (const auto* usage : {"serverAuth", "clientAuth,serverAuth", "codeSigning", ""}) {
    BOOST_TEST_CONTEXT(usage) {
      BOOST_TEST(verdict(signed_without_rules("DNS:orders.banyan.internal", usage), "orders") ==
                 "security.wrong_use");
    }
  }
  BOOST_TEST(verdict(signed_without_rules("DNS:orders.banyan.internal", "clientAuth"), "orders") == "good");
}

BOOST_AUTO_TEST_CASE(refuses_the_key_of_another_certificate) {
  BOOST_TEST(verdict({issued("orders").certificate, issued("orders").key}, "orders") == "security.wrong_key");
}

BOOST_AUTO_TEST_CASE(refuses_the_certificates_of_another_authority) {
  const Credentials rogue = make_authority(now, day).value();
  BOOST_TEST(verdict(issue(rogue, "orders", now, 1h).value(), "orders") == "security.untrusted");
}

BOOST_AUTO_TEST_CASE(takes_any_of_several_authorities) {
  const Credentials next = make_authority(now, day).value();
  const std::string both = next.certificate + authority().certificate;
  BOOST_TEST(check(issued("orders"), both, "orders", now).ok());
  BOOST_TEST(check(issue(next, "orders", now, 1h).value(), both, "orders", now).ok());
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_pem) {
  const Credentials good = issued("orders");
  std::string broken = good.certificate;
  broken[60] = broken[60] == 'A' ? 'B' : 'A';
  for (const std::string& text : {std::string{}, std::string{"hello"}, good.certificate.substr(0, 200),
                                  std::string{"-----BEGIN CERTIFICATE-----\n"}, good.key.reveal(), broken}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(verdict({text, good.key}, "orders") != "good"); }
  }
  BOOST_TEST(verdict({good.certificate, Secret{"hello"}}, "orders") == "security.bad_certificate");
  BOOST_TEST(reason_of(check(good, "hello", "orders", now)) == "security.bad_certificate");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(an_authority)

BOOST_AUTO_TEST_CASE(is_no_process) {
  BOOST_TEST(check_authority(authority(), now).ok());
  BOOST_TEST(verdict(authority(), "orders") == "security.wrong_identity");
  BOOST_TEST(reason_of(check_authority(issued("orders"), now)) == "security.bad_certificate");
}

BOOST_AUTO_TEST_CASE(issues_nothing_after_its_end) {
  const auto refused = issue(authority(), "orders", now + 10 * day, 1h);
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST(refused.error().reason() == "security.expired");
}

BOOST_AUTO_TEST_CASE(needs_its_own_key) {
  const Credentials other = make_authority(now, day).value();
  BOOST_TEST(issue({authority().certificate, other.key}, "orders", now, 1h).error().reason() ==
             "security.wrong_key");
}

BOOST_AUTO_TEST_SUITE_END()
