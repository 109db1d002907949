#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "banyan/base/result.hpp"

namespace banyan::security {

/// The cost of one hash. The defaults suit a sign-in; a test may take the least that is allowed.
struct PasswordCost {
  static constexpr unsigned passes_min = 1;
  static constexpr std::size_t memory_min_bytes = 8192;

  unsigned passes = 2;
  std::size_t memory_bytes = 64 << 20;  ///< Per call, for as long as it runs.
};

/// Argon2id with a salt of its own, as text that carries its parameters ("$argon2id$v=19$…"), at most 127
/// characters. Takes tens of milliseconds by intention. Threads: safe. Errors: resource_exhausted
/// "security.no_memory".
Result<std::string> hash_password(std::string_view password, const PasswordCost& cost = {});

/// True if `hash` was made from `password`; false also if `hash` is none. Costs what the hash says. Threads:
/// safe.
bool verify_password(std::string_view hash, std::string_view password);

}  // namespace banyan::security
