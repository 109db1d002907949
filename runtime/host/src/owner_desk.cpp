#include "owner_desk.hpp"

#include <algorithm>
#include <utility>

#include "banyan/telemetry/names.hpp"

namespace banyan::host {
namespace {

constexpr Duration answer_timeout = std::chrono::seconds{1};
constexpr Duration tick_period = std::chrono::milliseconds{50};
constexpr Duration first_tick_period = std::chrono::milliseconds{10};  // as long as somebody waits
// Of a start, beside the patience with another process: one answer may be on its way.
constexpr Duration grace = std::chrono::seconds{5};
constexpr Duration silence = std::chrono::minutes{1};

std::string who(const std::string& module) { return "own." + module + ".who"; }
std::string here(const std::string& module) { return "own." + module + ".here"; }

constexpr std::string_view advice =
    "stop one of the two; the one that has yielded serves nobody until it is started again";

}  // namespace

OwnerDesk::OwnerDesk(std::string module, OwnerCard self, const OwnerOptions& options,
                     nats::Connection& connection, const remote::Environment& environment, Handlers handlers)
    : module_(std::move(module)),
      options_(options),
      connection_(connection),
      clock_(environment.clock),
      log_(environment.log.for_module(module_)),
      handlers_(std::move(handlers)),
      watch_(self, options, environment.clock, *this),
      health_{.self = std::move(self), .other = {}},
      reading_(environment.metrics.gauge(telemetry::names::other_owner, {{"module", module_}},
                                         [this] { return health().other ? 1.0 : 0.0; })) {}

void OwnerDesk::start() {
  const Status listening =
      connection_.subscribe(here(module_), {}, [this](const nats::Message& message) { on_card(message); });
  if (!listening.ok()) log_.error("no owners are heard", {{"cause", listening.error()}});
  connection_.on_state([this](nats::State state) { on_state(state); });
  connection_.call_on_loop([this] { keep_ticking(); });
}

OwnerHealth OwnerDesk::wait(Duration connect_patience) {
  const auto is_decided = [this] { return health_.self.state != OwnerCard::State::waiting; };
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, connect_patience, [&] { return is_decided() || was_connected_; });
  if (was_connected_) changed_.wait_for(lock, options_.patience + grace, is_decided);
  return health_;
}

OwnerHealth OwnerDesk::health() const {
  const std::lock_guard lock{mutex_};
  return health_;
}

void OwnerDesk::on_state(nats::State state) {
  if (state == nats::State::connected) {
    watch_.connected();
  } else {
    watch_.disconnected();
  }
  note();
}

void OwnerDesk::on_question(const nats::Message& message) {
  const auto card = parse_owner_card(message.data);
  if (!card.ok() || card.value().process == watch_.self().process) return;
  watch_.asked();
  const Instant now = clock_.now();
  if (refused_at_ && now - *refused_at_ < silence) return;
  refused_at_ = now;
  log_.warning("another process wants to serve this module, and is refused",
               {{"other", place_of(card.value())}});
}

void OwnerDesk::on_card(const nats::Message& message) {
  const auto card = parse_owner_card(message.data);
  if (!card.ok()) return log_.error("bad card of another process", {{"cause", card.error()}});
  watch_.heard(card.value());
  note();
}

void OwnerDesk::keep_ticking() {
  watch_.tick();
  note();
  connection_.call_after(watch_.is_decided() ? tick_period : first_tick_period, [this] { keep_ticking(); });
}

void OwnerDesk::note() {
  const std::lock_guard lock{mutex_};
  health_ = {.self = watch_.self(), .other = watch_.is_decided() ? watch_.other() : std::nullopt};
  was_connected_ = was_connected_ || connection_.state() == nats::State::connected;
  changed_.notify_all();
}

// The server itself tells at once that nobody listens. Who does listen answers with a card.
void OwnerDesk::ask(std::uint64_t question) {
  connection_.request(nats::Subject::parse(who(module_)).value(), {}, to_json(watch_.self()), answer_timeout,
                      [this, question](const Result<nats::Message>& answer) {
                        const bool is_nobody =
                            !answer.ok() && answer.error().reason() == "nats.no_responders";
                        is_nobody ? watch_.nobody_serves(question) : watch_.nobody_answered(question);
                        note();
                      });
}

void OwnerDesk::listen() {
  const Status listening =
      connection_.subscribe(who(module_), {}, [this](const nats::Message& message) { on_question(message); });
  if (!listening.ok()) log_.error("no questions for the owner are heard", {{"cause", listening.error()}});
}

void OwnerDesk::tell(const OwnerCard& self) {
  // The next period tells it again.
  static_cast<void>(connection_.publish(nats::Subject::parse(here(module_)).value(), {}, to_json(self)));
}

void OwnerDesk::admit() { handlers_.on_admitted(); }

void OwnerDesk::yield(const OwnerCard& to) {
  log_.error("another process serves this module; this one does not",
             {{"this", place_of(watch_.self())}, {"other", place_of(to)}, {"next", advice}});
  handlers_.on_yielded(to);
}

void OwnerDesk::alarm(const OwnerCard& other) {
  log_.error("another process serves this module, or has served it, besides this one",
             {{"this", place_of(watch_.self())},
              {"other", place_of(other)},
              {"state", to_string(other.state)},
              {"next", advice}});
}

void OwnerDesk::all_clear() { log_.info("no other process serves this module any more"); }

}  // namespace banyan::host
