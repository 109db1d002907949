#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <thread>

#include "cnats.hpp"
#include "server_info.hpp"

namespace banyan::nats {

/// A connection that no loop drives yet.
struct Established {
  std::unique_ptr<Wiring> wiring;
  ConnectionHandle connection;  // before its wiring in the order of destruction
  ServerFacts facts;
  std::string url;
};

/// One attempt to connect, on a thread of its own, because cnats blocks meanwhile: for ever if the server
/// stops in the middle of the TLS handshake. Then the thread is left behind.
class Attempt {
 public:
  using OnEnd = std::function<void(Result<Established>)>;
  static constexpr std::chrono::seconds patience{5};

  /// `on_end` is called on that thread, unless the attempt is dropped before.
  Attempt(const ConnectionOptions& options, const ServerAddress& address, OnEnd on_end);
  /// Waits for the end of the thread, but for no more than `patience`.
  ~Attempt();
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

  /// Does not wait for the thread any more, and never calls `on_end`.
  void abandon();

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
  std::thread thread_;
};

}  // namespace banyan::nats
