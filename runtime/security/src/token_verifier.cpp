#include "banyan/security/token_verifier.hpp"

#include <algorithm>
#include <functional>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "banyan/security/certificate.hpp"
#include "claims.hpp"
#include "jws.hpp"
#include "public_keys.hpp"

namespace banyan::security {
namespace {

using KeysPtr = std::shared_ptr<const PublicKeys>;

/// Finds text without a copy of it.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
};

Status check_options(const TokenVerifier::Options& options) {
  BANYAN_ASSERT(Duration::zero() <= options.leeway && options.leeway <= TokenVerifier::leeway_max);
  BANYAN_ASSERT(options.remembered_max >= 1);
  return check_name(options.audience);
}

}  // namespace

class TokenVerifier::State {
 public:
  State(Options options, const Clock& clock, KeysPtr keys)
      : options_(std::move(options)), clock_(clock), keys_(std::move(keys)), read_at_(clock.now()) {}

  Result<Caller> verify(std::string_view token) {
    if (token.size() > token_bytes_max) return unauthenticated("too long");
    const Timestamp now = clock_.now();
    reread(now, options_.reread_after);
    if (auto known = recall(token, now)) return *std::move(known);
    const Result<OpenedToken> opened = open_token(token);
    if (!opened.ok()) return opened.error();
    KeysPtr keys = current_keys();
    if (keys->find(opened.value().key_id) == nullptr) {
      reread(now, Duration::zero());
      keys = current_keys();
    }
    Result<Caller> caller = check(token, opened.value(), *keys, now);
    if (caller.ok()) remember(token, caller.value(), keys, now);
    return caller;
  }

 private:
  using Remembered = std::unordered_map<std::string, Caller, TextHash, std::equal_to<>>;

  Result<Caller> check(std::string_view token, const OpenedToken& opened, const PublicKeys& keys,
                       Timestamp now) const {
    const PublicKey* key = keys.find(opened.key_id);
    if (key == nullptr) return unauthenticated("the key is not known");
    if (key->until && now >= *key->until) return unauthenticated("the key is not believed any more");
    if (!is_signed_by(token, key->handle)) return unauthenticated("the signature is wrong");
    const Result<Claims> claims = check_claims(
        opened.claims,
        {.account = key->account, .audience = options_.audience, .now = now, .leeway = options_.leeway});
    if (!claims.ok()) return claims.error();
    const Timestamp end = claims.value().expires + options_.leeway;
    return Caller{.account = key->account,
                  .token_id = claims.value().id,
                  .expires = std::min(end, key->until.value_or(end))};
  }

  std::optional<Caller> recall(std::string_view token, Timestamp now) {
    const std::lock_guard lock{mutex_};
    const auto found = remembered_.find(token);
    if (found == remembered_.end() || now >= found->second.expires) return std::nullopt;
    return found->second;
  }

  void remember(std::string_view token, const Caller& caller, const KeysPtr& keys, Timestamp now) {
    const std::lock_guard lock{mutex_};
    if (keys != keys_) return;  // Keys were read meanwhile: perhaps this one is gone.
    if (remembered_.size() >= options_.remembered_max) {
      std::erase_if(remembered_, [now](const auto& entry) { return now >= entry.second.expires; });
    }
    if (remembered_.size() >= options_.remembered_max) remembered_.clear();
    remembered_.insert_or_assign(std::string{token}, caller);
  }

  KeysPtr current_keys() {
    const std::lock_guard lock{mutex_};
    return keys_;
  }

  bool were_read_within(Duration age, Timestamp now) {
    const std::lock_guard lock{mutex_};
    return read_at_ <= now && now - read_at_ < age;
  }

  /// Reads the keys again if they are older than `age`. That costs about as much as looking at a signature.
  void reread(Timestamp now, Duration age) {
    if (were_read_within(age, now)) return;
    const std::lock_guard reading{reading_};
    if (were_read_within(age, now)) return;
    Result<KeysPtr> fresh = PublicKeys::read(options_.key_folder, current_keys());
    const std::lock_guard lock{mutex_};
    read_at_ = now;
    if (!fresh.ok() || fresh.value() == keys_) return;
    keys_ = std::move(fresh).value();
    remembered_.clear();
  }

  const Options options_;
  const Clock& clock_;
  std::mutex reading_;  // taken before mutex_
  std::mutex mutex_;    // guards all that follows
  KeysPtr keys_;
  Timestamp read_at_;
  Remembered remembered_;
};

TokenVerifier::TokenVerifier(std::unique_ptr<State> state) : state_(std::move(state)) {}

TokenVerifier::~TokenVerifier() = default;

Result<std::unique_ptr<TokenVerifier>> TokenVerifier::open(Options options, const Clock& clock) {
  if (const Status good = check_options(options); !good.ok()) return good.error();
  Result<KeysPtr> keys = PublicKeys::read(options.key_folder, nullptr);
  if (!keys.ok()) return keys.error();
  auto state = std::make_unique<State>(std::move(options), clock, std::move(keys).value());
  return std::unique_ptr<TokenVerifier>{new TokenVerifier{std::move(state)}};
}

Result<Caller> TokenVerifier::verify(std::string_view token) { return state_->verify(token); }

}  // namespace banyan::security
