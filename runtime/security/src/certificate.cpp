#include "banyan/security/certificate.hpp"

#include <algorithm>
#include <chrono>

#include "x509.hpp"

namespace banyan::security {
namespace {

constexpr std::size_t name_max = 48;  // The common name is the DNS name, and holds 64.

using Names = std::unique_ptr<GENERAL_NAMES, Deleter<GENERAL_NAMES_free>>;
using Store = std::unique_ptr<X509_STORE, Deleter<X509_STORE_free>>;
using Verification = std::unique_ptr<X509_STORE_CTX, Deleter<X509_STORE_CTX_free>>;

bool is_name_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

Error unreadable(std::string detail) {
  return {Errc::invalid_argument, "security.bad_certificate", std::move(detail)};
}

/// The name below identity_domain, if that is all that the certificate is for; else empty.
std::string name_in(X509& certificate) {
  const Names names{
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr))};
  if (names == nullptr || sk_GENERAL_NAME_num(names.get()) != 1) return "";
  const GENERAL_NAME& only = *sk_GENERAL_NAME_value(names.get(), 0);
  if (only.type != GEN_DNS) return "";
  const auto* bytes = reinterpret_cast<const char*>(ASN1_STRING_get0_data(only.d.dNSName));
  const std::string dns{bytes, static_cast<std::size_t>(ASN1_STRING_length(only.d.dNSName))};
  const std::string tail = "." + std::string{identity_domain};
  if (!dns.ends_with(tail)) return "";
  const std::string name = dns.substr(0, dns.size() - tail.size());
  return check_name(name).ok() ? name : "";
}

std::string serial_of(X509& certificate) {
  const std::unique_ptr<BIGNUM, Deleter<BN_free>> number{
      must(ASN1_INTEGER_to_BN(X509_get0_serialNumber(&certificate), nullptr))};
  char* text = must(BN_bn2hex(number.get()));
  std::string out{text};
  OPENSSL_free(text);
  return out;
}

Certificate facts_of(X509& certificate) {
  const std::uint32_t uses = X509_get_extended_key_usage(&certificate);
  const bool is_said = uses != UINT32_MAX;  // Without the extension it would be good for everything.
  return {.name = name_in(certificate),
          .uses = {.client = is_said && (uses & XKU_SSL_CLIENT) != 0,
                   .server = is_said && (uses & XKU_SSL_SERVER) != 0},
          .serial = serial_of(certificate),
          .not_before = to_timestamp(*must(X509_get0_notBefore(&certificate))),
          .not_after = to_timestamp(*must(X509_get0_notAfter(&certificate)))};
}

Status check_key(X509& certificate, const Secret& pem) {
  const Key key = read_key(pem);
  if (X509_check_private_key(&certificate, key.get()) == 1) return success();
  take_openssl_error();
  return Error{Errc::rejected, "security.wrong_key", "the private key is of another certificate"};
}

Error expired(std::string detail) { return {Errc::rejected, "security.expired", std::move(detail)}; }

Status check_time(const Certificate& facts, Timestamp now) {
  if (now >= facts.not_after) return expired("it ended at " + to_rfc3339(facts.not_after));
  if (now < facts.not_before) return expired("it begins at " + to_rfc3339(facts.not_before));
  return success();
}

Status check_chain(X509& certificate, std::string_view authorities, Timestamp now) {
  const Store store{must(X509_STORE_new())};
  for (const X509Certificate& authority : read_certificates(authorities)) {
    must(X509_STORE_add_cert(store.get(), authority.get()));
  }
  const Verification verification{must(X509_STORE_CTX_new())};
  must(X509_STORE_CTX_init(verification.get(), store.get(), &certificate, nullptr));
  X509_STORE_CTX_set_time(verification.get(), 0,
                          std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
  if (X509_verify_cert(verification.get()) == 1) return success();
  const int why = X509_STORE_CTX_get_error(verification.get());
  if (why == X509_V_ERR_CERT_HAS_EXPIRED || why == X509_V_ERR_CERT_NOT_YET_VALID) {
    return expired("its authority is not valid now");
  }
  return Error{Errc::rejected, "security.untrusted", X509_verify_cert_error_string(why)};
}

Status check_identity(const Certificate& facts, std::string_view name) {
  if (facts.name != name) {
    return Error{Errc::rejected, "security.wrong_identity",
                 facts.name.empty() ? "it is not for exactly one name below " + std::string{identity_domain}
                                    : "it is for " + dns_name(facts.name)};
  }
  if (facts.uses == uses_of(name)) return success();
  return Error{Errc::rejected, "security.wrong_use", "its extended key usage is another"};
}

Result<Certificate> check_all(const Credentials& credentials, std::string_view authorities,
                              std::string_view name, Timestamp now) {
  const X509Certificate certificate = read_certificate(credentials.certificate);
  const Certificate facts = facts_of(*certificate);
  for (const Status& step : {check_identity(facts, name), check_key(*certificate, credentials.key),
                             check_time(facts, now), check_chain(*certificate, authorities, now)}) {
    if (!step.ok()) return step.error();
  }
  return facts;
}

Result<Certificate> check_authority_itself(const Credentials& authority, Timestamp now) {
  const X509Certificate certificate = read_certificate(authority.certificate);
  if (X509_check_ca(certificate.get()) != 1) return unreadable("it is no authority's certificate");
  const Certificate facts = facts_of(*certificate);
  for (const Status& step : {check_key(*certificate, authority.key), check_time(facts, now)}) {
    if (!step.ok()) return step.error();
  }
  return facts;
}

}  // namespace

Status check_name(std::string_view name) {
  const bool is_good = !name.empty() && name.size() <= name_max && name.front() != '-' &&
                       name.back() != '-' && std::all_of(name.begin(), name.end(), is_name_character);
  if (is_good) return success();
  return Error{Errc::invalid_argument, "security.bad_name",
               "a name is up to 48 of a-z, 0-9 and inner hyphens, without a domain"};
}

std::string dns_name(std::string_view name) { return std::string{name} + "." + std::string{identity_domain}; }

Uses uses_of(std::string_view name) noexcept {
  if (name == "nats") return {.server = true};
  return {.client = true, .server = name.starts_with("nats-")};
}

Result<Certificate> check(const Credentials& credentials, std::string_view authorities, std::string_view name,
                          Timestamp now) {
  try {
    return check_all(credentials, authorities, name, now);
  } catch (const OpenSslError& error) {
    return unreadable(error.text);
  }
}

Result<Certificate> describe(std::string_view certificate) {
  try {
    return facts_of(*read_certificate(certificate));
  } catch (const OpenSslError& error) {
    return unreadable(error.text);
  }
}

Result<Certificate> check_authority(const Credentials& authority, Timestamp now) {
  try {
    return check_authority_itself(authority, now);
  } catch (const OpenSslError& error) {
    return unreadable(error.text);
  }
}

}  // namespace banyan::security
