/// Bodies of messages, as the contracts have them: a line with the type, then the document. What a generated
/// decoder accepts, its encoder writes as a document that is accepted and means the same.
#include "fuzz.hpp"
#include "shop_messages.hpp"

using namespace banyan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Parts parts{data, size};
  const message::Descriptor& type = fuzz::message_called(parts.line());
  const auto read = message::decode(type, parts.rest());
  if (!read.ok()) return 0;
  const std::string written = read.value().to_json();
  const auto again = message::decode(type, written);
  fuzz::require(again.ok(), "what was written is accepted",
                again.ok() ? written : again.error().detail() + "\n" + written);
  fuzz::require(again.value().to_json() == written, "what was written reads as the same", written);
  if (type.key != nullptr) {
    fuzz::require(type.key(read.value().value()) == type.key(again.value().value()), "the key stays",
                  written);
  }
  return 0;
}
