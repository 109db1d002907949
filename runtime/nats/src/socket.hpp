#pragma once

namespace banyan::nats {

/// The kernel's view of a connected socket, so that cnats is only called when it won't block:
/// within one TLS record it waits for the rest, however long that takes.
class Socket {
 public:
  /// Has the kernel notice within seconds that the peer is gone. The descriptor stays the caller's.
  Socket(int descriptor, bool is_encrypted);

  /// True if cnats can read without waiting, or will see the end of the connection. If it is false, the
  /// socket becomes readable only when that has changed.
  bool can_read();
  bool can_write() const;
  /// Makes later reads and writes fail.
  void shut_down();

 private:
  void set_low_water(int bytes);

  int descriptor_;
  bool is_encrypted_;
  int low_water_ = 1;
};

}  // namespace banyan::nats
