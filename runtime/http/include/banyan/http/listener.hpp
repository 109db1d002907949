#pragma once
#include <cstdint>
#include <string>

#include "banyan/base/result.hpp"

namespace banyan::http {

/// A port that is this process' own. Connections that come wait in the kernel until a Server takes the
/// listener over, so a process can claim its ports before it does anything that it could not undo.
/// Threads: one.
class Listener {
 public:
  /// Binds and listens. `port` 0: the system chooses.
  /// Errors, each leaving nothing behind; the detail says what to do next:
  ///  - unavailable      "http.port_taken": another process listens there.
  ///  - invalid_argument "http.bad_address": no numeric address, or none of this machine.
  ///  - rejected         "http.port_forbidden": a port that this user may not have.
  ///  - internal         "http.listen": anything else that the system refuses.
  static Result<Listener> open(const std::string& address, std::uint16_t port);

  Listener(Listener&& other) noexcept;
  Listener& operator=(Listener&&) = delete;
  /// Gives the port back, unless it was released.
  ~Listener();

  std::uint16_t port() const noexcept { return port_; }
  bool is_v6() const noexcept { return is_v6_; }
  /// The socket's descriptor, which is the caller's from now on.
  int release() noexcept;

 private:
  Listener(int socket, std::uint16_t port, bool is_v6) noexcept
      : socket_(socket), port_(port), is_v6_(is_v6) {}

  int socket_;
  std::uint16_t port_;
  bool is_v6_;
};

}  // namespace banyan::http
