#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/base/result.hpp"

namespace banyan::security {

/// How long a replaced key is still believed: longer than the tokens that it has signed live, with the leeway
/// of those who verify them.
inline constexpr Duration key_overlap = std::chrono::minutes{20};

/// The facts about a signing key.
struct KeyFacts {
  std::string account;
  std::string id;                  ///< `kid`: the key's thumbprint (RFC 7638).
  bool signs = false;              ///< The account signs with it; others are only believed.
  std::optional<Timestamp> until;  ///< Not believed from then on; none: until it is replaced.
};

/// The signing keys of service accounts, one account for each module, as files (JWK, P-256) of one folder:
///   private/<account>.json  the key that the account signs with (0600): for that account's process alone
///   public/<account>.json   the keys that are believed of it, a JWK set: for everybody (0644, the folder
///   0755)
/// Files are replaced as a whole: a reader sees the old or the new one, also after a crash.
///
/// Threads: safe; two that write for the same account race for who is last.
///
/// Errors of all, besides those that are named: not_found "security.no_file"; unavailable
/// "security.unreadable", "security.unwritable"; rejected "security.file_not_private"; invalid_argument
/// "security.bad_key" for a file without the keys that it should have.
class KeyFolder {
 public:
  explicit KeyFolder(std::string path) : path_(std::move(path)) {}

  std::string private_file(std::string_view account) const;
  std::string public_folder() const { return path_ + "/public"; }
  std::string public_file(std::string_view account) const;

  /// Makes the account's first key, and the folder if need be. Errors: invalid_argument "security.bad_name";
  /// already_exists "security.key_exists".
  Result<KeyFacts> create(std::string_view account) const;
  /// Makes a new key that the account signs with from now on; those before are believed for `overlap`, zero
  /// revokes them. A crash in between leaves all that sign believed: call it again. Errors: not_found
  /// "security.no_file" if the account has none; invalid_argument "security.bad_name".
  Result<KeyFacts> rotate(std::string_view account, Timestamp now, Duration overlap = key_overlap) const;
  /// All keys, by account.
  Result<std::vector<KeyFacts>> keys() const;

 private:
  Status make_folders() const;

  std::string path_;
};

}  // namespace banyan::security
