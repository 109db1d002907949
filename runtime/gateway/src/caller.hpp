#pragma once
#include <optional>
#include <string>

#include "banyan/http/message.hpp"
#include "banyan/http/networks.hpp"
#include "banyan/message/trace.hpp"

namespace banyan::gateway {

/// The trace that a request says it belongs to.
struct Caller {
  std::optional<message::TraceContext> span;
  std::string tracestate;  ///< Only with a span.
  std::string baggage;
};

/// Nothing of peers outside `trusted`, and nothing that is malformed: a trace then begins here.
Caller read_caller(const http::Request& request, const http::Networks& trusted);

}  // namespace banyan::gateway
