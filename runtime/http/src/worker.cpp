#include "worker.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "answer_writer.hpp"

namespace banyan::http {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

// Above connections_max, so many peers at once still hear why they are turned away.
constexpr std::size_t refusals_max = 64;

thread_local const Worker* running_here = nullptr;

/// Timeouts are noticed a quarter late at most.
Duration tick_interval_of(const Server::Options& options) {
  const Duration shortest = std::min({options.header_timeout, options.body_timeout, options.answer_timeout,
                                      options.write_timeout, options.idle_timeout, options.linger_timeout});
  return std::clamp<Duration>(shortest / 4, milliseconds{5}, milliseconds{250});
}

}  // namespace

Worker::Worker(Handler& handler, const Clock& clock, const Server::Options& options,
               std::atomic<std::size_t>& connection_count)
    : handler_(handler),
      clock_(clock),
      options_(options),
      connection_count_(connection_count),
      tick_interval_(tick_interval_of(options)),
      context_(1),
      work_(context_.get_executor()),
      timer_(context_) {}

void Worker::run() {
  running_here = this;
  context_.run();
  replies_.close();
  running_here = nullptr;
}

// ---- answers

void Worker::deliver(std::unique_ptr<Reply> reply) {
  if (running_here == this) {
    reply->connection->take_reply(*reply);
  } else if (replies_.push(std::move(reply))) {
    asio::post(context_, [this] { take_replies(); });
  }
}

void Worker::take_replies() {
  Reply* next = replies_.take_all();
  while (next != nullptr) {
    const std::unique_ptr<Reply> reply{next};
    next = reply->next;
    reply->connection->take_reply(*reply);
  }
  flush();
}

void Worker::flush_later(const std::shared_ptr<Connection>& connection) {
  if (std::exchange(connection->flush_is_due, true)) return;
  to_flush_.push_back(connection);
}

void Worker::flush() {
  for (std::size_t i = 0; i < to_flush_.size(); ++i) {  // it may grow meanwhile
    const auto connection = std::move(to_flush_[i]);
    connection->flush_is_due = false;
    connection->flush();
  }
  to_flush_.clear();
}

Response Worker::render(const Refusal& refusal) noexcept {
  try {
    Response response = handler_.on_malformed(refusal.status, refusal.reason);
    if (is_sendable(response)) return response;
  } catch (...) {  // then the plain form has to do
  }
  return problem(refusal.status, refusal.reason);
}

// ---- connections

void Worker::adopt(Connection::Socket socket, Places::Place place) {
  if (draining_ || connection_count_ >= options_.connections_max + refusals_max) return;
  refresh_time();
  const auto connection = std::make_shared<Connection>(*this, std::move(socket));
  connections_.emplace(connection, std::move(place));
  if (connections_.size() == 1) wait_for_tick();
  const std::size_t count = ++connection_count_;
  connection->start();
  if (count > options_.connections_max) connection->refuse({503, "too many connections"});
  flush();
}

void Worker::forget(const std::shared_ptr<Connection>& connection) {
  if (connections_.erase(connection) == 0) return;
  --connection_count_;
  if (connections_.empty()) timer_.cancel();
}

std::vector<std::shared_ptr<Connection>> Worker::open_connections() const {
  std::vector<std::shared_ptr<Connection>> all;
  all.reserve(connections_.size());
  for (const auto& [connection, place] : connections_) all.push_back(connection);
  return all;
}

// ---- time

void Worker::refresh_time() {
  now_ = clock_.now();
  const Timestamp date = clock_.utc();
  if (std::chrono::floor<std::chrono::seconds>(date) != date_ || date_line_.empty()) {
    date_ = std::chrono::floor<std::chrono::seconds>(date);
    date_line_ = http::date_line(date);
  }
}

void Worker::tick() {
  refresh_time();
  for (const auto& connection : open_connections()) connection->check_timeouts(now_);
  flush();
  if (!connections_.empty()) wait_for_tick();
}

void Worker::wait_for_tick() {
  timer_.expires_after(tick_interval_);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) tick();
  });
}

// ---- the end

void Worker::begin_drain() {
  asio::post(context_, [this] {
    draining_ = true;
    work_.reset();
    for (const auto& connection : open_connections()) connection->drain();
    flush();
  });
}

void Worker::cut(std::atomic<std::size_t>& cut) {
  asio::post(context_, [this, &cut] {
    for (const auto& connection : open_connections()) {
      if (!connection->is_lingering()) ++cut;
      connection->close();
    }
  });
}

// ---- one request's way back

Exchange::Exchange(std::shared_ptr<Worker> worker, std::unique_ptr<Reply> reply)
    : worker_(std::move(worker)), reply_(reply.release()) {}

Exchange::~Exchange() {
  if (Reply* const reply = reply_.exchange(nullptr)) worker_->deliver(std::unique_ptr<Reply>{reply});
}

void Exchange::answer(Response response) noexcept {
  std::unique_ptr<Reply> reply{reply_.exchange(nullptr)};
  if (!reply) return;
  reply->response = std::move(response);
  worker_->deliver(std::move(reply));
}

}  // namespace banyan::http
