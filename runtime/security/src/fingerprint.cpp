#include "banyan/security/fingerprint.hpp"

#include <sodium.h>

#include <array>
#include <cstdint>

#include "require_sodium.hpp"

namespace banyan::security {
namespace {

constexpr std::size_t digest_bytes = 32;

void add(crypto_generichash_state& state, std::string_view bytes) {
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

/// Eight bytes, least significant first, on every machine.
void add_length(crypto_generichash_state& state, std::uint64_t length) {
  std::array<char, 8> bytes;
  for (char& byte : bytes) {
    byte = static_cast<char>(length & 0xFF);
    length >>= 8;
  }
  add(state, {bytes.data(), bytes.size()});
}

}  // namespace

std::string fingerprint(std::initializer_list<std::string_view> parts) {
  require_sodium();
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, digest_bytes);
  for (const std::string_view part : parts) {
    add_length(state, part.size());
    add(state, part);
  }
  std::array<unsigned char, digest_bytes> digest;
  crypto_generichash_final(&state, digest.data(), digest.size());

  std::array<char, 2 * digest_bytes + 1> text;
  sodium_bin2hex(text.data(), text.size(), digest.data(), digest.size());
  return std::string{text.data(), 2 * digest_bytes};
}

}  // namespace banyan::security
