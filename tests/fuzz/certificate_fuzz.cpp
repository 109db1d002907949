/// Certificates: a line "pem" and a text, or a line "der" and the bytes of one certificate. Whatever it is,
/// it is described or refused; and what no authority of ours has signed is never good.
#include <openssl/evp.h>

#include "banyan/security/certificate.hpp"
#include "fuzz.hpp"

namespace {

using namespace banyan;
using namespace banyan::security;

constexpr Timestamp now{std::chrono::seconds{1'767'225'600}};

const Credentials& authority() {
  static const Credentials ours = make_authority(now, std::chrono::hours{24 * 365}).value();
  return ours;
}

const Credentials& orders() {
  static const Credentials ours = issue(authority(), "orders", now, std::chrono::hours{24}).value();
  return ours;
}

std::string to_pem(std::string_view der) {
  std::string base64(4 * ((der.size() + 2) / 3) + 1, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(base64.data()),
                  reinterpret_cast<const unsigned char*>(der.data()), static_cast<int>(der.size()));
  base64.pop_back();
  std::string text = "-----BEGIN CERTIFICATE-----\n";
  for (std::size_t at = 0; at < base64.size(); at += 64) text += base64.substr(at, 64) + '\n';
  return text + "-----END CERTIFICATE-----\n";
}

void check(const std::string& pem) {
  const auto read = describe(pem);
  if (read.ok()) {
    fuzz::require(read.value().name.empty() || check_name(read.value().name).ok(),
                  "a name is good or missing", read.value().name);
    static_cast<void>(read.value().is_due(now));
    static_cast<void>(to_rfc3339(read.value().not_before) + to_rfc3339(read.value().not_after));
  }
  const Secret key = orders().key;
  fuzz::require(
      !security::check({.certificate = pem, .key = key}, authority().certificate, "orders", now).ok(),
      "nothing but what our authority has signed is good", pem);
  fuzz::require(!security::check(orders(), pem, "orders", now).ok(), "nobody else vouches for ours", pem);
  fuzz::require(!check_authority({.certificate = pem, .key = authority().key}, now).ok(),
                "nobody else has our authority's key", pem);
  static_cast<void>(security::check({.certificate = orders().certificate, .key = Secret{pem}},
                                    authority().certificate, "orders", now)
                        .ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Parts parts{data, size};
  const std::string_view kind = parts.line();
  if (kind == "pem") check(std::string{parts.rest()});
  if (kind == "der") check(to_pem(parts.rest()));
  return 0;
}
