#pragma once
#include <string>
#include <string_view>

#include "banyan/base/result.hpp"
#include "banyan/json/value.hpp"
#include "jwk.hpp"

namespace banyan::security {

/// A signed token in its compact form, `at+jwt` and ES256. Errors: internal "security.not_signed".
Result<std::string> sign_token(const KeyHandle& key, const std::string& key_id, std::string_view claims);

/// What a token says of itself before anything is proved.
struct OpenedToken {
  std::string key_id;
  json::Value claims;
};

/// Takes a token apart that could be one of sign_token(). Errors: rejected "security.unauthenticated".
Result<OpenedToken> open_token(std::string_view token);

/// True if the holder of `key` has signed it.
bool is_signed_by(std::string_view token, const KeyHandle& key);

/// The error of everything that is not believed.
Error unauthenticated(std::string_view why);

}  // namespace banyan::security
