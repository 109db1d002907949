#pragma once
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "banyan/http/server.hpp"
#include "connection.hpp"
#include "places.hpp"
#include "reply_queue.hpp"

namespace banyan::http {

/// One I/O thread and its connections.
/// Lifetime: shared with the unanswered requests, whose Responders may outlive the server.
class Worker final : public std::enable_shared_from_this<Worker> {
 public:
  Worker(Handler& handler, const Clock& clock, const Server::Options& options,
         std::atomic<std::size_t>& connection_count);

  boost::asio::io_context& context() noexcept { return context_; }

  /// The thread's body: returns after begin_drain(), when no connection is left.
  void run();

  /// Any thread: brings an answer to its connection.
  void deliver(std::unique_ptr<Reply> reply);
  /// Any thread: lets what is in flight end and closes the rest.
  void begin_drain();
  /// Any thread: closes every connection; `cut` counts those whose business was not done.
  void cut(std::atomic<std::size_t>& cut);

  // The members below are for the worker's own thread.

  /// Serves a new peer.
  void adopt(Connection::Socket socket, Places::Place place);
  /// Has flush() call the connection's.
  void flush_later(const std::shared_ptr<Connection>& connection);
  /// Sends the answers that came since the last call. Whatever runs on this thread ends with it.
  void flush();
  /// The handler's answer to a peer that can't be served.
  Response render(const Refusal& refusal) noexcept;
  void forget(const std::shared_ptr<Connection>& connection);

  Handler& handler() noexcept { return handler_; }
  const Server::Options& options() const noexcept { return options_; }
  /// As of the last tick: good enough for timeouts.
  Instant now() const noexcept { return now_; }
  const std::string& date_line() const noexcept { return date_line_; }
  bool is_draining() const noexcept { return draining_; }

 private:
  void take_replies();
  /// A copy: closing one takes it from the map.
  std::vector<std::shared_ptr<Connection>> open_connections() const;
  void refresh_time();
  void tick();
  void wait_for_tick();

  Handler& handler_;
  const Clock& clock_;
  const Server::Options options_;
  std::atomic<std::size_t>& connection_count_;
  const Duration tick_interval_;

  boost::asio::io_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer timer_;
  ReplyQueue replies_;
  std::unordered_map<std::shared_ptr<Connection>, Places::Place> connections_;
  std::vector<std::shared_ptr<Connection>> to_flush_;
  Instant now_;
  Timestamp date_;
  std::string date_line_;
  bool draining_ = false;
};

/// The way back of one request: whoever answers first takes the reply, and so does the end of the last
/// Responder.
class Exchange final : public AnswerSink {
 public:
  Exchange(std::shared_ptr<Worker> worker, std::unique_ptr<Reply> reply);
  ~Exchange() override;
  void answer(Response response) noexcept override;

 private:
  std::shared_ptr<Worker> worker_;
  std::atomic<Reply*> reply_;
};

}  // namespace banyan::http
