#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace security {

/// An answer as it came over the socket.
struct RawAnswer {
  int status = 0;  ///< 0: no HTTP.
  std::string head = {};
  std::string body = {};

  /// Of the first field of that name; empty if there is none.
  std::string field(std::string_view name) const;
};

/// Sends `bytes`, well-formed or not, to 127.0.0.1, and reads until the server closes the connection. Throws
/// std::runtime_error if it doesn't within 10 s.
RawAnswer converse(std::uint16_t port, std::string_view bytes);

}  // namespace security
