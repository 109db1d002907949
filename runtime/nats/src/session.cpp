#include "session.hpp"

#include <boost/asio/post.hpp>

#include "banyan/base/numbers.hpp"
#include "requests.hpp"

namespace banyan::nats {
namespace {

namespace asio = boost::asio;
using asio::posix::stream_descriptor;
using boost::system::error_code;

// One write of cnats; more than this would wait in it for the peer.
constexpr int write_bytes_max = 64 * 1024;
// Reads in a row before what was read is worked on, and what it brought about is written: some 64 KiB.
constexpr int reads_max = 4;
constexpr std::int64_t confirm_milliseconds = 5'000;
constexpr int no_responders = 503;

}  // namespace

Session::Session(asio::io_context& loop, Established established, bool is_encrypted, const Subjects& subjects,
                 Owner& owner)
    : loop_(loop),
      wiring_(std::move(established.wiring)),
      connection_(std::move(established.connection)),
      facts_(std::move(established.facts)),
      url_(std::move(established.url)),
      answers_(subjects.answers + '.'),
      inboxes_(subjects.inboxes + '.'),
      owner_(owner),
      descriptor_(loop, wiring_->socket),
      socket_(wiring_->socket, is_encrypted) {}

Session::~Session() {
  is_over_ = true;
  close();
}

void Session::start() {
  // cnats closes the socket itself.
  wiring_->stop_polling = [this] {
    if (descriptor_.is_open()) descriptor_.release();
  };
  const auto loop_thread = std::this_thread::get_id();
  wiring_->want_write = [this, loop_thread] {
    // A caller on the loop flushes by itself when it is done.
    if (std::this_thread::get_id() == loop_thread) return;
    asio::post(loop_, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->flush();
    });
  };
  natsConn_setFilterWithClosure(connection_.get(), filter, this);
  natsSubscription* answers = nullptr;
  natsConnection_SubscribeSync(&answers, connection_.get(), (answers_ + '*').c_str());
  listeners_.push_back({Kind::inbox, 0, answers});
  await_readable();
}

void Session::subscribe(std::size_t subscription, const std::string& pattern,
                        const std::string& queue_group) {
  listen(Kind::subscription, subscription, pattern, queue_group);
}

void Session::open_inbox(std::size_t inbox) { listen(Kind::inbox, inbox, inbox_subject(inbox), {}); }

void Session::listen(Kind kind, std::size_t index, const std::string& pattern,
                     const std::string& queue_group) {
  natsSubscription* subscription = nullptr;
  if (queue_group.empty()) {
    natsConnection_SubscribeSync(&subscription, connection_.get(), pattern.c_str());
  } else {
    natsConnection_QueueSubscribeSync(&subscription, connection_.get(), pattern.c_str(), queue_group.c_str());
  }
  if (subscription != nullptr) listeners_.push_back({kind, index, subscription});
}

std::string Session::answer_subject(std::uint64_t request) const {
  return answers_ + std::to_string(request);
}

std::string Session::inbox_subject(std::size_t inbox) const { return inboxes_ + std::to_string(inbox); }

bool Session::publish(const std::string& subject, const std::string& reply, const Headers& headers,
                      const std::string& data) {
  const char* answer_to = reply.empty() ? nullptr : reply.c_str();
  natsMsg* raw = nullptr;
  if (natsMsg_Create(&raw, subject.c_str(), answer_to, data.data(), static_cast<int>(data.size())) !=
      NATS_OK) {
    return false;
  }
  const MessageHandle message{raw};
  if (!headers.empty() && !set_headers(*raw, headers)) return false;
  return natsConnection_PublishMsg(connection_.get(), raw) == NATS_OK;
}

// All at once: each header that cnats keeps costs it four allocations and a search. It writes a name as it
// is, so the last one's carries the lines of the others; check_headers() has seen them all.
bool Session::set_headers(natsMsg& message, const Headers& headers) {
  header_lines_.clear();
  const std::size_t last = headers.size() - 1;
  for (std::size_t i = 0; i < last; ++i) {
    header_lines_.append(headers[i].name).append(": ").append(headers[i].value).append("\r\n");
  }
  header_lines_ += headers[last].name;
  const std::string last_value{headers[last].value};
  return natsMsgHeader_Set(&message, header_lines_.c_str(), last_value.c_str()) == NATS_OK;
}

bool Session::has_room() {
  if (natsConnection_Buffered(connection_.get()) >= write_bytes_max) flush();
  return !is_blocked_ && !is_over_;
}

void Session::flush() {
  while (!is_over_ && !is_blocked_) {
    const int buffered = natsConnection_Buffered(connection_.get());
    if (buffered <= 0) break;
    if (socket_.can_write()) natsConnection_ProcessWriteEvent(connection_.get());
    if (natsConnection_Buffered(connection_.get()) == buffered) await_writable();
  }
  notice_loss();
}

void Session::await_writable() {
  is_blocked_ = true;
  descriptor_.async_wait(stream_descriptor::wait_write, [self = shared_from_this()](const error_code& error) {
    if (error || self->is_over_) return;
    self->is_blocked_ = false;
    self->flush();
    if (!self->is_blocked_ && !self->is_over_) self->owner_.on_writable(*self);
  });
}

void Session::await_readable() {
  descriptor_.async_wait(stream_descriptor::wait_read, [self = shared_from_this()](const error_code& error) {
    if (!error && !self->is_over_) self->on_readable();
  });
}

void Session::on_readable() {
  for (int i = 0; i < reads_max && socket_.can_read(); ++i) {
    natsConnection_ProcessReadEvent(connection_.get());
    deliver();
    if (is_over_ || notice_loss()) return;
  }
  notice_refusal();
  flush();
  if (!is_over_) await_readable();
}

// Called by the parser for each message. Answers are taken out, the others go on into their subscription.
void Session::filter(natsConnection*, natsMsg** message, void* session) {
  auto& self = *static_cast<Session*>(session);
  if (!std::string_view{natsMsg_GetSubject(*message)}.starts_with(self.answers_)) return;
  self.answered_.emplace_back(*message);
  *message = nullptr;
}

void Session::deliver() {
  deliver_answers();
  // By index: a callback may add listeners.
  for (std::size_t i = 0; i < listeners_.size() && !is_over_; ++i) deliver_to(Listener{listeners_[i]});
}

void Session::deliver_answers() {
  const auto answered = std::exchange(answered_, {});
  for (const MessageHandle& answer : answered) {
    const std::string_view subject = natsMsg_GetSubject(answer.get());
    const auto request = parse_number<Requests::Id>(subject.substr(answers_.size()));
    if (request) owner_.on_answer(*request, to_message(*answer));
  }
}

void Session::deliver_to(const Listener& listener) {
  int messages = 0;
  if (natsSubscription_GetPending(listener.subscription, &messages, nullptr) != NATS_OK) return;
  for (; messages > 0 && !is_over_; --messages) {
    natsMsg* raw = nullptr;
    const natsStatus status = natsSubscription_NextMsg(&raw, listener.subscription, 0);
    const MessageHandle handle{raw};
    Message message;
    if (status == NATS_NO_RESPONDERS) {
      message.status = no_responders;
    } else if (status == NATS_OK) {
      message = to_message(*raw);
    } else {
      return;
    }
    if (listener.kind == Kind::inbox) {
      owner_.on_inbox(listener.index, std::move(message));
    } else {
      owner_.on_message(listener.index, std::move(message));
    }
  }
}

void Session::notice_refusal() {
  const char* text = nullptr;
  if (natsConnection_GetLastError(connection_.get(), &text) != NATS_NOT_PERMITTED || text == nullptr) return;
  if (last_refusal_ == text) return;
  last_refusal_ = text;
  owner_.on_refusal(last_refusal_);
}

bool Session::is_open() const { return !natsConnection_IsClosed(connection_.get()); }

bool Session::notice_loss() {
  if (is_over_) return true;
  if (is_open()) return false;
  is_over_ = true;
  const char* text = nullptr;
  const natsStatus status = natsConnection_GetLastError(connection_.get(), &text);
  std::string why = natsStatus_GetText(status);
  if (text != nullptr && *text != '\0') why.append(": ").append(text);
  // Later: whoever calls this may still need the session.
  asio::post(loop_, [self = shared_from_this(), why] { self->owner_.on_lost(*self, why); });
  return true;
}

void Session::confirm(std::function<void(bool)> done) {
  confirming_.emplace_back([this, self = weak_from_this(), done = std::move(done)] {
    const bool confirmed = natsConnection_FlushTimeout(connection_.get(), confirm_milliseconds) == NATS_OK;
    asio::post(loop_, [self, done, confirmed] {
      if (const auto session = self.lock(); session && !session->is_over_) done(confirmed);
    });
    nats_ReleaseThreadMemory();
  });
}

void Session::stop_listening() {
  for (const Listener& listener : listeners_) {
    if (listener.kind == Kind::subscription) {
      natsSubscription_DrainTimeout(listener.subscription, confirm_milliseconds);
    }
  }
  flush();
}

void Session::close() {
  if (!connection_) return;
  if (!is_over_) flush();
  is_over_ = true;
  // cnats would wait for what can't be written.
  if (is_open() && natsConnection_Buffered(connection_.get()) > 0) {
    socket_.shut_down();
    while (is_open()) natsConnection_ProcessReadEvent(connection_.get());
  }
  natsConnection_Close(connection_.get());
  for (std::thread& thread : confirming_) thread.join();
  for (const Listener& listener : listeners_) natsSubscription_Destroy(listener.subscription);
  connection_.reset();
  if (descriptor_.is_open()) descriptor_.release();
}

}  // namespace banyan::nats
