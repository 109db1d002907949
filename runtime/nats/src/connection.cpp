#include "banyan/nats/connection.hpp"

#include "core.hpp"

namespace banyan::nats {
namespace {

bool is_inbox(std::string_view subject) { return subject.starts_with("_INBOX"); }

Error bad_options(std::string_view why) {
  return {Errc::invalid_argument, "nats.bad_options", std::string{why}};
}

Status check(const ConnectionOptions& options) {
  if (!is_token(options.name)) return bad_options("name: is no token");
  if (!is_token(options.inbox_prefix)) return bad_options("inbox_prefix: is no token");
  if (!is_inbox(options.inbox_prefix)) return bad_options("inbox_prefix: does not begin with _INBOX");
  if (options.tls && options.expected_host.empty()) return bad_options("expected_host: is needed with tls");
  if (options.connect_timeout <= Duration{0}) return bad_options("connect_timeout: is not positive");
  if (options.reconnect_min <= Duration{0} || options.reconnect_max < options.reconnect_min) {
    return bad_options("reconnect_min, reconnect_max: must be positive, and in order");
  }
  return success();
}

}  // namespace

std::string_view to_string(State state) noexcept {
  switch (state) {
    case State::connecting:
      return "connecting";
    case State::connected:
      return "connected";
    case State::disconnected:
      return "disconnected";
    case State::closed:
      return "closed";
  }
  return "unknown";
}

Result<std::unique_ptr<Connection>> Connection::open(ConnectionOptions options, const Clock& clock,
                                                     Random& random, telemetry::Log log) {
  if (const auto status = check(options); !status.ok()) return status.error();
  auto addresses = parse_addresses(options.url);
  if (!addresses.ok()) return addresses.error();
  Wiring unused;
  const auto usable = make_options(options, addresses.value().front().url, unused);
  if (!usable.ok()) return usable.error();
  auto core =
      std::make_shared<Core>(std::move(options), std::move(addresses).value(), clock, random, std::move(log));
  core->start();
  return std::unique_ptr<Connection>{new Connection{std::move(core)}};
}

Connection::Connection(std::shared_ptr<Core> core) : core_(std::move(core)) {}

Connection::~Connection() { close(); }

Status Connection::publish(const Subject& subject, Headers headers, std::string data, std::string reply) {
  Outgoing message{.subject = subject.text(),
                   .reply = std::move(reply),
                   .headers = std::move(headers),
                   .data = std::move(data)};
  return core_->publish(std::move(message));
}

void Connection::request(const Subject& subject, Headers headers, std::string data, Duration timeout,
                         OnAnswer done) {
  Outgoing message{.subject = subject.text(),
                   .headers = std::move(headers),
                   .data = std::move(data),
                   .done = std::move(done)};
  core_->request(std::move(message), timeout);
}

Status Connection::respond(const Message& request, Headers headers, std::string data) {
  const auto reply = Subject::parse(request.reply);
  if (!reply.ok()) return reply.error();
  if (!is_inbox(request.reply)) {
    return Error{Errc::invalid_argument, "nats.bad_subject", "answers go to inboxes alone"};
  }
  return publish(reply.value(), std::move(headers), std::move(data));
}

Status Connection::subscribe(std::string_view pattern, std::string queue_group, OnMessage on_message) {
  auto checked = Pattern::parse(pattern);
  if (!checked.ok()) return checked.error();
  if (!queue_group.empty() && !is_token(queue_group)) {
    return Error{Errc::invalid_argument, "nats.bad_subject", "the queue group is no token"};
  }
  core_->subscribe(std::move(checked).value(), std::move(queue_group), std::move(on_message));
  return success();
}

void Connection::stop_listening(std::function<void()> done) { core_->stop_listening(std::move(done)); }

Connection::Inbox Connection::open_inbox(OnMessage on_message) {
  return core_->open_inbox(std::move(on_message));
}

Status Connection::publish_from(Inbox inbox, const Subject& subject, Headers headers, std::string data,
                                Duration linger) {
  Outgoing message{.subject = subject.text(),
                   .headers = std::move(headers),
                   .data = std::move(data),
                   .inbox = inbox,
                   .linger = linger};
  return core_->publish(std::move(message));
}

void Connection::on_state(std::function<void(State)> on_state) { core_->on_state(std::move(on_state)); }
State Connection::state() const noexcept { return core_->state(); }
std::optional<Error> Connection::trouble() const { return core_->trouble(); }
ServerFacts Connection::server() const { return core_->server(); }
void Connection::call_on_loop(std::function<void()> call) { core_->call(std::move(call)); }
void Connection::call_after(Duration delay, std::function<void()> call) {
  core_->call_after(delay, std::move(call));
}
Status Connection::reload_certificates() { return core_->reload_certificates(); }
void Connection::close() { core_->close(); }

}  // namespace banyan::nats
