#include "own_key.hpp"

#include <utility>

#include "files.hpp"

namespace banyan::security {

Result<OwnKey> OwnKey::read(std::string file, Duration reread_after, Instant now) {
  OwnKey key{std::move(file), reread_after};
  if (const Status read = key.read_file(); !read.ok()) return read.error();
  key.read_at_ = now;
  return key;
}

bool OwnKey::refresh(Instant now) {
  if (now - read_at_ < reread_after_) return false;
  read_at_ = now;
  const std::string before = id_;
  return read_file().ok() && id_ != before;
}

Status OwnKey::read_file() {
  const Result<std::string> text = read_private_file(file_);
  if (!text.ok()) return text.error();
  const Result<Jwk> key = parse_private_jwk(text.value());
  if (!key.ok()) return key.error();
  if (key.value().id == id_) return success();
  Result<KeyHandle> handle = to_handle(key.value());
  if (!handle.ok()) return handle.error();
  id_ = key.value().id;
  handle_ = std::move(handle).value();
  return success();
}

}  // namespace banyan::security
