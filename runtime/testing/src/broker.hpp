#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "banyan/nats/connection.hpp"
#include "banyan/testing/nats_server.hpp"
#include "banyan/testing/test_ca.hpp"

namespace banyan::testing {

/// A nats-server that nobody talks to without a certificate of its own authority.
/// Threads: one. What does not work is thrown as std::runtime_error.
class Broker {
 public:
  NatsServer& server() noexcept { return server_; }

  /// The credentials that the process of that name connects with: a certificate is issued to it.
  nats::ConnectionOptions options_for(std::string_view process);

 private:
  TestCa authority_;
  NatsServer server_{configuration(authority_.issue("nats"))};

  static std::string configuration(const TestCa::Files& files);
};

/// Makes a stream for each of the modules, and in it a consumer for each other one.
void provide_links(nats::Connection& connection, const std::vector<std::string>& modules);

/// Waits until the process of that module listens.
void await_service(nats::Connection& connection, std::string_view module);
/// Waits until the broker knows that it doesn't: a call could still go to who has left.
void await_silence(nats::Connection& connection, std::string_view module);

}  // namespace banyan::testing
