#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "banyan/base/random.hpp"
#include "banyan/nats/connection.hpp"
#include "timers.hpp"

namespace banyan::nats {

class Session;

/// The requests that wait for an answer. All on the loop.
class Requests {
 public:
  using Id = std::uint64_t;

  Requests(Timers& timers, Random& random) : timers_(timers), random_(random) {}

  /// Fails with deadline_exceeded at the deadline. Who sees an id can't guess another one, to give the answer
  /// that somebody else is asked for.
  Id add(Instant deadline, Connection::OnAnswer done);
  bool is_open(Id id) const { return open_.contains(id); }
  /// From now on it may have been done.
  void sent(Id id, const Session& session);
  /// Does nothing if there is no such request any more.
  void answer(Id id, Result<Message> answer);
  /// Those that were sent through `session`.
  void lose(const Session& session);
  /// Those that were not sent fail with `error`, the others as lost.
  void fail_all(const Error& error);

  std::size_t count() const noexcept { return open_.size(); }
  std::size_t count(const Session& session) const;

 private:
  struct Open {
    std::uint64_t order;
    Connection::OnAnswer done;
    Timers::Key timeout;
    const Session* session = nullptr;
  };

  Timers& timers_;
  Random& random_;
  std::unordered_map<Id, Open> open_;
  std::uint64_t last_ = 0;
};

}  // namespace banyan::nats
