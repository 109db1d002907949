#pragma once
#include <string>

#include "banyan/message/descriptor.hpp"

namespace banyan::message {

/// The reply to a durable command that was not carried out: an Error as a message.
struct Refusal {
  std::int64_t code = 0;  ///< A value of Errc.
  std::string reason;
  std::string detail;

  static const Descriptor& descriptor();
  static Refusal from(const Error& error);
  Error to_error() const;
};

}  // namespace banyan::message
