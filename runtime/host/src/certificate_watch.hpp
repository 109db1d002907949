#pragma once
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "banyan/base/clock.hpp"
#include "banyan/security/credential_folder.hpp"
#include "banyan/telemetry/log.hpp"

namespace banyan::host {

/// The certificate with which one identity of this process connects: whether its files are others by now, and
/// how long it is still good.
///
/// Threads: safe. Lifetime: clock and the log's sink live longer.
class CertificateWatch {
 public:
  CertificateWatch(std::string identity, std::string folder, const Clock& clock, telemetry::Log log)
      : identity_(std::move(identity)), pki_(std::move(folder)), clock_(clock), log_(std::move(log)) {}

  /// Checks the files and takes them as those in use. Errors, and then those before are still in use: those
  /// of security::CredentialFolder::check().
  Status take();
  /// Whether the files have been replaced since they were taken.
  bool has_changed() const;
  /// Until the certificate in use ends; negative from then on. Zero before the first take().
  Duration left() const;
  /// A warning in the log from two thirds of its life on, once an hour at most.
  void warn_if_due();

 private:
  /// The marks that tell a file from the one that was there before.
  struct File {
    std::uint64_t inode;
    std::int64_t seconds;
    std::int64_t nanoseconds;
    friend bool operator==(const File&, const File&) = default;
  };
  using Files = std::pair<File, File>;
  Files files() const;

  const std::string identity_;
  const security::CredentialFolder pki_;
  const Clock& clock_;
  const telemetry::Log log_;
  mutable std::mutex mutex_;  // guards all that follows
  std::optional<security::Certificate> in_use_;
  Files taken_{};
  std::optional<Instant> warned_at_;
};

}  // namespace banyan::host
