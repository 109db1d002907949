#include "banyan/security/password.hpp"

#include <sodium.h>

#include <array>

#include "banyan/base/assert.hpp"
#include "require_sodium.hpp"

namespace banyan::security {

static_assert(PasswordCost{}.passes == crypto_pwhash_OPSLIMIT_INTERACTIVE);
static_assert(PasswordCost{}.memory_bytes == crypto_pwhash_MEMLIMIT_INTERACTIVE);
static_assert(PasswordCost::passes_min == crypto_pwhash_OPSLIMIT_MIN);
static_assert(PasswordCost::memory_min_bytes == crypto_pwhash_MEMLIMIT_MIN);

Result<std::string> hash_password(std::string_view password, const PasswordCost& cost) {
  require_sodium();
  BANYAN_ASSERT(cost.passes >= PasswordCost::passes_min &&
                cost.memory_bytes >= PasswordCost::memory_min_bytes);
  std::array<char, crypto_pwhash_STRBYTES> hash;
  if (crypto_pwhash_str(hash.data(), password.data(), password.size(), cost.passes, cost.memory_bytes) != 0) {
    return Error{Errc::resource_exhausted, "security.no_memory", "not enough memory to hash a password"};
  }
  return std::string{hash.data()};
}

bool verify_password(std::string_view hash, std::string_view password) {
  require_sodium();
  const std::string terminated{hash};
  return crypto_pwhash_str_verify(terminated.c_str(), password.data(), password.size()) == 0;
}

}  // namespace banyan::security
