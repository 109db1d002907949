#include "public_keys.hpp"

#include <algorithm>
#include <filesystem>

#include "banyan/security/certificate.hpp"
#include "files.hpp"

namespace banyan::security {

Result<std::vector<std::string>> accounts_in(const std::string& folder) {
  std::error_code failed;
  std::vector<std::string> accounts;
  for (std::filesystem::directory_iterator file{folder, failed}, end; !failed && file != end;
       file.increment(failed)) {
    const std::filesystem::path& path = file->path();
    if (path.extension() == ".json" && check_name(path.stem().string()).ok())
      accounts.push_back(path.stem().string());
  }
  if (failed == std::errc::no_such_file_or_directory)
    return Error{Errc::not_found, "security.no_file", folder + " is not there"};
  if (failed) return Error{Errc::unavailable, "security.unreadable", folder + ": " + failed.message()};
  std::sort(accounts.begin(), accounts.end());
  return accounts;
}

Result<std::shared_ptr<const PublicKeys>> PublicKeys::read(const std::string& folder,
                                                           std::shared_ptr<const PublicKeys> last) {
  Result<Files> files = read_files(folder);
  if (!files.ok()) return files.error();
  if (last != nullptr && files.value() == last->files_) return last;
  auto all = std::make_shared<PublicKeys>();
  all->files_ = std::move(files).value();
  for (const auto& [account, text] : all->files_) {
    if (const Status added = all->add(account, text); !added.ok()) {
      return Error{added.error().code(), added.error().reason(), account + ": " + added.error().detail()};
    }
  }
  return std::shared_ptr<const PublicKeys>{std::move(all)};
}

const PublicKey* PublicKeys::find(const std::string& id) const {
  const auto found = keys_.find(id);
  return found == keys_.end() ? nullptr : &found->second;
}

Result<PublicKeys::Files> PublicKeys::read_files(const std::string& folder) {
  const Result<std::vector<std::string>> accounts = accounts_in(folder);
  if (!accounts.ok()) return accounts.error();
  Files files;
  for (const std::string& account : accounts.value()) {
    Result<std::string> text = read_file(folder + "/" + account + ".json");
    if (!text.ok()) return text.error();
    files.emplace(account, std::move(text).value());
  }
  return files;
}

Status PublicKeys::add(const std::string& account, const std::string& text) {
  const Result<std::vector<Jwk>> parsed = parse_public_jwks(text);
  if (!parsed.ok()) return parsed.error();
  for (const Jwk& key : parsed.value()) {
    Result<KeyHandle> handle = to_handle(key);
    if (!handle.ok()) return handle.error();
    PublicKey known{.account = account, .until = key.until, .handle = std::move(handle).value()};
    if (!keys_.emplace(key.id, std::move(known)).second) {
      return Error{Errc::invalid_argument, "security.bad_key", "two keys have the id " + key.id};
    }
  }
  return success();
}

}  // namespace banyan::security
