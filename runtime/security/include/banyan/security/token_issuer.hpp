#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "banyan/base/clock.hpp"
#include "banyan/base/random.hpp"
#include "banyan/base/result.hpp"

namespace banyan::security {

/// The longest that a service account's token may live.
inline constexpr Duration token_life_max = std::chrono::minutes{15};

/// Makes the tokens with which one service account shows others who it is: a JWT (RFC 9068, `at+jwt`, ES256)
/// for one audience, with iss, sub, aud, iat, nbf, exp and jti. A token is kept and handed out again until
/// two thirds of its life are over, then a new one is made: none is ever extended.
///
/// The key's file is read again now and then, so a rotated key is used without a restart; while it can't be
/// read the last key is used on.
///
/// Threads: safe. Lifetime: clock and random must live longer. The clock may be set back.
class TokenIssuer {
 public:
  struct Options {
    std::string account;
    std::string key_file;            ///< As KeyFolder::private_file.
    Duration life = token_life_max;  ///< A second to token_life_max.
    Duration reread_after = std::chrono::seconds{5};
  };

  /// Errors: invalid_argument "security.bad_name", "security.bad_life", "security.bad_key"; not_found
  /// "security.no_file"; unavailable "security.unreadable"; rejected "security.file_not_private".
  static Result<std::unique_ptr<TokenIssuer>> open(Options options, const Clock& clock, Random& random);
  ~TokenIssuer();

  /// A token for one module. Blocks now and then for the reading of a small file, and for making one
  /// signature. Errors: invalid_argument "security.bad_name"; internal "security.not_signed".
  Result<std::string> token_for(std::string_view audience);

 private:
  class State;
  explicit TokenIssuer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace banyan::security
