#include "banyan/security/statement.hpp"

#include <mutex>
#include <utility>

#include "jws.hpp"
#include "known_keys.hpp"
#include "own_key.hpp"

namespace banyan::security {

class StatementSigner::State {
 public:
  State(OwnKey key, const Clock& clock) : clock_(clock), key_(std::move(key)) {}

  Result<std::string> sign(std::string_view statement) {
    const std::lock_guard lock{mutex_};
    key_.refresh(clock_.now());
    return security::sign(key_.handle(), key_.id(), statement_type, statement);
  }

 private:
  const Clock& clock_;
  std::mutex mutex_;
  OwnKey key_;
};

StatementSigner::StatementSigner(std::unique_ptr<State> state) : state_(std::move(state)) {}

StatementSigner::~StatementSigner() = default;

Result<std::unique_ptr<StatementSigner>> StatementSigner::open(Options options, const Clock& clock) {
  Result<OwnKey> key = OwnKey::read(std::move(options.key_file), options.reread_after, clock.now());
  if (!key.ok()) return key.error();
  auto state = std::make_unique<State>(std::move(key).value(), clock);
  return std::unique_ptr<StatementSigner>{new StatementSigner{std::move(state)}};
}

Result<std::string> StatementSigner::sign(std::string_view statement) { return state_->sign(statement); }

class StatementVerifier::State {
 public:
  State(std::unique_ptr<KnownKeys> keys, const Clock& clock) : clock_(clock), known_(std::move(keys)) {}

  Result<std::string> verify(std::string_view signature, std::string_view statement) {
    const Result<OpenedJws> opened = open_jws(signature, statement_type);
    if (!opened.ok()) return opened.error();
    if (opened.value().payload() != statement) return unauthenticated("something else was signed");
    const KnownKeys::Keys keys = known_->with(opened.value().key_id(), clock_.now());
    const PublicKey* key = keys->find(opened.value().key_id());
    if (key == nullptr) return unauthenticated("the key is not known");
    if (key->until && clock_.utc() >= *key->until) return unauthenticated("the key is not believed any more");
    if (!opened.value().is_signed_by(key->handle)) return unauthenticated("the signature is wrong");
    return key->account;
  }

 private:
  const Clock& clock_;
  const std::unique_ptr<KnownKeys> known_;
};

StatementVerifier::StatementVerifier(std::unique_ptr<State> state) : state_(std::move(state)) {}

StatementVerifier::~StatementVerifier() = default;

Result<std::unique_ptr<StatementVerifier>> StatementVerifier::open(Options options, const Clock& clock) {
  auto keys = KnownKeys::open(std::move(options.key_folder), options.reread_after, clock.now());
  if (!keys.ok()) return keys.error();
  auto state = std::make_unique<State>(std::move(keys).value(), clock);
  return std::unique_ptr<StatementVerifier>{new StatementVerifier{std::move(state)}};
}

Result<std::string> StatementVerifier::verify(std::string_view signature, std::string_view statement) {
  return state_->verify(signature, statement);
}

}  // namespace banyan::security
