/// The headers of W3C Trace Context and Baggage: a line that says which, then the fields, one a line.
#include "banyan/message/trace.hpp"
#include "fuzz.hpp"

namespace {

using namespace banyan;
using message::TraceContext;

void check_parent(std::string_view text) {
  const auto read = TraceContext::parse(text);
  if (!read) return;
  fuzz::require(read->is_valid(), "what is accepted is valid", text);
  fuzz::require(TraceContext::parse(read->to_traceparent()) == *read, "what was written reads as the same",
                text);
}

template <class Read>
void check_list(fuzz::Parts& parts, Read read, std::size_t bytes_max) {
  std::vector<std::string_view> fields;
  while (!parts.at_end()) fields.push_back(parts.line());
  const std::string list = read(fields);
  fuzz::require(list.size() <= bytes_max, "a list keeps to its limit", list);
  const auto is_plain = [](char c) { return c >= 0x20 && c < 0x7f; };
  fuzz::require(std::all_of(list.begin(), list.end(), is_plain), "a list is printable", list);
  fuzz::require(read({list}) == list, "what was written reads as the same", list);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Parts parts{data, size};
  const std::string_view kind = parts.line();
  if (kind == "traceparent") check_parent(parts.rest());
  if (kind == "tracestate") check_list(parts, message::read_tracestate, 512);
  if (kind == "baggage") check_list(parts, message::read_baggage, 8192);
  return 0;
}
