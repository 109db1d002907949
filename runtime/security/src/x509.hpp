#pragma once
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/base/secret.hpp"

/// OpenSSL's objects with owners. What fails is thrown as OpenSslError and caught where the component ends.
namespace banyan::security {

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

using Bio = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using X509Certificate = std::unique_ptr<X509, Deleter<X509_free>>;

/// The text is OpenSSL's.
struct OpenSslError {
  std::string text;
};

/// The oldest error that OpenSSL has noted; forgets all.
OpenSslError take_openssl_error();

/// `result` if it is neither nullptr nor zero.
template <class T>
T must(T result) {
  if (!result) throw take_openssl_error();
  return result;
}

/// Every certificate in `pem`; others of its blocks are skipped.
std::vector<X509Certificate> read_certificates(std::string_view pem);
/// The one certificate that it begins with.
X509Certificate read_certificate(std::string_view pem);
Key read_key(const Secret& pem);

std::string to_pem(X509& certificate);
Secret to_pem(EVP_PKEY& key);

Timestamp to_timestamp(const ASN1_TIME& time);

}  // namespace banyan::security
