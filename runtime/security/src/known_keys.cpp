#include "known_keys.hpp"

#include <utility>

namespace banyan::security {

Result<std::unique_ptr<KnownKeys>> KnownKeys::open(std::string folder, Duration reread_after, Instant now) {
  Result<Keys> keys = PublicKeys::read(folder, nullptr);
  if (!keys.ok()) return keys.error();
  return std::unique_ptr<KnownKeys>{
      new KnownKeys{std::move(folder), reread_after, std::move(keys).value(), now}};
}

KnownKeys::KnownKeys(std::string folder, Duration reread_after, Keys keys, Instant now)
    : folder_(std::move(folder)), reread_after_(reread_after), keys_(std::move(keys)), read_at_(now) {}

KnownKeys::Keys KnownKeys::as_of(Instant now) {
  reread(now, reread_after_);
  return current();
}

KnownKeys::Keys KnownKeys::with(const std::string& id, Instant now) {
  Keys keys = as_of(now);
  if (keys->find(id) != nullptr) return keys;
  reread(now, Duration::zero());
  return current();
}

KnownKeys::Keys KnownKeys::current() {
  const std::lock_guard lock{mutex_};
  return keys_;
}

bool KnownKeys::were_read_within(Duration age, Instant now) {
  const std::lock_guard lock{mutex_};
  return now - read_at_ < age;
}

void KnownKeys::reread(Instant now, Duration age) {
  if (were_read_within(age, now)) return;
  const std::lock_guard reading{reading_};
  if (were_read_within(age, now)) return;
  Result<Keys> fresh = PublicKeys::read(folder_, current());
  const std::lock_guard lock{mutex_};
  read_at_ = now;
  if (fresh.ok()) keys_ = std::move(fresh).value();
}

}  // namespace banyan::security
