#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "banyan/http/server.hpp"
#include "input_buffer.hpp"
#include "reply_queue.hpp"
#include "request_reader.hpp"

namespace banyan::http {

class Worker;

/// One peer: a coroutine reads and hands on requests, answers leave in their order as soon as they may.
/// Threads: its worker's. Lifetime: kept by its worker while open, by its unanswered requests beyond that.
class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  using Socket = boost::asio::ip::tcp::socket;

  Connection(Worker& worker, Socket socket);

  void start();
  /// Answers `status` in place of the next request, reads no more, and closes once everything is answered.
  void refuse(const Refusal& refusal);
  /// Takes the answer to one of its requests; flush() sends it. No effect when closed.
  void take_reply(Reply& reply);
  /// Sends every answer whose turn it is.
  void flush();
  /// Reads no further request than the one begun; closes when all are answered.
  void drain();
  /// Does what is due when the peer has been too slow.
  void check_timeouts(Instant now);
  void close();
  /// Everything is answered and sent; only the peer's end is missing.
  bool is_lingering() const noexcept { return phase_ == Phase::lingering; }

  /// Set by the worker while flush() is due.
  bool flush_is_due = false;

 private:
  enum class Phase { idle, head, body, waiting, lingering };

  struct Slot {
    Framing framing;
    Instant since;
    bool answered = false;
    std::optional<Response> response;
  };

  boost::asio::awaitable<void> serve();
  boost::asio::awaitable<void> write_rest();

  /// Hands on every request that has come. False if it stopped for want of room.
  bool take_requests();
  void note_partial_request();
  void hand_on_request();
  void receive(std::size_t size);
  void end_by_peer(const boost::system::error_code& error);
  void enter(Phase phase);

  bool is_open() const noexcept { return socket_.is_open(); }
  bool is_full() const noexcept { return slot_count_ >= slots_.size() - 1; }
  Slot& slot(std::uint64_t number) noexcept { return slots_[number % slots_.size()]; }
  Slot& open_slot(const Framing& framing);
  void give_up_unanswered(Instant now);
  void append_answers();
  void append_first_answer();
  void send_output();
  void output_is_sent();
  void finish();
  /// The time that `bytes` may take at the slowest allowed rate.
  Duration earned(std::size_t bytes) const;

  Worker& worker_;
  const Server::Options& options_;
  Socket socket_;
  boost::asio::steady_timer room_;  // never expires: cancelled to wake the reader that waits for room
  std::string remote_;
  InputBuffer input_;
  RequestReader reader_;
  std::string output_;

  std::vector<Slot> slots_;  // a ring; one more than pipeline_max, for a refusal
  std::uint64_t first_slot_ = 0;
  std::size_t slot_count_ = 0;

  Phase phase_ = Phase::idle;
  Instant phase_since_;
  std::size_t phase_bytes_ = 0;
  Instant write_since_;
  std::size_t write_bytes_ = 0;

  bool reading_ = true;        // more requests are welcome
  bool peer_ended_ = false;    // the peer will send nothing more
  bool writing_ = false;       // write_rest() runs
  bool continue_due_ = false;  // "100 Continue" goes out when no answer is before it
};

}  // namespace banyan::http
