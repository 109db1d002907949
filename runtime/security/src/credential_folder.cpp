#include "banyan/security/credential_folder.hpp"

#include <algorithm>
#include <filesystem>

#include "files.hpp"

namespace banyan::security {
namespace {

constexpr std::string_view suffix = ".pem";

Result<Credentials> read_credentials(const std::string& certificate_file, const std::string& key_file) {
  Result<std::string> certificate = read_file(certificate_file);
  if (!certificate.ok()) return certificate.error();
  Result<std::string> key = read_private_file(key_file);
  if (!key.ok()) return key.error();
  return Credentials{std::move(certificate).value(), Secret{std::move(key).value()}};
}

std::string key_file_of(const CredentialFolder& folder) { return folder.path() + "/ca.key"; }

Result<Credentials> read_authority(const CredentialFolder& folder) {
  return read_credentials(folder.authority_file(), key_file_of(folder));
}

Error exists(const std::string& path) {
  return {Errc::already_exists, "security.authority_exists", path + " has an authority"};
}

}  // namespace

Status CredentialFolder::create_authority(Timestamp now, Duration life) const {
  const Result<bool> before = is_there(authority_file());
  if (!before.ok()) return before.error();
  if (before.value()) return exists(path_);
  const Result<Credentials> made = make_authority(now, life);
  if (!made.ok()) return made.error();
  if (const Status folder = make_folder(path_, private_folder_mode); !folder.ok()) return folder;
  // The certificate comes last: without it there is no authority yet, and one may be made again.
  const Status key = replace_file(key_file_of(*this), made.value().key.reveal(), private_mode);
  return key.ok() ? replace_file(authority_file(), made.value().certificate, public_mode) : key;
}

Result<Certificate> CredentialFolder::check_authority(Timestamp now) const {
  const Result<Credentials> authority = read_authority(*this);
  if (!authority.ok()) return authority.error();
  return security::check_authority(authority.value(), now);
}

Result<Certificate> CredentialFolder::issue(std::string_view name, Timestamp now, Duration life) const {
  if (const Status good = check_name(name); !good.ok()) return good.error();
  const Result<Credentials> authority = read_authority(*this);
  if (!authority.ok()) return authority.error();
  const Result<Credentials> made = security::issue(authority.value(), name, now, life);
  if (!made.ok()) return made.error();
  const std::string both = made.value().certificate + made.value().key.reveal();
  if (const Status written = replace_file(file_of(name), both, private_mode); !written.ok()) {
    return written.error();
  }
  return security::describe(made.value().certificate);
}

Result<Certificate> CredentialFolder::check(std::string_view name, Timestamp now) const {
  if (const Status good = check_name(name); !good.ok()) return good.error();
  return check_files(authority_file(), file_of(name), file_of(name), name, now);
}

Result<Certificate> CredentialFolder::describe(std::string_view name) const {
  const Result<std::string> certificate = read_file(file_of(name));
  if (!certificate.ok()) return certificate.error();
  return security::describe(certificate.value());
}

Result<std::vector<std::string>> CredentialFolder::names() const {
  std::error_code failure;
  std::vector<std::string> names;
  for (std::filesystem::directory_iterator entry{path_, failure}, end; !failure && entry != end;
       entry.increment(failure)) {
    const std::string file = entry->path().filename().string();
    if (file.ends_with(suffix)) names.push_back(file.substr(0, file.size() - suffix.size()));
  }
  if (failure == std::errc::no_such_file_or_directory) {
    return Error{Errc::not_found, "security.no_file", path_ + " is not there"};
  }
  if (failure) return Error{Errc::unavailable, "security.unreadable", path_ + ": " + failure.message()};
  std::sort(names.begin(), names.end());
  return names;
}

Result<Certificate> check_files(const std::string& authority_file, const std::string& certificate_file,
                                const std::string& key_file, std::string_view name, Timestamp now) {
  const Result<std::string> authorities = read_file(authority_file);
  if (!authorities.ok()) return authorities.error();
  const Result<Credentials> credentials = read_credentials(certificate_file, key_file);
  if (!credentials.ok()) return credentials.error();
  return check(credentials.value(), authorities.value(), name, now);
}

}  // namespace banyan::security
