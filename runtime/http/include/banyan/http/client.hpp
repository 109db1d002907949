#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "banyan/base/clock.hpp"
#include "banyan/base/result.hpp"
#include "banyan/http/message.hpp"

namespace banyan::http {

/// One HTTP/1.1 connection to one server, opened when first needed, kept alive, opened anew when the server
/// closed it. Sends one request at a time and blocks; follows no redirect. Threads: one at a time.
class Client {
 public:
  struct Options {
    std::string address = "127.0.0.1";  ///< Numeric.
    std::uint16_t port = 80;
    Duration connect_timeout = std::chrono::seconds{5};
    Duration answer_timeout = std::chrono::seconds{30};  ///< From the first byte sent to the last received.
    std::size_t body_bytes_max = std::size_t{64} * 1024 * 1024;
  };

  explicit Client(Options options);
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  /// Sends `request` (Host and Content-Length are added) and waits for the whole answer, of any status.
  /// A kept-alive connection that the server had closed in the meantime is opened anew once, if nothing of an
  /// answer had come and the method is safe or idempotent (RFC 9110 §9.2).
  /// Errors; the connection is closed after each:
  ///  - unavailable       "http.connect": nobody listens there. Nothing was sent.
  ///  - unavailable       "http.connection_lost": closed before the whole answer came. It MAY have been done.
  ///  - deadline_exceeded "http.timeout": no whole answer in time. It MAY have been done.
  ///  - data_loss         "http.bad_answer": not HTTP, or larger than body_bytes_max.
  ///  - invalid_argument  "http.bad_address", "http.bad_request": the address isn't numeric; control
  ///  characters in
  ///                      the request. Nothing was sent.
  Result<Response> send(const Request& request);

 private:
  class Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace banyan::http
