#include "banyan/security/token_verifier.hpp"

#include <algorithm>
#include <functional>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "banyan/security/certificate.hpp"
#include "claims.hpp"
#include "jws.hpp"
#include "known_keys.hpp"

namespace banyan::security {
namespace {

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
  State(Options options, const Clock& clock, std::unique_ptr<KnownKeys> keys)
      : options_(std::move(options)), clock_(clock), known_(std::move(keys)) {}

  Result<Caller> verify(std::string_view token) {
    if (token.size() > token_bytes_max) return unauthenticated("too long");
    const Timestamp now = clock_.utc();
    if (auto known = recall(token, now)) return *std::move(known);
    const Result<OpenedToken> opened = open_token(token);
    if (!opened.ok()) return opened.error();
    const KnownKeys::Keys keys = known_->with(opened.value().jws.key_id(), clock_.now());
    Result<Caller> caller = check(opened.value(), *keys, now);
    if (caller.ok()) remember(token, caller.value(), keys, now);
    return caller;
  }

 private:
  using Remembered = std::unordered_map<std::string, Caller, TextHash, std::equal_to<>>;

  Result<Caller> check(const OpenedToken& opened, const PublicKeys& keys, Timestamp now) const {
    const PublicKey* key = keys.find(opened.jws.key_id());
    if (key == nullptr) return unauthenticated("the key is not known");
    if (key->until && now >= *key->until) return unauthenticated("the key is not believed any more");
    if (!opened.jws.is_signed_by(key->handle)) return unauthenticated("the signature is wrong");
    const Result<Claims> claims = check_claims(
        opened.claims,
        {.account = key->account, .audience = options_.audience, .now = now, .leeway = options_.leeway});
    if (!claims.ok()) return claims.error();
    const Timestamp end = claims.value().expires + options_.leeway;
    return Caller{.account = key->account,
                  .token_id = claims.value().id,
                  .expires = std::min(end, key->until.value_or(end))};
  }

  // Forgets the remembered tokens when the keys change, because they were proved with the old ones.
  void forget_unless_of(const KnownKeys::Keys& keys) {
    if (std::exchange(remembered_of_, keys) != keys) remembered_.clear();
  }

  std::optional<Caller> recall(std::string_view token, Timestamp now) {
    const KnownKeys::Keys keys = known_->as_of(clock_.now());
    const std::lock_guard lock{mutex_};
    forget_unless_of(keys);
    const auto found = remembered_.find(token);
    if (found == remembered_.end() || now >= found->second.expires) return std::nullopt;
    return found->second;
  }

  void remember(std::string_view token, const Caller& caller, const KnownKeys::Keys& keys, Timestamp now) {
    const std::lock_guard lock{mutex_};
    forget_unless_of(keys);
    if (remembered_.size() >= options_.remembered_max) {
      std::erase_if(remembered_, [now](const auto& entry) { return now >= entry.second.expires; });
    }
    if (remembered_.size() >= options_.remembered_max) remembered_.clear();
    remembered_.insert_or_assign(std::string{token}, caller);
  }

  const Options options_;
  const Clock& clock_;
  const std::unique_ptr<KnownKeys> known_;
  std::mutex mutex_;  // guards all that follows
  KnownKeys::Keys remembered_of_;
  Remembered remembered_;
};

TokenVerifier::TokenVerifier(std::unique_ptr<State> state) : state_(std::move(state)) {}

TokenVerifier::~TokenVerifier() = default;

Result<std::unique_ptr<TokenVerifier>> TokenVerifier::open(Options options, const Clock& clock) {
  if (const Status good = check_options(options); !good.ok()) return good.error();
  auto keys = KnownKeys::open(options.key_folder, options.reread_after, clock.now());
  if (!keys.ok()) return keys.error();
  auto state = std::make_unique<State>(std::move(options), clock, std::move(keys).value());
  return std::unique_ptr<TokenVerifier>{new TokenVerifier{std::move(state)}};
}

Result<Caller> TokenVerifier::verify(std::string_view token) { return state_->verify(token); }

}  // namespace banyan::security
