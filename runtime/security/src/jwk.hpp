#pragma once
#include <cjose/jwk.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/base/result.hpp"
#include "banyan/base/secret.hpp"

namespace banyan::security {

/// A JSON Web Key for ES256, as its file has it.
struct Jwk {
  std::string id = {};  ///< `kid`
  std::string x = {};   ///< Base64url, as y and d.
  std::string y = {};
  Secret d = {};                        ///< Empty in a public key.
  std::optional<Timestamp> until = {};  ///< `exp`
};

/// True for 1 to 64 of A-Z, a-z, 0-9, "_" and "-".
bool is_key_id(std::string_view id) noexcept;

/// A new key; its id is its thumbprint.
Jwk make_jwk();

/// All errors: invalid_argument "security.bad_key".
Result<Jwk> parse_private_jwk(std::string_view text);
/// A set of public keys; one with a private part is refused.
Result<std::vector<Jwk>> parse_public_jwks(std::string_view text);

std::string to_private_json(const Jwk& key);
std::string to_public_json(const std::vector<Jwk>& keys);

/// The key as cjose wants it. Immutable: safe to share between threads.
using KeyHandle = std::shared_ptr<cjose_jwk_t>;
/// Errors: invalid_argument "security.bad_key" if it is no point of the curve.
Result<KeyHandle> to_handle(const Jwk& key);

}  // namespace banyan::security
