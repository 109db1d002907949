#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "banyan/testing/child_process.hpp"
#include "banyan/testing/temporary_directory.hpp"

namespace banyan::testing {

/// A port of the loopback address on which nobody listens.
std::uint16_t free_port();

/// Debian's nats-server with JetStream, on a port of its own of the loopback address, with its files in a
/// temporary directory. Ends with this object. What does not work is thrown as std::runtime_error, with what
/// the server has logged.
///
/// Threads: one, which outlives the server.
class NatsServer {
 public:
  /// Runs when it returns. `configuration` is added to what the fixture writes: address, port and store.
  explicit NatsServer(std::string configuration = {});
  ~NatsServer();

  /// The port stays the same over restarts.
  std::uint16_t port() const noexcept { return port_; }
  std::string url() const { return "nats://127.0.0.1:" + std::to_string(port_); }
  /// Where JetStream keeps its streams; below it, nothing may change while the server runs.
  std::string store() const { return disk_.path() + "/store"; }
  bool is_running() const noexcept { return process_ != nullptr; }

  /// With what the store has. Takes clients when it returns.
  void start();
  /// Politely, by SIGTERM.
  void stop() { end_by(15); }
  void kill() { end_by(9); }
  /// For example SIGHUP: reads its configuration and certificates anew.
  void signal(int number) { process_->signal(number); }
  /// Takes effect at the next start, or SIGHUP.
  void configure(std::string configuration);

 private:
  void end_by(int signal);
  std::string log() const;

  TemporaryDirectory disk_;
  std::uint16_t port_;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace banyan::testing
