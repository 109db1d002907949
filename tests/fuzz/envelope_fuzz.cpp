/// Envelopes: a line "headers" and what a store has of one, or a line "event" and a structured CloudEvent.
#include "banyan/message/envelope.hpp"
#include "fuzz.hpp"
#include "moment.hpp"
#include "shop_messages.hpp"

namespace {

using namespace banyan;

void check_headers(std::string_view text) {
  const auto read = message::from_headers(text, fuzz::now);
  if (!read.ok()) return;
  const std::string written = message::to_headers(read.value(), fuzz::now);
  const auto again = message::from_headers(written, fuzz::now);
  fuzz::require(again.ok(), "what was written can be read", written);
  fuzz::require(again.value().time == read.value().time, "a time reads as the same", written);
  fuzz::require(message::to_headers(again.value(), fuzz::now) == written,
                "what was written reads as the same", written);
}

void check_event(std::string_view text) {
  const auto read = message::from_bytes(text, fuzz::registry(), fuzz::now);
  if (!read.ok()) return;
  const std::string written = message::to_bytes(*read.value(), fuzz::now);
  const auto again = message::from_bytes(written, fuzz::registry(), fuzz::now);
  fuzz::require(again.ok(), "what was written can be read", written);
  fuzz::require(message::to_bytes(*again.value(), fuzz::now) == written, "what was written reads as the same",
                written);
  check_headers(message::to_headers(read.value()->envelope, fuzz::now));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Parts parts{data, size};
  const std::string_view kind = parts.line();
  if (kind == "headers") check_headers(parts.rest());
  if (kind == "event") check_event(parts.rest());
  return 0;
}
