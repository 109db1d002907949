#include "banyan/security/token_issuer.hpp"

#include <map>
#include <mutex>
#include <utility>

#include "banyan/base/uuid.hpp"
#include "banyan/json/writer.hpp"
#include "banyan/security/certificate.hpp"
#include "jws.hpp"
#include "own_key.hpp"

namespace banyan::security {
namespace {

using std::chrono::seconds;

Status check_options(const TokenIssuer::Options& options) {
  if (seconds{1} <= options.life && options.life <= token_life_max) return check_name(options.account);
  return Error{Errc::invalid_argument, "security.bad_life", "a token lives for 1 s to 15 min"};
}

}  // namespace

class TokenIssuer::State {
 public:
  State(Options options, const Clock& clock, Random& random, OwnKey key)
      : options_(std::move(options)), clock_(clock), ids_(clock, random), key_(std::move(key)) {}

  Result<std::string> token_for(std::string_view audience) {
    if (const Status good = check_name(audience); !good.ok()) return good.error();
    const std::lock_guard lock{mutex_};
    const Timestamp now = clock_.utc();
    if (key_.refresh(clock_.now())) tokens_.clear();
    const auto made = tokens_.find(audience);
    if (made != tokens_.end() && made->second.is_fresh(now)) return made->second.text;
    return make_token(audience, now);
  }

 private:
  struct Token {
    std::string text;
    Timestamp made_at;
    Timestamp renew_at;

    bool is_fresh(Timestamp now) const { return made_at <= now && now < renew_at; }
  };

  Result<std::string> make_token(std::string_view audience, Timestamp now) {
    Result<std::string> token = sign(key_.handle(), key_.id(), token_type, claims(audience, now));
    if (!token.ok()) return token;
    tokens_.insert_or_assign(std::string{audience}, Token{token.value(), now, now + options_.life * 2 / 3});
    return token;
  }

  std::string claims(std::string_view audience, Timestamp now) {
    const auto issued = std::chrono::floor<seconds>(now);
    const auto expires = issued + std::chrono::floor<seconds>(options_.life);
    std::string text;
    json::Writer out{text};
    const auto member = [&out](std::string_view name, std::string_view value) {
      out.name(name);
      out.string(value);
    };
    const auto time = [&out](std::string_view name, std::chrono::sys_seconds value) {
      out.name(name);
      out.integer(value.time_since_epoch().count());
    };
    out.begin_object();
    member("iss", options_.account);
    member("sub", options_.account);
    member("aud", audience);
    time("iat", issued);
    time("nbf", issued);
    time("exp", expires);
    member("jti", to_string(ids_.next()));
    out.end_object();
    return text;
  }

  const Options options_;
  const Clock& clock_;
  IdSource ids_;
  std::mutex mutex_;  // guards all that follows
  OwnKey key_;
  std::map<std::string, Token, std::less<>> tokens_;  // by audience
};

TokenIssuer::TokenIssuer(std::unique_ptr<State> state) : state_(std::move(state)) {}

TokenIssuer::~TokenIssuer() = default;

Result<std::unique_ptr<TokenIssuer>> TokenIssuer::open(Options options, const Clock& clock, Random& random) {
  if (const Status good = check_options(options); !good.ok()) return good.error();
  Result<OwnKey> key = OwnKey::read(options.key_file, options.reread_after, clock.now());
  if (!key.ok()) return key.error();
  auto state = std::make_unique<State>(std::move(options), clock, random, std::move(key).value());
  return std::unique_ptr<TokenIssuer>{new TokenIssuer{std::move(state)}};
}

Result<std::string> TokenIssuer::token_for(std::string_view audience) { return state_->token_for(audience); }

}  // namespace banyan::security
