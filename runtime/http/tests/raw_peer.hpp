#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace banyan::http::testing {

/// A TCP connection that sends whatever bytes it is told to. Reads give up after five seconds.
class RawPeer {
 public:
  /// `host` is what comes last in its own address: 127.0.0.<host>.
  explicit RawPeer(std::uint16_t port, std::uint8_t host = 1)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl((INADDR_LOOPBACK & ~0xFFU) | host);
    ::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawPeer() {
    if (socket_ >= 0) ::close(socket_);
  }
  RawPeer(RawPeer&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)),
        connected_(other.connected_),
        received_(std::move(other.received_)) {}

  bool connected() const { return connected_; }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  /// As much as the system's buffers take without blocking.
  std::size_t send_some(std::string_view bytes) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent > 0 ? static_cast<std::size_t>(sent) : 0;
  }
  void end_sending() { ::shutdown(socket_, SHUT_WR); }

  /// The next answer: its head, or all that came if the connection ended within.
  std::string read_head() { return take(find_after("\r\n\r\n")); }
  /// The next answer with its body, which has a Content-Length.
  std::string read_answer() {
    const std::string head = read_head();
    const std::size_t at = head.find("Content-Length: ");
    const std::size_t length = at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
    while (received_.size() < length && receive()) {
    }
    return head + take(length);
  }
  /// Everything up to the end of the connection.
  std::string read_all() {
    while (receive()) {
    }
    return take(received_.size());
  }
  /// True if the connection ends without another byte.
  bool ends() { return !receive() && received_.empty() && !timed_out_; }

  static int status_of(std::string_view answer) {
    return answer.starts_with("HTTP/1.1 ") && answer.size() >= 12
               ? std::stoi(std::string{answer.substr(9, 3)})
               : 0;
  }

 private:
  std::size_t find_after(std::string_view mark) {
    for (;;) {
      const std::size_t at = received_.find(mark);
      if (at != std::string::npos) return at + mark.size();
      if (!receive()) return received_.size();
    }
  }
  bool receive() {
    std::array<char, 16384> bytes;
    const auto size = ::recv(socket_, bytes.data(), bytes.size(), 0);
    timed_out_ = size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    if (size <= 0) return false;
    received_.append(bytes.data(), static_cast<std::size_t>(size));
    return true;
  }
  std::string take(std::size_t size) {
    size = std::min(size, received_.size());
    std::string taken = received_.substr(0, size);
    received_.erase(0, size);
    return taken;
  }

  int socket_;
  bool connected_ = false;
  bool timed_out_ = false;
  std::string received_;
};

}  // namespace banyan::http::testing
