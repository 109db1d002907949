#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/base/result.hpp"
#include "jwk.hpp"

namespace banyan::security {

/// The accounts that have public keys in this folder, in order of the alphabet; other files are skipped.
/// Errors: not_found "security.no_file"; unavailable "security.unreadable".
Result<std::vector<std::string>> accounts_in(const std::string& folder);

/// A key, and whose it is.
struct PublicKey {
  std::string account;
  std::optional<Timestamp> until;
  KeyHandle handle;
};

/// All keys of one folder at one time. Immutable; threads: safe.
class PublicKeys {
 public:
  /// `last` itself if the files are as they were then; it may be nullptr. Errors: those of KeyFolder;
  /// invalid_argument "security.bad_key" also if two keys have one id.
  static Result<std::shared_ptr<const PublicKeys>> read(const std::string& folder,
                                                        std::shared_ptr<const PublicKeys> last);

  /// nullptr if there is none of that id.
  const PublicKey* find(const std::string& id) const;

 private:
  /// Texts by account.
  using Files = std::map<std::string, std::string>;

  static Result<Files> read_files(const std::string& folder);
  Status add(const std::string& account, const std::string& text);

  std::unordered_map<std::string, PublicKey> keys_;
  Files files_;
};

}  // namespace banyan::security
