#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "banyan/base/clock.hpp"
#include "banyan/base/result.hpp"
#include "banyan/http/handler.hpp"
#include "banyan/http/listener.hpp"
#include "banyan/http/networks.hpp"

namespace banyan::http {

/// HTTP/1.1 and 1.0 over TCP: keep-alive, pipelining with answers in the order of the requests, HEAD,
/// 100-continue, chunked bodies. What is malformed, or could be read in two ways, is answered and the
/// connection closed.
///
/// Threads: start, drain and the destructor from one thread; the rest from any.
/// Memory: bounded by connections_max x (header_bytes_max + pipeline_max x (body_bytes_max + one answer)).
class Server {
 public:
  struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0: the system chooses; see port().
    int threads = 1;

    std::size_t connections_max = 1024;  ///< One more is answered 503 and closed.
    /// Of one IPv4 address, or of one IPv6 network of 64 bits; one more is closed at once.
    std::size_t connections_per_client_max = 128;
    /// To whom that does not apply: a proxy's connections are those of many clients.
    Networks proxies = Networks::loopback();
    std::size_t pipeline_max = 16;             ///< Requests in flight per connection; then it is not read.
    std::size_t target_bytes_max = 8 * 1024;   ///< Else 414.
    std::size_t header_bytes_max = 16 * 1024;  ///< Request line and fields; else 431.
    std::size_t header_fields_max = 100;       ///< Else 431.
    std::size_t body_bytes_max = 1024 * 1024;  ///< Else 413.

    Duration header_timeout = std::chrono::seconds{5};  ///< From a head's first byte to its last; else 408.
    Duration body_timeout =
        std::chrono::seconds{5};  ///< Plus the time that bytes_per_second_min grants; else 408.
    Duration answer_timeout = std::chrono::seconds{30};  ///< From a whole request to its answer; else 504.
    Duration write_timeout = std::chrono::seconds{10};   ///< Plus the same; then the connection is cut.
    Duration idle_timeout = std::chrono::seconds{60};    ///< Between requests; then it is closed.
    Duration linger_timeout = std::chrono::seconds{1};   ///< For a refused peer to read why before the close.
    std::size_t bytes_per_second_min = 1024;             ///< A peer sends and reads at least that fast.
  };

  /// Nothing happens before start(). `handler` and `clock` outlive the server; the clock is what Date tells,
  /// while timeouts run on the system's monotonic clock.
  Server(Handler& handler, const Clock& clock, Options options);
  /// As drain(0).
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Listens and serves from threads of its own. At most once. Errors: those of Listener::open.
  Status start();
  /// The same on a port that was claimed before; `address` and `port` of the options do not matter then.
  /// Errors: internal "http.listen".
  Status start(Listener listener);

  /// The port that it listens on; 0 before start().
  std::uint16_t port() const noexcept;
  /// Open connections now.
  std::size_t connections() const noexcept;
  /// How many were closed at once because their client had all that it may have.
  std::uint64_t connections_refused() const noexcept;

  /// Stops accepting, closes idle connections, answers what is in flight with `Connection: close`, and after
  /// `budget` at most cuts what is left. Blocks until all threads have ended; returns how many connections
  /// were cut. Afterwards the server stays stopped.
  std::size_t drain(Duration budget);

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace banyan::http
