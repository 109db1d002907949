#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "banyan/security/certificate.hpp"

namespace banyan::security {

/// An authority and what it has issued, as files of one folder (0700):
///   ca.crt      what everybody trusts; may hold more than one certificate, the own one first
///   ca.key      the authority's private key (0600); only who issues needs it
///   <name>.pem  a certificate and its private key (0600), in one file, so that both change together
/// Files are replaced as a whole: a reader sees the old or the new one, also after a crash.
///
/// Threads: safe; two that write the same file race for who is last.
///
/// Errors of all that read or write, besides those that are named:
///  - not_found    "security.no_file"
///  - unavailable  "security.unreadable", "security.unwritable"
///  - rejected     "security.file_not_private": others than owner and group may use a file with a private key
class CredentialFolder {
 public:
  explicit CredentialFolder(std::string path) : path_(std::move(path)) {}

  const std::string& path() const noexcept { return path_; }
  std::string authority_file() const { return path_ + "/ca.crt"; }
  std::string file_of(std::string_view name) const { return path_ + "/" + std::string{name} + ".pem"; }

  /// Makes the folder if need be, and an authority. Errors: those of make_authority(); already_exists
  /// "security.authority_exists": nothing is changed.
  Status create_authority(Timestamp now, Duration life) const;
  /// Errors: those of check_authority().
  Result<Certificate> check_authority(Timestamp now) const;

  /// Writes a new key and certificate of the name. What was there before stays valid until it expires.
  /// Errors: those of issue().
  Result<Certificate> issue(std::string_view name, Timestamp now, Duration life) const;
  /// Errors: those of check(), "security.bad_name".
  Result<Certificate> check(std::string_view name, Timestamp now) const;
  /// The contents of a certificate, unverified.
  Result<Certificate> describe(std::string_view name) const;

  /// Everyone that has a certificate here, in order of the alphabet.
  Result<std::vector<std::string>> names() const;

 private:
  std::string path_;
};

/// check() for files, such as a process does for its own when it starts; `certificate_file` and `key_file`
/// may be the same. Errors: those of check() and of CredentialFolder.
Result<Certificate> check_files(const std::string& authority_file, const std::string& certificate_file,
                                const std::string& key_file, std::string_view name, Timestamp now);

}  // namespace banyan::security
