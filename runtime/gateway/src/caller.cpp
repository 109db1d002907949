#include "caller.hpp"

namespace banyan::gateway {

Caller read_caller(const http::Request& request, const http::Networks& trusted) {
  const std::string* traceparent = request.headers.find("traceparent");
  const bool is_silent = traceparent == nullptr && !request.headers.contains("baggage");
  if (is_silent || !trusted.contains(request.remote)) return {};

  Caller caller;
  caller.baggage = message::read_baggage(request.headers.all("baggage"));
  if (traceparent != nullptr) caller.span = message::TraceContext::parse(*traceparent);
  if (caller.span) caller.tracestate = message::read_tracestate(request.headers.all("tracestate"));
  return caller;
}

}  // namespace banyan::gateway
