#pragma once
#include <string>
#include <string_view>

#include "banyan/base/result.hpp"
#include "banyan/json/value.hpp"
#include "jwk.hpp"

namespace banyan::security {

/// Every signed text names its kind (`typ`), so that nothing passes for something else.
inline constexpr const char* token_type = "at+jwt";
inline constexpr const char* statement_type = "banyan-statement";

/// A JWS in its compact form, signed with ES256. Errors: internal "security.not_signed".
Result<std::string> sign(const KeyHandle& key, const std::string& key_id, const char* type,
                         std::string_view payload);

/// A JWS of the form that sign() gives it, and what it says before anything is proved.
/// Lifetime: refers to the text that it was opened from.
class OpenedJws {
 public:
  const std::string& key_id() const noexcept { return key_id_; }
  const std::string& payload() const noexcept { return payload_; }
  /// True if the holder of `key` has signed it.
  bool is_signed_by(const KeyHandle& key) const;

 private:
  friend Result<OpenedJws> open_jws(std::string_view text, std::string_view type);
  OpenedJws(std::string_view text, std::string key_id, std::string payload)
      : text_(text), key_id_(std::move(key_id)), payload_(std::move(payload)) {}

  std::string_view text_;
  std::string key_id_;
  std::string payload_;
};

/// Takes one apart that sign() could have made with this type. Errors: rejected "security.unauthenticated".
Result<OpenedJws> open_jws(std::string_view text, std::string_view type);

/// The claims of a token before anything is proved.
struct OpenedToken {
  OpenedJws jws;
  json::Value claims;
};

/// Takes apart what could be a token. Errors: rejected "security.unauthenticated".
Result<OpenedToken> open_token(std::string_view token);

/// The error of everything that is not believed.
Error unauthenticated(std::string_view why);

}  // namespace banyan::security
