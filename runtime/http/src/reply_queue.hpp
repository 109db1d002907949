#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

#include "banyan/http/message.hpp"

namespace banyan::http {

class Connection;

/// The answer to request `number` of `connection`, on its way back to the thread that serves the connection.
struct Reply {
  std::shared_ptr<Connection> connection;
  std::uint64_t number = 0;
  std::optional<Response> response;  ///< Empty: the last Responder went without an answer.
  Reply* next = nullptr;
};

/// Replies from any thread to one. Lock-free: a stack that its reader takes as a whole and turns round.
class ReplyQueue {
 public:
  ReplyQueue() = default;
  ~ReplyQueue() { close(); }
  ReplyQueue(const ReplyQueue&) = delete;
  ReplyQueue& operator=(const ReplyQueue&) = delete;

  /// Any thread. True if the queue was empty: then, and only then, its reader must be woken.
  bool push(std::unique_ptr<Reply> reply);
  /// The reader. The replies in the order they came, linked by `next`; the caller owns them.
  Reply* take_all();
  /// The reader. Drops what is queued and whatever is pushed from now on.
  void close();

 private:
  Reply closed_;  // its address marks a closed queue
  std::atomic<Reply*> top_{nullptr};
};

}  // namespace banyan::http
