#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "banyan/base/result.hpp"

namespace banyan::nats {

struct Header {
  std::string name;
  std::string value;
  friend bool operator==(const Header&, const Header&) = default;
};

/// Names are unique in what is sent; what is received may repeat one. Their order is not kept.
using Headers = std::vector<Header>;

/// The value of the first header of that name (case matters), or nullptr.
const std::string* find_header(const Headers& headers, std::string_view name) noexcept;

/// A name is a token (see is_token), a value is without control characters. publish() and request() check it.
/// Errors: invalid_argument "nats.bad_header".
Status check_headers(const Headers& headers);

/// What was received.
struct Message {
  std::string subject;
  std::string reply;  ///< Where an answer is expected, or empty.
  Headers headers;
  std::string data;
  int status = 0;           ///< Of the server itself, e.g. 404, 408, 409; 0 for a usual message.
  std::string description;  ///< What the server says about the status.
};

}  // namespace banyan::nats
