#include <algorithm>
#include <memory>
#include <utility>

#include "api.hpp"
#include "banyan/base/numbers.hpp"
#include "banyan/json/encode.hpp"
#include "delivery.hpp"

namespace banyan::nats {
namespace {

constexpr int idle = 100;
constexpr int nothing_there = 404;
constexpr int expired = 408;
constexpr int no_responders = 503;
// The end of a pull must come while somebody listens.
constexpr Duration grace = std::chrono::seconds{1};
// Until the consumer has answered it is asked so often, and each pull ends soon, because its end is an
// answer.
constexpr Duration first_period = std::chrono::milliseconds{200};
constexpr Duration first_expires = std::chrono::milliseconds{50};

std::size_t undelivered(const Message& end) {
  const auto text = end.headers.find("Nats-Pending-Messages");
  return text ? parse_count(*text).value_or(0) : 0;
}

std::string encode_pull(std::size_t batch, Duration expires) {
  std::string body;
  json::Writer out{body};
  out.begin_object();
  json::member(out, "batch", static_cast<std::int64_t>(batch));
  json::member(out, "expires", std::int64_t{std::chrono::nanoseconds{expires}.count()});
  out.end_object();
  return body;
}

Error to_error(const Message& end) {
  if (end.status == no_responders) {
    return {Errc::unavailable, "nats.no_responders", "no JetStream, or no such consumer"};
  }
  return {Errc::unavailable, "nats.pull_refused", std::to_string(end.status) + " " + end.description};
}

// Keeps a demand for messages open. All on the loop; it lives as long as the connection.
class Puller : public std::enable_shared_from_this<Puller> {
 public:
  Puller(Connection& connection, ConsumerName name, Subject subject, const PullOptions& options,
         PullHandlers handlers)
      : connection_(connection),
        name_(std::move(name)),
        subject_(std::move(subject)),
        options_(options),
        handlers_(std::move(handlers)) {}

  void start() {
    inbox_ =
        connection_.open_inbox([self = shared_from_this()](Message m) { self->on_message(std::move(m)); });
    connection_.on_state([self = shared_from_this()](State state) {
      if (state != State::connected) return;
      self->is_well_ = false;
      self->ask_anew();
    });
    watch();
  }

  void stop() { is_stopped_ = true; }

 private:
  void ask_anew() {
    silent_for_ = Duration{0};
    ask_for_all();
  }

  // Earlier pulls are over, or count as lost.
  void ask_for_all() {
    demand_ = 0;
    ask();
  }

  void ask() {
    if (is_stopped_) return;
    const std::size_t more = options_.batch - demand_;
    const Duration expires = is_well_ ? options_.expires : std::min(options_.expires, first_expires);
    const auto sent =
        connection_.publish_from(inbox_, subject_, {}, encode_pull(more, expires), expires + grace);
    if (sent.ok()) demand_ = options_.batch;
  }

  void on_message(Message message) {
    if (is_stopped_) return;
    silent_for_ = Duration{0};
    if (is_delivery(message)) {
      on_delivery(std::move(message));
    } else if (message.status != idle) {
      on_end(message);
    }
  }

  void on_delivery(Message message) {
    if (demand_ > 0) --demand_;
    auto delivery = to_delivery(std::move(message));
    if (delivery.ok()) {
      note_well();
      handlers_.on_delivery(std::move(delivery).value());
    } else {
      note_trouble(delivery.error());
    }
    if (demand_ <= options_.batch / 2) ask();
  }

  void on_end(const Message& end) {
    if (end.status == expired || end.status == nothing_there) {
      note_well();
      demand_ -= std::min(demand_, undelivered(end));
      if (demand_ <= options_.batch / 2) ask();
      return;
    }
    note_trouble(to_error(end));
    if (std::exchange(is_retrying_, true)) return;
    connection_.call_after(options_.retry_after, [self = shared_from_this()] {
      self->is_retrying_ = false;
      self->ask_anew();
    });
  }

  // Every pull ends within a period, so that there is something to hear, unless the consumer is gone: to that
  // nobody answers.
  void watch() {
    const Duration period = is_well_ ? options_.expires : std::min(options_.expires, first_period);
    connection_.call_after(period, [self = shared_from_this(), period] {
      if (self->is_stopped_) return;
      self->silent_for_ += period;
      if (self->silent_for_ >= 2 * self->options_.expires) {
        self->look_after();
      } else if (!self->is_well_ && !self->is_retrying_) {
        self->ask_for_all();
      }
      self->watch();
    });
  }

  void look_after() {
    ask_anew();
    consumer_info(connection_, name_, options_.expires, [self = shared_from_this()](const auto& info) {
      if (!info.ok()) self->note_trouble(info.error());
    });
  }

  void note_trouble(const Error& why) {
    is_well_ = false;
    handlers_.on_trouble(why);
  }

  void note_well() {
    if (!std::exchange(is_well_, true) && handlers_.on_well) handlers_.on_well();
  }

  Connection& connection_;
  const ConsumerName name_;
  const Subject subject_;
  const PullOptions options_;
  const PullHandlers handlers_;
  Connection::Inbox inbox_ = 0;
  std::size_t demand_ = 0;  // messages that were asked for and did not come yet
  Duration silent_for_{0};
  bool is_retrying_ = false;
  bool is_well_ = false;  // it has answered since the last connect, and there was no trouble since
  bool is_stopped_ = false;
};

}  // namespace

Result<StopPulling> pull(Connection& connection, const ConsumerName& name, const PullOptions& options,
                         PullHandlers handlers) {
  auto subject = api_subject("CONSUMER.MSG.NEXT", {name.stream, name.consumer});
  if (!subject.ok()) return subject.error();
  if (options.batch == 0 || options.expires <= Duration{0} || options.retry_after <= Duration{0}) {
    return Error{Errc::invalid_argument, "nats.bad_options",
                 "batch, expires and retry_after must be positive"};
  }
  auto puller =
      std::make_shared<Puller>(connection, name, std::move(subject).value(), options, std::move(handlers));
  puller->start();
  return StopPulling{[puller] { puller->stop(); }};
}

}  // namespace banyan::nats
