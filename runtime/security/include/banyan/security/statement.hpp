#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "banyan/base/clock.hpp"
#include "banyan/base/result.hpp"

namespace banyan::security {

/// Signs what is to be believed of a service account wherever it was kept meanwhile, such as rows of its log
/// in a broker's stream: a JWS (RFC 7515, ES256) whose type is `banyan-statement`, so that it is no token.
/// The key is the account's (KeyFolder); its file is read again now and then, so a rotated key is used
/// without a restart. Threads: safe. Lifetime: the clock must live longer.
class StatementSigner {
 public:
  struct Options {
    std::string key_file;  ///< As KeyFolder::private_file.
    Duration reread_after = std::chrono::seconds{5};
  };

  /// Errors: invalid_argument "security.bad_key"; not_found "security.no_file"; unavailable
  /// "security.unreadable"; rejected "security.file_not_private".
  static Result<std::unique_ptr<StatementSigner>> open(Options options, const Clock& clock);
  ~StatementSigner();

  /// Blocks for making one signature, and now and then for the reading of a small file. Errors: internal
  /// "security.not_signed".
  Result<std::string> sign(std::string_view statement);

 private:
  class State;
  explicit StatementSigner(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Believes what a StatementSigner has signed, as strictly as TokenVerifier does a token, and by the same
/// keys: one that was replaced is believed until its overlap ends. Threads: safe. Lifetime: the clock must
/// live longer.
class StatementVerifier {
 public:
  struct Options {
    std::string key_folder;  ///< KeyFolder::public_folder.
    Duration reread_after = std::chrono::seconds{10};
  };

  /// Errors: invalid_argument "security.bad_key"; not_found "security.no_file"; unavailable
  /// "security.unreadable".
  static Result<std::unique_ptr<StatementVerifier>> open(Options options, const Clock& clock);
  ~StatementVerifier();

  /// The account that has signed exactly `statement`. Blocks now and then for the reading of small files.
  /// Errors: rejected "security.unauthenticated"; the detail says why, for the log alone.
  Result<std::string> verify(std::string_view signature, std::string_view statement);

 private:
  class State;
  explicit StatementVerifier(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace banyan::security
