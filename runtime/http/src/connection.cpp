#include "connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "answer_writer.hpp"
#include "worker.hpp"

namespace banyan::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::size_t output_batch_bytes = 256 * 1024;  // answers gathered into one write
constexpr std::size_t output_kept_bytes = 64 * 1024;    // a larger buffer is given back after use

RequestReader::Limits limits_of(const Server::Options& options) {
  return {.target_bytes_max = options.target_bytes_max,
          .header_bytes_max = options.header_bytes_max,
          .header_fields_max = options.header_fields_max,
          .body_bytes_max = options.body_bytes_max};
}

}  // namespace

Connection::Connection(Worker& worker, Socket socket)
    : worker_(worker),
      options_(worker.options()),
      socket_(std::move(socket)),
      room_(socket_.get_executor(), boost::asio::steady_timer::time_point::max()),
      reader_(limits_of(options_)),
      slots_(options_.pipeline_max + 1),
      phase_since_(worker.now()) {}

void Connection::start() {
  error_code ignored;  // a peer that has gone already shows when it is read
  socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
  socket_.non_blocking(true, ignored);
  remote_ = socket_.remote_endpoint(ignored).address().to_string();
  asio::co_spawn(socket_.get_executor(), serve(),
                 [self = shared_from_this()](const std::exception_ptr& failure) {
                   if (failure) self->close();
                 });
}

// ---- reading

asio::awaitable<void> Connection::serve() {
  const auto self = shared_from_this();
  error_code error;
  while (is_open()) {
    const bool has_room = take_requests();
    worker_.flush();
    if (!has_room) {
      if (is_full()) co_await room_.async_wait(asio::redirect_error(asio::use_awaitable, error));
      continue;
    }
    const auto space = input_.prepare();
    const std::size_t size = co_await socket_.async_read_some(
        asio::buffer(space.data(), space.size()), asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return end_by_peer(error);
    receive(size);
  }
}

bool Connection::take_requests() {
  while (reading_ && !input_.empty()) {
    if (is_full()) return false;
    std::size_t consumed = 0;
    const auto progress = reader_.read(input_.view(), consumed);
    input_.consume(consumed);
    switch (progress) {
      case RequestReader::Progress::complete:
        hand_on_request();
        break;
      case RequestReader::Progress::refused:
        refuse(reader_.refusal());
        break;
      case RequestReader::Progress::need_more:
        note_partial_request();
        return true;
    }
  }
  return true;
}

void Connection::note_partial_request() {
  if (reader_.in_body()) {
    enter(Phase::body);
  } else if (!input_.empty()) {
    enter(Phase::head);
  }
  if (reader_.take_expectation()) {
    continue_due_ = true;
    worker_.flush_later(shared_from_this());
  }
}

void Connection::hand_on_request() {
  const Framing& framing = reader_.framing();
  const std::uint64_t number = first_slot_ + slot_count_;
  open_slot(framing);
  enter(Phase::waiting);
  continue_due_ = false;
  if (!framing.keep_alive || worker_.is_draining()) reading_ = false;

  Request request = reader_.take_request();
  request.remote = remote_;
  auto reply =
      std::make_unique<Reply>(Reply{.connection = shared_from_this(), .number = number, .response = {}});
  Responder respond{std::make_shared<Exchange>(worker_.shared_from_this(), std::move(reply))};
  try {
    worker_.handler().on_request(std::move(request), std::move(respond));
  } catch (...) {  // its Responder is gone, or answers later: either way the peer hears
  }
}

void Connection::receive(std::size_t size) {
  if (!reading_) return;  // read only to learn when the peer ends
  input_.commit(size);
  if (phase_ == Phase::body) phase_bytes_ += size;
}

void Connection::end_by_peer(const error_code& error) {
  if (!is_open()) return;
  const bool owes_answers = slot_count_ > 0 || writing_;
  if (error != asio::error::eof || !owes_answers) return close();
  peer_ended_ = true;
  reading_ = false;
  enter(Phase::waiting);
}

void Connection::enter(Phase phase) {
  if (phase == phase_) return;
  phase_ = phase;
  phase_since_ = worker_.now();
  phase_bytes_ = 0;
}

// ---- answering

Connection::Slot& Connection::open_slot(const Framing& framing) {
  Slot& opened = slot(first_slot_ + slot_count_++);
  opened.framing = framing;
  opened.since = worker_.now();
  opened.answered = false;
  return opened;
}

void Connection::refuse(const Refusal& refusal) {
  reading_ = false;
  continue_due_ = false;
  input_.clear();
  Slot& refused = open_slot({});
  refused.answered = true;
  refused.response = worker_.render(refusal);
  enter(Phase::waiting);
  worker_.flush_later(shared_from_this());
}

void Connection::take_reply(Reply& reply) {
  if (!is_open() || reply.number < first_slot_) return;
  Slot& answered = slot(reply.number);
  if (answered.answered) return;  // the answer comes too late
  answered.answered = true;
  answered.response = std::move(reply.response);
  if (reply.number == first_slot_) worker_.flush_later(reply.connection);
}

void Connection::flush() {
  while (is_open() && !writing_) {
    append_answers();
    if (output_.empty()) return;
    send_output();
  }
}

void Connection::append_answers() {
  while (slot_count_ > 0 && slot(first_slot_).answered && output_.size() < output_batch_bytes) {
    append_first_answer();
  }
  if (continue_due_ && slot_count_ == 0) {
    continue_due_ = false;
    output_ += continue_line;
    phase_since_ = worker_.now();  // the body's time begins here
  }
}

void Connection::append_first_answer() {
  Slot& first = slot(first_slot_);
  if (!first.response) {
    first.response = worker_.render({500, "the request was not answered"});
  } else if (!is_sendable(*first.response)) {
    first.response = worker_.render({500, "the answer has a status or header that can't be sent"});
  }
  const bool close = !reading_ && slot_count_ == 1;
  append_answer(output_, *first.response, first.framing, close, worker_.date_line());
  first.response.reset();
  ++first_slot_;
  --slot_count_;
}

void Connection::send_output() {
  error_code error;
  const std::size_t sent = socket_.write_some(asio::buffer(output_), error);
  if (sent == output_.size()) return output_is_sent();
  if (error && error != asio::error::would_block) return close();
  writing_ = true;
  write_since_ = worker_.now();
  write_bytes_ = sent;
  asio::co_spawn(socket_.get_executor(), write_rest(),
                 [self = shared_from_this()](const std::exception_ptr& failure) {
                   if (failure) self->close();
                 });
}

asio::awaitable<void> Connection::write_rest() {
  error_code error;
  while (write_bytes_ < output_.size()) {
    const auto rest = asio::buffer(output_) + write_bytes_;
    write_bytes_ += co_await socket_.async_write_some(rest, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return close();
  }
  writing_ = false;
  output_is_sent();
  flush();
  worker_.flush();
}

void Connection::output_is_sent() {
  output_.clear();
  if (output_.capacity() > output_kept_bytes) output_.shrink_to_fit();
  room_.cancel();
  if (slot_count_ > 0) return;
  if (!reading_) return finish();
  if (phase_ == Phase::waiting) enter(Phase::idle);
}

// ---- ending

void Connection::finish() {
  if (peer_ended_) return close();
  // Closing with unread bytes would reset the connection and take the answer from the peer: end this side,
  // read on.
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  enter(Phase::lingering);
}

void Connection::drain() {
  if (phase_ == Phase::idle && !writing_) return close();
  if (phase_ != Phase::waiting) return;  // the request begun is the last: see hand_on_request()
  reading_ = false;
  room_.cancel();
}

// A request's age says nothing about the ones before it: each is given up by itself.
void Connection::give_up_unanswered(Instant now) {
  for (std::uint64_t number = first_slot_; number < first_slot_ + slot_count_; ++number) {
    Slot& late = slot(number);
    if (late.answered || now - late.since <= options_.answer_timeout) continue;
    late.answered = true;
    late.response = worker_.render({504, "no answer in time; it may have been carried out"});
    worker_.flush_later(shared_from_this());
  }
}

void Connection::check_timeouts(Instant now) {
  give_up_unanswered(now);
  if (writing_ && now > write_since_ + options_.write_timeout + earned(write_bytes_)) return close();
  const auto elapsed = now - phase_since_;
  switch (phase_) {
    case Phase::idle:
      if (elapsed > options_.idle_timeout) close();
      break;
    case Phase::head:
      if (elapsed > options_.header_timeout) refuse({408, "the header came too slowly"});
      break;
    case Phase::body:
      if (!continue_due_ && elapsed > options_.body_timeout + earned(phase_bytes_)) {
        refuse({408, "the body came too slowly"});
      }
      break;
    case Phase::waiting:
      break;
    case Phase::lingering:
      if (elapsed > options_.linger_timeout) close();
      break;
  }
}

Duration Connection::earned(std::size_t bytes) const {
  return std::chrono::seconds{1} * bytes / options_.bytes_per_second_min;
}

void Connection::close() {
  if (!is_open()) return;
  error_code ignored;
  socket_.close(ignored);
  room_.cancel();
  worker_.forget(shared_from_this());
}

}  // namespace banyan::http
