#pragma once
#include <string>
#include <string_view>

#include "banyan/base/result.hpp"
#include "banyan/json/value.hpp"
#include "jwk.hpp"

namespace banyan::security {

/// What is signed says what it is (`typ`), so that nothing passes for something else.
inline constexpr const char* token_type = "at+jwt";
inline constexpr const char* statement_type = "banyan-statement";

/// A JWS in its compact form, signed with ES256. Errors: internal "security.not_signed".
Result<std::string> sign(const KeyHandle& key, const std::string& key_id, const char* type,
                         std::string_view payload);

/// What a JWS says before anything is proved.
struct OpenedJws {
  std::string key_id;
  std::string payload;
};

/// Takes one apart that sign() could have made with this type. Errors: rejected "security.unauthenticated".
Result<OpenedJws> open_jws(std::string_view text, std::string_view type);

/// What a token says of itself before anything is proved.
struct OpenedToken {
  std::string key_id;
  json::Value claims;
};

/// Takes apart what could be a token. Errors: rejected "security.unauthenticated".
Result<OpenedToken> open_token(std::string_view token);

/// True if the holder of `key` has signed it.
bool is_signed_by(std::string_view text, const KeyHandle& key);

/// The error of everything that is not believed.
Error unauthenticated(std::string_view why);

}  // namespace banyan::security
