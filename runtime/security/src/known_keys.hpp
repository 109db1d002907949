#pragma once
#include <memory>
#include <mutex>
#include <string>

#include "public_keys.hpp"

namespace banyan::security {

/// The public keys of a folder, read again now and then, and at once for a key that is not known, which costs
/// about as much as a look at a signature. While they can't be read those that were read last are used on.
/// Threads: safe.
class KnownKeys {
 public:
  /// Errors: those of PublicKeys::read.
  static Result<std::unique_ptr<KnownKeys>> open(std::string folder, Duration reread_after, Instant now);

  using Keys = std::shared_ptr<const PublicKeys>;

  /// Others than the last time if they have changed.
  Keys as_of(Instant now);
  /// With that key, if there is one.
  Keys with(const std::string& id, Instant now);

 private:
  KnownKeys(std::string folder, Duration reread_after, Keys keys, Instant now);

  Keys current();
  bool were_read_within(Duration age, Instant now);
  void reread(Instant now, Duration age);

  const std::string folder_;
  const Duration reread_after_;
  std::mutex reading_;  // taken before mutex_
  std::mutex mutex_;    // guards all that follows
  Keys keys_;
  Instant read_at_;
};

}  // namespace banyan::security
