#include <openssl/x509v3.h>

#include <array>
#include <chrono>

#include "banyan/security/certificate.hpp"
#include "x509.hpp"

namespace banyan::security {
namespace {

constexpr Duration grace = std::chrono::minutes{5};

/// For the extensions, in the order in which they are added.
struct Extension {
  int nid;
  std::string value;
};

std::time_t seconds_of(Timestamp time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

/// 127 random bits: positive, and never given twice.
void set_serial(X509& certificate) {
  const std::unique_ptr<BIGNUM, Deleter<BN_free>> number{must(BN_new())};
  must(BN_rand(number.get(), 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY));
  must(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(&certificate)));
}

void set_subject(X509& certificate, const std::string& name) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(name.data());
  must(X509_NAME_add_entry_by_NID(X509_get_subject_name(&certificate), NID_commonName, MBSTRING_UTF8, bytes,
                                  static_cast<int>(name.size()), -1, 0));
}

void add_extensions(X509& certificate, X509& issuer, std::initializer_list<Extension> extensions) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  for (const Extension& extension : extensions) {
    const std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>> made{
        must(X509V3_EXT_conf_nid(nullptr, &context, extension.nid, extension.value.c_str()))};
    must(X509_add_ext(&certificate, made.get(), -1));
  }
}

/// All but issuer, extensions and signature.
X509Certificate begin_certificate(const std::string& subject, EVP_PKEY& key, Timestamp from, Timestamp to) {
  X509Certificate certificate{must(X509_new())};
  must(X509_set_version(certificate.get(), X509_VERSION_3));
  set_serial(*certificate);
  set_subject(*certificate, subject);
  must(ASN1_TIME_set(X509_getm_notBefore(certificate.get()), seconds_of(from)));
  must(ASN1_TIME_set(X509_getm_notAfter(certificate.get()), seconds_of(to)));
  must(X509_set_pubkey(certificate.get(), &key));
  return certificate;
}

Credentials finish(X509& certificate, EVP_PKEY& key, EVP_PKEY& signer) {
  must(X509_sign(&certificate, &signer, EVP_sha256()));
  return {to_pem(certificate), to_pem(key)};
}

Credentials sign_authority(Timestamp now, Duration life) {
  const Key key{must(EVP_EC_gen("P-256"))};
  const auto certificate = begin_certificate("Banyan authority", *key, now - grace, now + life);
  must(X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get())));
  add_extensions(*certificate, *certificate,
                 {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                  {NID_key_usage, "critical,keyCertSign,cRLSign"},
                  {NID_name_constraints, "critical,permitted;DNS:" + std::string{identity_domain}},
                  {NID_subject_key_identifier, "hash"}});
  return finish(*certificate, *key, *key);
}

std::string usage_of(Uses uses) {
  if (uses.client && uses.server) return "clientAuth,serverAuth";
  return uses.client ? "clientAuth" : "serverAuth";
}

Credentials sign_identity(const Credentials& authority, std::string_view name, Timestamp now, Duration life) {
  const X509Certificate issuer = read_certificate(authority.certificate);
  const Key signer = read_key(authority.key);
  const Key key{must(EVP_EC_gen("P-256"))};
  const std::string dns = dns_name(name);
  const auto certificate = begin_certificate(dns, *key, now - grace, now + life);
  must(X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.get())));
  add_extensions(*certificate, *issuer,
                 {{NID_basic_constraints, "critical,CA:FALSE"},
                  {NID_key_usage, "critical,digitalSignature"},
                  {NID_ext_key_usage, usage_of(uses_of(name))},
                  {NID_subject_alt_name, "DNS:" + dns},
                  {NID_subject_key_identifier, "hash"},
                  {NID_authority_key_identifier, "keyid"}});
  return finish(*certificate, *key, *signer);
}

Status check_life(Duration life) {
  if (life > Duration::zero() && life <= life_max) return success();
  return Error{Errc::invalid_argument, "security.bad_life",
               "a certificate has to be good for some time, and for 36500 days at the most"};
}

Error from_openssl(const OpenSslError& error) { return {Errc::internal, "security.openssl", error.text}; }

}  // namespace

Result<Credentials> make_authority(Timestamp now, Duration life) {
  if (const Status good = check_life(life); !good.ok()) return good.error();
  try {
    return sign_authority(now, life);
  } catch (const OpenSslError& error) {
    return from_openssl(error);
  }
}

Result<Credentials> issue(const Credentials& authority, std::string_view name, Timestamp now, Duration life) {
  if (const Status good = check_name(name); !good.ok()) return good.error();
  if (const Status good = check_life(life); !good.ok()) return good.error();
  const Result<Certificate> issuer = check_authority(authority, now);
  if (!issuer.ok()) return issuer.error();
  if (now + life > issuer.value().not_after) {
    return Error{Errc::rejected, "security.outlives_authority",
                 "the authority itself ends at " + to_rfc3339(issuer.value().not_after)};
  }
  try {
    return sign_identity(authority, name, now, life);
  } catch (const OpenSslError& error) {
    return from_openssl(error);
  }
}

}  // namespace banyan::security
