#pragma once
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/base/result.hpp"

namespace banyan::nats {

struct Header {
  std::string_view name;
  std::string_view value;
};

/// The headers of a message; a dozen is usual, so they lie in one piece of memory. Names are unique in what
/// is sent; what is received may repeat one. Their order is not kept by the server.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Header> headers);

  void add(std::string_view name, std::string_view value);

  bool empty() const noexcept { return ends_.empty(); }
  std::size_t size() const noexcept { return ends_.size(); }
  /// Valid until the next add().
  Header operator[](std::size_t index) const noexcept;
  /// The value of the first header of that name (case matters). Valid until the next add().
  std::optional<std::string_view> find(std::string_view name) const noexcept;
  /// Characters of all names and values.
  std::size_t text_size() const noexcept { return text_.size(); }

 private:
  struct End {
    std::uint32_t name;
    std::uint32_t value;
  };

  std::string text_;  // names and values, in turn
  std::vector<End> ends_;
};

/// A name is a token (see is_token), a value is without control characters. publish() and request() check it.
/// Errors: invalid_argument "nats.bad_header".
Status check_headers(const Headers& headers);

/// A message that was received.
struct Message {
  std::string subject;
  std::string reply;  ///< Where an answer is expected, or empty.
  Headers headers;
  std::string data;
  int status = 0;           ///< Of the server itself, e.g. 404, 408, 409; 0 for a usual message.
  std::string description;  ///< The server's words about the status.
};

}  // namespace banyan::nats
