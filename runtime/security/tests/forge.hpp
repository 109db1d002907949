#pragma once
// ECDSA of single numbers is what OpenSSL 3 offers only in its older interface.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <memory>
#include <string>
#include <string_view>

#include "base64url.hpp"
#include "jwk.hpp"
#include "x509.hpp"

/// Tokens as an attacker would write them, with whatever header and claims.
namespace banyan::security::forge {

using Group = std::unique_ptr<EC_KEY, Deleter<EC_KEY_free>>;
using Number = std::unique_ptr<BIGNUM, Deleter<BN_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Deleter<ECDSA_SIG_free>>;

inline std::string sha256(std::string_view text) {
  std::string digest(32, '\0');
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, EVP_sha256(),
             nullptr);
  return digest;
}

inline const unsigned char* bytes_of(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// r and s, 32 bytes each.
inline std::string es256(const Jwk& key, std::string_view text) {
  const std::string secret = *from_base64url(key.d.reveal());
  const std::string digest = sha256(text);
  const Group signer{EC_KEY_new_by_curve_name(NID_X9_62_prime256v1)};
  const Number d{BN_bin2bn(bytes_of(secret), 32, nullptr)};
  EC_KEY_set_private_key(signer.get(), d.get());
  const Signature made{ECDSA_do_sign(bytes_of(digest), 32, signer.get())};
  std::string signature(64, '\0');
  auto* out = reinterpret_cast<unsigned char*>(signature.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(made.get()), out, 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(made.get()), out + 32, 32);
  return signature;
}

inline std::string hs256(const std::string& secret, std::string_view text) {
  std::string mac(32, '\0');
  std::size_t size = 0;
  EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, secret.data(), secret.size(),
            reinterpret_cast<const unsigned char*>(text.data()), text.size(),
            reinterpret_cast<unsigned char*>(mac.data()), mac.size(), &size);
  return mac;
}

inline std::string unsigned_part(std::string_view header, std::string_view claims) {
  return to_base64url(header) + "." + to_base64url(claims);
}

/// A good signature over anything.
inline std::string token(const Jwk& key, std::string_view header, std::string_view claims) {
  const std::string text = unsigned_part(header, claims);
  return text + "." + to_base64url(es256(key, text));
}

}  // namespace banyan::security::forge
