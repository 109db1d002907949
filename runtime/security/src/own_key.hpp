#pragma once
#include <string>

#include "banyan/base/clock.hpp"
#include "banyan/base/result.hpp"
#include "jwk.hpp"

namespace banyan::security {

/// The key that an account signs with, whose file is read again now and then: a rotated key is used without a
/// restart, and while the file can't be read the last one is used on. Threads: one.
class OwnKey {
 public:
  /// Errors: those of KeyFolder; invalid_argument "security.bad_key".
  static Result<OwnKey> read(std::string file, Duration reread_after, Instant now);

  /// Reads the file again if it is time to; true if it has another key now.
  bool refresh(Instant now);

  const std::string& id() const noexcept { return id_; }
  const KeyHandle& handle() const noexcept { return handle_; }

 private:
  OwnKey(std::string file, Duration reread_after) : file_(std::move(file)), reread_after_(reread_after) {}

  Status read_file();

  std::string file_;
  Duration reread_after_;
  Instant read_at_{};
  std::string id_;
  KeyHandle handle_;
};

}  // namespace banyan::security
