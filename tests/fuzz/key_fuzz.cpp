/// Files with signing keys: a line "private" or "public", then the JWK or the set of them.
#include "fuzz.hpp"
#include "security/src/jwk.hpp"

namespace {

using namespace banyan;
using namespace banyan::security;

void check_private(std::string_view text) {
  const auto read = parse_private_jwk(text);
  if (!read.ok()) return;
  const std::string written = to_private_json(read.value());
  const auto again = parse_private_jwk(written);
  fuzz::require(again.ok() && to_private_json(again.value()) == written, "what was written reads as the same",
                written);
  static_cast<void>(to_handle(read.value()).ok());
}

void check_public(std::string_view text) {
  const auto read = parse_public_jwks(text);
  if (!read.ok()) return;
  const std::string written = to_public_json(read.value());
  fuzz::require(written.find("\"d\"") == std::string::npos, "no private part is written", written);
  const auto again = parse_public_jwks(written);
  fuzz::require(again.ok() && to_public_json(again.value()) == written, "what was written reads as the same",
                written);
  for (const Jwk& key : read.value()) static_cast<void>(to_handle(key).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Parts parts{data, size};
  const std::string_view kind = parts.line();
  if (kind == "private") check_private(parts.rest());
  if (kind == "public") check_public(parts.rest());
  return 0;
}
