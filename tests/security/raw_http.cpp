#include "raw_http.hpp"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace security {
namespace {

constexpr int patience_ms = 10'000;

class Socket {
 public:
  explicit Socket(std::uint16_t port) : file_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* to = reinterpret_cast<const sockaddr*>(&address);
    if (file_ < 0 || ::connect(file_, to, sizeof address) != 0) throw std::runtime_error("nobody listens");
  }
  ~Socket() { ::close(file_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  /// Sends what the peer takes, and returns what it says until it closes. A peer that refuses may answer, and
  /// close, before it has read everything.
  std::string converse(std::string_view bytes) const {
    std::string answer;
    for (;;) {
      const short ready = wait(bytes.empty() ? POLLIN : POLLIN | POLLOUT);
      if ((ready & (POLLIN | POLLHUP | POLLERR)) != 0) {
        char part[4096];
        const ssize_t size = ::recv(file_, part, sizeof part, 0);
        if (size <= 0) return answer;
        answer.append(part, static_cast<std::size_t>(size));
      } else {
        const ssize_t size = ::send(file_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (size > 0) bytes.remove_prefix(static_cast<std::size_t>(size));
        if (size < 0 && errno != EAGAIN) bytes = {};
      }
    }
  }

 private:
  short wait(int events) const {
    pollfd waiting{.fd = file_, .events = static_cast<short>(events), .revents = 0};
    if (::poll(&waiting, 1, patience_ms) <= 0) throw std::runtime_error("the connection stays open");
    return waiting.revents;
  }

  int file_;
};

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return out;
}

}  // namespace

std::string RawAnswer::field(std::string_view name) const {
  const std::string start = "\r\n" + lower(name) + ": ";
  const std::size_t place = lower(head).find(start);
  if (place == std::string::npos) return {};
  const std::size_t begin = place + start.size();
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

RawAnswer converse(std::uint16_t port, std::string_view bytes) {
  const std::string text = Socket{port}.converse(bytes);
  const std::size_t end = text.find("\r\n\r\n");
  if (!text.starts_with("HTTP/1.1 ") || end == std::string::npos) return {.head = text};
  return {
      .status = std::atoi(text.c_str() + 9), .head = text.substr(0, end + 2), .body = text.substr(end + 4)};
}

}  // namespace security
