#include "feed.hpp"

#include <utility>

#include "names.hpp"

namespace banyan::remote {
namespace {

constexpr Duration report_timeout = std::chrono::seconds{1};
// A consumer that is gone does not answer: it is missed after three times as long.
constexpr nats::PullOptions pull_options{.batch = 512, .expires = std::chrono::seconds{1}};

}  // namespace

Result<std::unique_ptr<Feed>> Feed::make(LinkRules rules, nats::Connection& connection,
                                         delivery::Subscriber& to, const Environment& environment,
                                         const IncomingOptions& options, StatementVerifier verifier) {
  auto reports = report_subject(rules.producer, rules.subscriber);
  if (!reports.ok()) return reports.error();
  const auto link = link_subject(rules.producer, rules.subscriber);
  if (!link.ok()) return link.error();
  std::optional<Run> run;
  if (verifier) run.emplace(rules.producer, std::string{link.value().text()}, std::move(verifier));
  return std::unique_ptr<Feed>{new Feed(std::move(rules), std::move(reports).value(), connection, to,
                                        environment, options, std::move(run))};
}

Feed::Feed(LinkRules rules, nats::Subject reports, nats::Connection& connection, delivery::Subscriber& to,
           const Environment& environment, const IncomingOptions& options, std::optional<Run> run)
    : rules_(std::move(rules)),
      reports_(std::move(reports)),
      connection_(connection),
      to_(to),
      clock_(environment.clock),
      log_(environment.log),
      incoming_(rules_.producer, rules_.subscriber, options, environment.clock,
                LinkMetrics{environment.metrics, rules_.producer, rules_.subscriber}, *this),
      run_(std::move(run)) {}

void Feed::resume(const std::string&, const delivery::Position& position) {
  connection_.call_on_loop([this, position] {
    if (is_started_) return begin(position);
    held_ = position;
  });
}

void Feed::start() {
  is_started_ = true;
  if (held_) begin(*std::exchange(held_, std::nullopt));
}

void Feed::stop() {
  is_stopped_ = true;
  if (stop_pulling_) stop_pulling_();
}

void Feed::rest() {
  stop();
  is_resting_ = true;
}

// A commit's confirmation need not wait for the one before it: the last one counts.
void Feed::confirm(const std::string&, std::uint64_t seq) {
  confirmed_ = seq;
  if (is_confirming_.exchange(true)) return;
  connection_.call_on_loop([this] {
    is_confirming_ = false;
    incoming_.confirm(confirmed_);
  });
}

// Starts pulling only now, when the writer's position is known; earlier messages could not be used. Listens
// before the first report is sent, because the producer may answer it with an invitation.
void Feed::begin(const delivery::Position& position) {
  if (std::exchange(has_begun_, true)) return incoming_.resume(position);
  listen();
  auto pulling = nats::pull(
      connection_, {.stream = stream_of(rules_.producer), .consumer = rules_.subscriber}, pull_options,
      {.on_delivery = [this](nats::Delivery delivery) { on_delivery(std::move(delivery)); },
       .on_trouble = [this](const Error& why) { on_trouble(why); },
       .on_well =
           [this] {
             is_answered_ = true;
             reminder_.forget();
           }});
  if (pulling.ok()) {
    stop_pulling_ = std::move(pulling).value();
  } else {
    log_.error("nothing is pulled", {{"cause", pulling.error()}});
  }
  incoming_.resume(position);
}

void Feed::listen() {
  const auto invitation = invitation_subject(rules_.producer, rules_.subscriber);
  const Status listening = invitation.ok()
                               ? connection_.subscribe(invitation.value().text(), {},
                                                       [this](const nats::Message&) { incoming_.invited(); })
                               : invitation.error();
  if (!listening.ok()) log_.error("no invitations are heard", {{"cause", listening.error()}});
}

void Feed::connected() {
  is_answered_ = false;
  incoming_.connected();
}

void Feed::tick() {
  incoming_.tick();
  is_flowing_ = flows();
}

bool Feed::flows() const {
  return connection_.state() == nats::State::connected && is_answered_ && incoming_.is_flowing();
}

LinkHealth Feed::describe() const {
  LinkHealth health = incoming_.describe();
  health.is_flowing = flows();
  return health;
}

void Feed::on_trouble(const Error& why) {
  is_answered_ = false;
  if (connection_.state() != nats::State::connected) return;  // which is said once
  reminder_.warn(log_, "nothing to pull from", stream_of(rules_.producer), why, clock_.now());
}

void Feed::on_delivery(nats::Delivery delivery) {
  if (is_stopped_) return;
  on_message({.stream_sequence = delivery.stream_sequence,
              .consumer_sequence = delivery.consumer_sequence,
              .reply = std::move(delivery.message.reply)},
             delivery.message);
  if (std::exchange(is_bursting_, true)) return;
  connection_.call_on_loop([this] {
    is_bursting_ = false;
    incoming_.paused();
    look_at_logs();
  });
}

void Feed::look_at_logs() {
  const auto other = incoming_.other_log();
  if (!other) return alarm_.forget();
  alarm_.alarm(log_, "rows of another log of the producer",
               Error{Errc::conflict, "remote.two_logs",
                     rules_.producer + " sends rows of the log " + to_string(*other) +
                         " too: two stores of it are in use, or it was replaced"},
               clock_.now());
}

void Feed::on_message(Place place, const nats::Message& raw) {
  if (run_ && Run::begins(raw)) break_off();
  auto message = decode(raw, rules_, clock_.now());
  if (!message.ok()) {
    break_off();
    return refuse(std::move(place), message.error());
  }
  if (run_) return on_signed(std::move(place), std::move(message).value(), raw);
  incoming_.arrived(std::move(place), std::move(message).value());
}

// Nothing of a run is used before its signature is there, and good.
void Feed::on_signed(Place place, Decoded message, const nats::Message& raw) {
  const Run::State state = run_->take(std::move(place), std::move(message), raw);
  if (state == Run::State::open) return;
  if (state == Run::State::broken) {
    break_off();
    return incoming_.missed();
  }
  for (Run::Held& held : run_->release()) {
    if (state == Run::State::believable) {
      incoming_.arrived(std::move(held.place), std::move(held.message));
    } else {
      refuse(std::move(held.place), run_->why());
    }
  }
  if (state == Run::State::forged) incoming_.missed();
}

void Feed::refuse(Place place, const Error& why) {
  log_.error("bad message in the stream",
             {{"producer", rules_.producer}, {"stream_sequence", place.stream_sequence}, {"cause", why}});
  incoming_.refused(std::move(place));
}

// The held messages of a broken run are sent again by the producer.
void Feed::break_off() {
  if (!run_) return;
  for (Run::Held& held : run_->release()) incoming_.incomplete(std::move(held.place));
}

void Feed::report(const Report& report, std::uint64_t wish) {
  if (is_resting_) return;
  connection_.request(reports_, {}, to_json(report), report_timeout,
                      [this, wish](const Result<nats::Message>& answer) {
                        if (answer.ok()) incoming_.heard(wish);
                      });
}

// A lost acknowledgement brings the message again, which is then skipped as a repeat.
void Feed::acknowledge(const std::string& reply) { static_cast<void>(nats::ack(connection_, reply)); }

}  // namespace banyan::remote
