#pragma once
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace banyan::nats {

/// Says one thing to whoever connects.
class FakeServer {
 public:
  enum class Then { closes, stays };

  explicit FakeServer(std::string says, Then then = Then::closes) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* name = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, name, size) != 0 || ::listen(listener_, 8) != 0 ||
        ::getsockname(listener_, name, &size) != 0) {
      throw std::runtime_error("no port");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread{[this, says = std::move(says), then] { serve(says, then); }};
  }
  ~FakeServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  std::string url() const { return "nats://127.0.0.1:" + std::to_string(port_); }

 private:
  void serve(std::string_view says, Then then) const {
    int client = -1;
    while ((client = ::accept(listener_, nullptr, nullptr)) >= 0) {
      ::send(client, says.data(), says.size(), MSG_NOSIGNAL);
      char byte = 0;
      if (then == Then::stays) static_cast<void>(::recv(client, &byte, 1, 0));
      ::close(client);
    }
  }

  int listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace banyan::nats
