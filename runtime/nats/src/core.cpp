#include "core.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <charconv>
#include <span>

namespace banyan::nats {
namespace {

namespace asio = boost::asio;

constexpr int no_responders = 503;
// The head of a message in the protocol, and what is kept about it.
constexpr std::size_t message_bytes = 128;
constexpr std::size_t header_bytes = 4;

Error disconnected() { return {Errc::unavailable, "nats.disconnected", "not connected to a NATS server"}; }
Error closed() { return {Errc::unavailable, "nats.closed", "the connection was closed"}; }
Error full(std::string_view why) { return {Errc::resource_exhausted, "nats.full", std::string{why}}; }

std::size_t payload_of(const Outgoing& message) {
  return message.data.size() + message.headers.text_size() + header_bytes * message.headers.size();
}

// Nobody can guess it: who knows it could send answers.
std::string make_secret(Random& random) {
  std::array<std::byte, 16> bytes;
  random.fill(bytes);
  std::string text;
  for (const std::byte byte : bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    text += digits[std::to_integer<std::size_t>(byte >> 4)];
    text += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
  }
  return text;
}

}  // namespace

Connection::Core::Core(ConnectionOptions options, std::vector<ServerAddress> addresses, const Clock& clock,
                       Random& random, telemetry::Log log)
    : options_(std::move(options)),
      addresses_(std::move(addresses)),
      random_(random),
      log_(std::move(log)),
      timers_(loop_, clock) {}

Connection::Core::~Core() { close(); }

void Connection::Core::start() {
  call([this] { connect(); });
  thread_ = std::thread{[this] {
    loop_.run();
    nats_ReleaseThreadMemory();
  }};
}

// --- from any thread ---

std::optional<Error> Connection::Core::refusal(const Outgoing& message) const {
  if (const auto status = check_headers(message.headers); !status.ok()) return status.error();
  if (!message.reply.empty()) {
    if (const auto reply = Subject::parse(message.reply); !reply.ok()) return reply.error();
  }
  if (state_ == State::closed) return closed();
  if (state_ != State::connected) return disconnected();
  if (const std::size_t most = payload_max_; most > 0 && payload_of(message) > most) {
    return Error{Errc::invalid_argument, "nats.too_large",
                 "the server takes messages of " + std::to_string(most) + " bytes at most"};
  }
  if (pending_bytes_ + message.bytes > options_.pending_max) return full("too much waits to be written");
  return std::nullopt;
}

// False if it was closed; the task is as it was then.
bool Connection::Core::hand_over(Task&& task) {
  std::unique_lock lock{mutex_};
  if (is_closed_) return false;
  handed_over_.push_back(std::move(task));
  const bool is_first = handed_over_.size() == 1;
  lock.unlock();
  // One wake-up for all that comes before the loop looks.
  if (is_first) asio::post(loop_, [this] { take_over(); });
  return true;
}

Status Connection::Core::publish(Outgoing message) {
  message.bytes = message_bytes + payload_of(message);
  if (auto error = refusal(message)) return std::move(*error);
  const std::size_t bytes = message.bytes;
  pending_bytes_ += bytes;
  if (hand_over(std::move(message))) return success();
  pending_bytes_ -= bytes;
  return closed();
}

void Connection::Core::request(Outgoing message, Duration timeout) {
  message.bytes = message_bytes + payload_of(message);
  message.deadline = timers_.now() + timeout;
  auto error = refusal(message);
  if (!error && open_requests_ >= options_.requests_max) error = full("too many requests are unanswered");
  if (error) return fail(std::move(message.done), *error);
  ++open_requests_;
  message.done = [this, done = std::move(message.done)](Result<Message> answer) {
    --open_requests_;
    done(std::move(answer));
  };
  pending_bytes_ += message.bytes;
  Task task{std::move(message)};
  if (!hand_over(std::move(task))) std::get<Outgoing>(task).done(closed());
}

// On the loop, as any answer.
void Connection::Core::fail(OnAnswer done, const Error& why) {
  if (!hand_over([done, why] { done(why); })) done(closed());
}

// A connection that is closed calls nobody any more.
void Connection::Core::call(std::function<void()> call) { static_cast<void>(hand_over(std::move(call))); }

void Connection::Core::call_after(Duration delay, std::function<void()> later) {
  call([this, delay, later = std::move(later)] { timers_.add_after(delay, later); });
}

void Connection::Core::subscribe(Pattern pattern, std::string queue_group, OnMessage on_message) {
  call([this, added = Subscription{std::move(pattern), std::move(queue_group), std::move(on_message)}] {
    subscriptions_.push_back(added);
    for (Session* session : {current_.get(), next_.get()}) {
      if (session != nullptr) {
        session->subscribe(subscriptions_.size() - 1, added.pattern.text(), added.queue_group);
      }
    }
  });
}

// A session that retires has stopped already.
void Connection::Core::stop_listening(std::function<void()> done) {
  call([this, done = std::move(done)] {
    is_listening_ = false;
    on_silence_ = done;
    if (next_) next_->stop_listening();
    if (!current_) return fall_silent();
    current_->stop_listening();
    current_->confirm([this](bool) { fall_silent(); });
  });
}

Connection::Inbox Connection::Core::open_inbox(OnMessage on_message) {
  const Inbox inbox = last_inbox_++;
  call([this, inbox, on_message = std::move(on_message)] {
    if (inboxes_.size() <= inbox) inboxes_.resize(inbox + 1);
    inboxes_[inbox] = on_message;
    for (Session* session : {current_.get(), next_.get()}) {
      if (session != nullptr) session->open_inbox(inbox);
    }
  });
  return inbox;
}

void Connection::Core::on_state(std::function<void(State)> on_state) {
  call([this, on_state = std::move(on_state)] {
    on_state(state_);
    on_state_.push_back(on_state);
  });
}

std::optional<Error> Connection::Core::trouble() const {
  const std::lock_guard lock{mutex_};
  return trouble_;
}

ServerFacts Connection::Core::server() const {
  const std::lock_guard lock{mutex_};
  return facts_;
}

Status Connection::Core::reload_certificates() {
  Wiring unused;
  if (const auto usable = make_options(options_, addresses_.front().url, unused); !usable.ok()) {
    return usable.error();
  }
  call([this] { replace(); });
  return success();
}

void Connection::Core::close() {
  if (is_closing_.exchange(true)) return;
  call([this] { refuse_more(); });
  if (thread_.joinable()) thread_.join();
}

// --- on the loop: messages ---

void Connection::Core::take_over() {
  {
    const std::lock_guard lock{mutex_};
    taken_.swap(handed_over_);
  }
  for (Task& task : taken_) {
    if (auto* message = std::get_if<Outgoing>(&task)) {
      take(std::move(*message));
    } else {
      std::get<std::function<void()>>(task)();
    }
  }
  taken_.clear();
  if (current_) current_->flush();
}

void Connection::Core::take(Outgoing message) {
  if (message.done) message.request = requests_.add(message.deadline, std::move(message.done));
  if (!current_) return drop(message, disconnected());
  if (waiting_.empty() && !is_held_ && current_->has_room()) return write(std::move(message));
  waiting_.push_back(std::move(message));
}

void Connection::Core::write(Outgoing message) {
  pending_bytes_ -= message.bytes;
  if (message.request) {
    if (!requests_.is_open(*message.request)) return;
    message.reply = current_->answer_subject(*message.request);
  } else if (message.inbox) {
    message.reply = current_->inbox_subject(*message.inbox);
    answers_until_ = std::max(answers_until_, timers_.now() + message.linger);
  }
  const bool is_sent = current_->publish(message.subject, message.reply, message.headers, message.data);
  if (!message.request) return;
  if (is_sent) {
    requests_.sent(*message.request, *current_);
  } else {
    requests_.answer(*message.request, disconnected());
  }
}

void Connection::Core::write_waiting() {
  while (!waiting_.empty() && !is_held_ && current_ && current_->has_room()) {
    Outgoing message = std::move(waiting_.front());
    waiting_.pop_front();
    write(std::move(message));
  }
  if (current_) current_->flush();
}

void Connection::Core::drop(Outgoing& message, const Error& error) {
  pending_bytes_ -= message.bytes;
  if (message.request) requests_.answer(*message.request, error);
}

void Connection::Core::on_answer(std::uint64_t request, Message answer) {
  if (answer.status != no_responders || !answer.data.empty())
    return requests_.answer(request, std::move(answer));
  requests_.answer(request, Error{Errc::unavailable, "nats.no_responders", "nobody listens there"});
}

void Connection::Core::on_message(std::size_t subscription, Message message) {
  subscriptions_[subscription].on_message(std::move(message));
}

void Connection::Core::on_inbox(std::size_t inbox, Message message) { inboxes_[inbox](std::move(message)); }

void Connection::Core::on_writable(Session& session) {
  if (&session == current_.get()) write_waiting();
}

void Connection::Core::on_refusal(std::string_view text) {
  log_.error("the NATS server refuses a subject", {{"detail", text}});
}

// --- on the loop: connections ---

void Connection::Core::connect() {
  if (attempt_ || (current_ && !is_replacing_) || next_) return;
  const ServerAddress& address = addresses_[attempts_++ % addresses_.size()];
  const auto on_end = [this, attempt = attempts_, generation = generation_](Result<Established> result) {
    asio::post(loop_, [=, this, end = std::make_shared<Result<Established>>(std::move(result))] {
      if (attempt_ && attempt == attempts_) on_attempt_end(std::move(*end), generation);
    });
  };
  attempt_ = std::make_unique<Attempt>(options_, address, on_end);
  // The handshake may hang; looking for the server and cnats have a limit each.
  timers_.add_after(3 * options_.connect_timeout, [this, attempt = attempts_] {
    if (!attempt_ || attempt != attempts_) return;
    attempt_->abandon();
    attempt_.reset();
    on_failure({Errc::unavailable, "nats.unreachable", "the server does not end the handshake"});
  });
}

void Connection::Core::connect_later() {
  constexpr int doublings_max = 20;
  const auto doubled = options_.reconnect_min * (1LL << std::min(failures_, doublings_max));
  const Duration most = std::min(options_.reconnect_max, Duration{doubled});
  const Duration least = std::max(options_.reconnect_min, most / 2);
  const auto chosen =
      static_cast<Duration::rep>(random_.uniform() * static_cast<double>((most - least).count()));
  timers_.add_after(least + Duration{chosen}, [this] { connect(); });
}

void Connection::Core::on_attempt_end(Result<Established> result, int generation) {
  attempt_.reset();
  if (generation != generation_) return connect();
  if (!result.ok()) return on_failure(result.error());
  failures_ = 0;
  connected_generation_ = generation;
  auto session = make_session(std::move(result).value());
  if (!current_) return adopt(std::move(session));
  next_ = std::move(session);
  next_->confirm([this, confirmed = next_.get()](bool is_confirmed) {
    if (confirmed != next_.get()) return;
    if (is_confirmed) return begin_switch();
    next_->close();
    next_.reset();
    connect_later();
  });
}

void Connection::Core::on_failure(const Error& error) {
  bool is_news = false;
  {
    const std::lock_guard lock{mutex_};
    is_news = !trouble_ || trouble_->detail() != error.detail();
    trouble_ = error;
  }
  if (is_news) log_.warning("can't connect to NATS; trying on", {{"url", options_.url}, {"error", error}});
  ++failures_;
  connect_later();
}

std::shared_ptr<Session> Connection::Core::make_session(Established established) {
  const std::string prefix = options_.inbox_prefix + '.';
  const Session::Subjects subjects{prefix + make_secret(random_), prefix + make_secret(random_)};
  auto session =
      std::make_shared<Session>(loop_, std::move(established), options_.tls.has_value(), subjects, *this);
  session->start();
  for (std::size_t i = 0; i < inboxes_.size(); ++i) session->open_inbox(i);
  listen(*session);
  return session;
}

void Connection::Core::listen(Session& session) {
  if (!is_listening_) return;
  for (std::size_t i = 0; i < subscriptions_.size(); ++i) {
    session.subscribe(i, subscriptions_[i].pattern.text(), subscriptions_[i].queue_group);
  }
  session.flush();
}

void Connection::Core::fall_silent() {
  if (const auto done = std::exchange(on_silence_, nullptr)) done();
}

void Connection::Core::adopt(std::shared_ptr<Session> session) {
  current_ = std::move(session);
  next_.reset();
  is_held_ = false;
  answers_until_ = {};
  payload_max_ = current_->facts().payload_max;
  {
    const std::lock_guard lock{mutex_};
    facts_ = current_->facts();
    trouble_.reset();
  }
  log_.info("connected to NATS", {{"url", current_->url()}, {"version", current_->facts().version}});
  if (state_ != State::connected) announce(State::connected);
  write_waiting();
  // The certificates may have changed again meanwhile.
  is_replacing_ = connected_generation_ != generation_;
  if (is_replacing_) connect();
}

void Connection::Core::announce(State state) {
  state_ = state;
  for (std::size_t i = 0; i < on_state_.size(); ++i) on_state_[i](state);
}

void Connection::Core::on_lost(Session& session, const std::string& why) {
  const bool is_last = &session == current_.get() && !next_;
  if (is_last) state_ = State::disconnected;  // whoever is told of an error now can see why
  requests_.lose(session);
  std::erase_if(retiring_, [&](const Retiring& old) { return old.session.get() == &session; });
  if (&session == next_.get()) {
    next_.reset();
    if (std::exchange(is_held_, false)) {
      listen(*current_);
      write_waiting();
    }
    return connect_later();
  }
  if (&session != current_.get()) return;
  current_.reset();
  log_.warning("lost the connection to NATS", {{"why", why}});
  fall_silent();
  if (next_) return adopt(std::move(next_));
  for (Outgoing& message : std::exchange(waiting_, {})) drop(message, disconnected());
  announce(State::disconnected);
  connect_later();
}

// --- on the loop: new certificates ---

void Connection::Core::replace() {
  ++generation_;
  is_replacing_ = current_ != nullptr;
  if (next_ && !is_held_) {
    next_->close();
    next_.reset();
  }
  connect();
}

// The new session has its subscriptions. Before it takes over, the server must have done what was sent
// through the old one, else what follows could overtake it.
void Connection::Core::begin_switch() {
  is_held_ = true;
  current_->stop_listening();
  current_->confirm([this, old = current_.get()](bool) {
    if (old == current_.get() && next_) finish_switch();
  });
}

void Connection::Core::finish_switch() {
  retiring_.push_back({std::move(current_), answers_until_});
  adopt(std::move(next_));
  if (!is_listening_) fall_silent();  // what had come to the old one is delivered
  retire();
}

void Connection::Core::retire() {
  constexpr std::chrono::milliseconds pause{20};
  std::erase_if(retiring_, [this](const Retiring& old) {
    const bool is_done = timers_.now() >= old.until && requests_.count(*old.session) == 0;
    if (is_done) old.session->close();
    return is_done;
  });
  if (!retiring_.empty()) timers_.add_after(pause, [this] { retire(); });
}

// Earlier calls have run by now, and their messages are sent before the end.
void Connection::Core::refuse_more() {
  {
    const std::lock_guard lock{mutex_};
    handed_over_.emplace_back([this] { shut_down(); });
    is_closed_ = true;
  }
  asio::post(loop_, [this] { take_over(); });
}

void Connection::Core::shut_down() {
  state_ = State::closed;  // whoever is told of an error now can see why
  attempt_.reset();
  requests_.fail_all(closed());
  waiting_.clear();
  for (const auto& session : {current_, next_}) {
    if (session) session->close();
  }
  for (const Retiring& old : retiring_) old.session->close();
  current_.reset();
  next_.reset();
  retiring_.clear();
  announce(State::closed);
  timers_.clear();
  loop_.stop();
}

}  // namespace banyan::nats
