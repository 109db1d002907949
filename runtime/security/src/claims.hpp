#pragma once
#include <string>
#include <string_view>

#include "banyan/base/clock.hpp"
#include "banyan/base/result.hpp"
#include "banyan/json/value.hpp"

namespace banyan::security {

/// The rules for the claims of a token.
struct Expected {
  std::string_view account;   ///< The one whose key has signed them.
  std::string_view audience;  ///< Us.
  Timestamp now;
  Duration leeway;
};

struct Claims {
  std::string id;     ///< `jti`
  Timestamp expires;  ///< `exp`, without leeway.
};

/// Errors: rejected "security.unauthenticated".
Result<Claims> check_claims(const json::Value& claims, const Expected& expected);

}  // namespace banyan::security
