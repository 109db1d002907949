#include "banyan/security/fingerprint.hpp"

#include <sodium.h>

#include <array>
#include <cstdint>

#include "require_sodium.hpp"

namespace banyan::security {
namespace {

constexpr std::size_t digest_bytes = 32;

void add_bytes(crypto_generichash_state& state, std::string_view bytes) {
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

/// Eight bytes, least significant first, on every machine.
void add_length(crypto_generichash_state& state, std::uint64_t length) {
  std::array<char, 8> bytes;
  for (char& byte : bytes) {
    byte = static_cast<char>(length & 0xFF);
    length >>= 8;
  }
  add_bytes(state, {bytes.data(), bytes.size()});
}

}  // namespace

struct Fingerprinter::State {
  crypto_generichash_state hash;
};

Fingerprinter::Fingerprinter() : state_(std::make_unique<State>()) {
  require_sodium();
  crypto_generichash_init(&state_->hash, nullptr, 0, digest_bytes);
}

Fingerprinter::~Fingerprinter() = default;
Fingerprinter::Fingerprinter(Fingerprinter&&) noexcept = default;
Fingerprinter& Fingerprinter::operator=(Fingerprinter&&) noexcept = default;

void Fingerprinter::add(std::string_view part) {
  add_length(state_->hash, part.size());
  add_bytes(state_->hash, part);
}

std::string Fingerprinter::text() const {
  crypto_generichash_state so_far = state_->hash;
  std::array<unsigned char, digest_bytes> digest;
  crypto_generichash_final(&so_far, digest.data(), digest.size());

  std::array<char, 2 * digest_bytes + 1> text;
  sodium_bin2hex(text.data(), text.size(), digest.data(), digest.size());
  return std::string{text.data(), 2 * digest_bytes};
}

std::string fingerprint(std::initializer_list<std::string_view> parts) {
  Fingerprinter all;
  for (const std::string_view part : parts) all.add(part);
  return all.text();
}

}  // namespace banyan::security
