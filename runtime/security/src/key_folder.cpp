#include "banyan/security/key_folder.hpp"

#include <algorithm>
#include <filesystem>

#include "banyan/security/certificate.hpp"
#include "files.hpp"
#include "jwk.hpp"
#include "public_keys.hpp"

namespace banyan::security {
namespace {

KeyFacts facts_of(std::string_view account, const Jwk& key, const std::string& signing_id) {
  return {.account = std::string{account}, .id = key.id, .signs = key.id == signing_id, .until = key.until};
}

Result<std::vector<Jwk>> read_public(const std::string& path) {
  const Result<std::string> text = read_file(path);
  if (!text.ok()) return text.error();
  return parse_public_jwks(text.value());
}

Result<Jwk> read_private(const std::string& path) {
  const Result<std::string> text = read_private_file(path);
  if (!text.ok()) return text.error();
  return parse_private_jwk(text.value());
}

Status write_public(const std::string& path, const std::vector<Jwk>& keys) {
  return replace_file(path, to_public_json(keys), public_mode);
}

/// Those that are replaced are believed until `end`, unless they end earlier.
std::vector<Jwk> retire(std::vector<Jwk> keys, Timestamp now, Timestamp end) {
  for (Jwk& key : keys) key.until = std::min(key.until.value_or(end), end);
  std::erase_if(keys, [now](const Jwk& key) { return *key.until <= now; });
  return keys;
}

}  // namespace

std::string KeyFolder::private_file(std::string_view account) const {
  return path_ + "/private/" + std::string{account} + ".json";
}

std::string KeyFolder::public_file(std::string_view account) const {
  return public_folder() + "/" + std::string{account} + ".json";
}

// Every process reads what the others sign with, whoever it runs as.
Status KeyFolder::make_folders() const {
  for (const std::string& open : {path_, public_folder()}) {
    if (const Status made = make_folder(open, public_folder_mode); !made.ok()) return made;
  }
  return make_folder(path_ + "/private", private_folder_mode);
}

Result<KeyFacts> KeyFolder::create(std::string_view account) const {
  if (const Status good = check_name(account); !good.ok()) return good.error();
  const Result<bool> before = is_there(private_file(account));
  if (!before.ok()) return before.error();
  if (before.value()) {
    return Error{Errc::already_exists, "security.key_exists", std::string{account} + " has a key"};
  }
  if (const Status made = make_folders(); !made.ok()) return made.error();
  const Jwk key = make_jwk();
  // Nobody signs with a key that is not believed yet.
  if (const Status told = write_public(public_file(account), {key}); !told.ok()) return told.error();
  const Status kept = replace_file(private_file(account), to_private_json(key), private_mode);
  if (!kept.ok()) return kept.error();
  return facts_of(account, key, key.id);
}

Result<KeyFacts> KeyFolder::rotate(std::string_view account, Timestamp now, Duration overlap) const {
  if (const Status good = check_name(account); !good.ok()) return good.error();
  const Result<std::vector<Jwk>> before = read_public(public_file(account));
  if (!before.ok()) return before.error();
  const Jwk key = make_jwk();

  std::vector<Jwk> all = before.value();
  all.push_back(key);
  if (const Status told = write_public(public_file(account), all); !told.ok()) return told.error();
  const Status kept = replace_file(private_file(account), to_private_json(key), private_mode);
  if (!kept.ok()) return kept.error();
  std::vector<Jwk> last = retire(before.value(), now, now + overlap);
  last.push_back(key);
  if (const Status told = write_public(public_file(account), last); !told.ok()) return told.error();
  return facts_of(account, key, key.id);
}

Result<std::vector<KeyFacts>> KeyFolder::keys() const {
  const Result<std::vector<std::string>> accounts = accounts_in(public_folder());
  if (!accounts.ok()) return accounts.error();
  std::vector<KeyFacts> all;
  for (const std::string& account : accounts.value()) {
    const Result<std::vector<Jwk>> known = read_public(public_file(account));
    if (!known.ok()) return known.error();
    const Result<Jwk> signing = read_private(private_file(account));
    if (!signing.ok() && signing.error().code() != Errc::not_found) return signing.error();
    for (const Jwk& key : known.value()) {
      all.push_back(facts_of(account, key, signing.ok() ? signing.value().id : std::string{}));
    }
  }
  return all;
}

}  // namespace banyan::security
