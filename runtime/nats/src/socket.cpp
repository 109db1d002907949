#include "socket.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>

namespace banyan::nats {
namespace {

constexpr int idle_seconds = 5;
constexpr int probe_seconds = 2;
constexpr int probes = 3;
constexpr int unacknowledged_milliseconds = 10'000;
// More than cnats writes at once, because it would wait for room otherwise.
constexpr int send_buffer_bytes = 512 * 1024;
// Some records and segments, those of the loopback interface too, of 64 KiB.
constexpr int receive_buffer_bytes = 512 * 1024;

constexpr int record_head_bytes = 5;

void set_option(int descriptor, int level, int name, int value) {
  ::setsockopt(descriptor, level, name, &value, sizeof value);
}

short poll_now(int descriptor, short events) {
  pollfd asked{.fd = descriptor, .events = events, .revents = 0};
  return ::poll(&asked, 1, 0) > 0 ? asked.revents : short{0};
}

}  // namespace

Socket::Socket(int descriptor, bool is_encrypted) : descriptor_(descriptor), is_encrypted_(is_encrypted) {
  set_option(descriptor_, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(descriptor_, IPPROTO_TCP, TCP_KEEPIDLE, idle_seconds);
  set_option(descriptor_, IPPROTO_TCP, TCP_KEEPINTVL, probe_seconds);
  set_option(descriptor_, IPPROTO_TCP, TCP_KEEPCNT, probes);
  set_option(descriptor_, IPPROTO_TCP, TCP_USER_TIMEOUT, unacknowledged_milliseconds);
  set_option(descriptor_, SOL_SOCKET, SO_SNDBUF, send_buffer_bytes);
  set_option(descriptor_, SOL_SOCKET, SO_RCVBUF, receive_buffer_bytes);
}

bool Socket::can_read() {
  unsigned char head[record_head_bytes];
  const auto size = ::recv(descriptor_, head, sizeof head, MSG_PEEK | MSG_DONTWAIT);
  if (size < 0) return errno != EAGAIN && errno != EWOULDBLOCK;
  if (size == 0 || !is_encrypted_) return true;
  const int record =
      size < record_head_bytes ? record_head_bytes : record_head_bytes + (head[3] << 8 | head[4]);
  int available = 0;
  ::ioctl(descriptor_, FIONREAD, &available);
  // Readable in spite of the low water: the peer has ended, or waits for room because this does not read.
  const bool is_stuck = low_water_ == record;
  if (available >= record || is_stuck) {
    set_low_water(1);
    return true;
  }
  set_low_water(record);
  return false;
}

bool Socket::can_write() const { return poll_now(descriptor_, POLLOUT) != 0; }

void Socket::shut_down() { ::shutdown(descriptor_, SHUT_RDWR); }

void Socket::set_low_water(int bytes) {
  if (bytes == low_water_) return;
  set_option(descriptor_, SOL_SOCKET, SO_RCVLOWAT, bytes);
  low_water_ = bytes;
}

}  // namespace banyan::nats
