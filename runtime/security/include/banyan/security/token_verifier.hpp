#pragma once
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "banyan/base/clock.hpp"
#include "banyan/base/result.hpp"

namespace banyan::security {

/// The caller, as a token proves it.
struct Caller {
  std::string account;
  std::string token_id;  ///< `jti`
  Timestamp expires;     ///< Not believed from then on, leeway included.
};

/// Believes a service account's token, or doesn't, as strictly as RFC 8725 and our own issuer allow: three
/// canonical base64url parts of at most 8 KiB; a header of exactly `alg` (ES256, whatever the token says),
/// `typ` (at+jwt) and `kid`, which names a known key; a good signature; `iss` and `sub` the account that this
/// key belongs to, `aud` this audience alone, `jti`, and `iat`, `nbf`, `exp` at most token_life_max apart.
///
/// The keys are files of one folder (KeyFolder::public_folder), read again now and then, and at once for a
/// `kid` that is not known, which costs about as much as a look at a signature: a rotated key needs no
/// restart. While they can't be read those that were read last are used on. A token that was believed is
/// remembered by its exact bytes until it expires.
///
/// Threads: safe. Lifetime: the clock must live longer. It may be set back.
class TokenVerifier {
 public:
  static constexpr std::size_t token_bytes_max = 8 << 10;
  static constexpr Duration leeway_max = std::chrono::seconds{60};

  struct Options {
    std::string audience;
    std::string key_folder;
    Duration leeway = std::chrono::seconds{30};  ///< For clocks that differ; at most leeway_max.
    Duration reread_after = std::chrono::seconds{10};
    std::size_t remembered_max = 4096;  ///< Tokens.
  };

  /// Errors: invalid_argument "security.bad_name", "security.bad_key"; not_found "security.no_file";
  /// unavailable "security.unreadable".
  static Result<std::unique_ptr<TokenVerifier>> open(Options options, const Clock& clock);
  ~TokenVerifier();

  /// Errors: rejected "security.unauthenticated"; the detail says why, for the log alone. Blocks now and then
  /// for the reading of small files.
  Result<Caller> verify(std::string_view token);

 private:
  class State;
  explicit TokenVerifier(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace banyan::security
