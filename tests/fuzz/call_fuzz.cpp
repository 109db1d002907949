/// Calls between processes: a line "request <type>" or "reply <type>", the headers of a NATS message, an
/// empty line, and its body. What is accepted is accepted again after it was sent on.
#include "fuzz.hpp"
#include "moment.hpp"
#include "nats_headers.hpp"
#include "remote/src/call_codec.hpp"
#include "shop_messages.hpp"

namespace {

using namespace banyan;
using namespace std::chrono_literals;

std::string text_of(const message::Request& request) {
  std::string text =
      message::to_headers(request.parcel->envelope, fuzz::now) + request.parcel->payload.to_json();
  if (request.idempotency) text += request.idempotency->key + '\n' + request.idempotency->fingerprint;
  return text;
}

void check_request(const nats::Message& message, const message::Descriptor& type) {
  static_cast<void>(remote::authorization_of(message));
  const auto read = remote::decode(message, type, fuzz::now);
  if (!read.ok()) return;
  const Duration left = read.value().parcel->envelope.deadline - fuzz::now;
  fuzz::require(left > 0s && left <= 10min, "the time that is left is positive and bounded");
  const remote::Sheet sheet = remote::encode(read.value(), left, "");
  fuzz::require(nats::check_headers(sheet.headers).ok(), "what is sent on can be sent");
  const auto again = remote::decode(fuzz::message_of(sheet.headers, sheet.body), type, fuzz::now);
  fuzz::require(again.ok(), "what was sent on is accepted", again.ok() ? "" : again.error().detail());
  fuzz::require(text_of(again.value()) == text_of(read.value()), "what was sent on reads as the same",
                text_of(read.value()) + '\n' + text_of(again.value()));
  const auto stored =
      message::from_headers(message::to_headers(read.value().parcel->envelope, fuzz::now), fuzz::now);
  fuzz::require(stored.ok(), "the envelope can be stored");
}

void check_reply(const nats::Message& message, const message::Descriptor& answer) {
  const message::Reply read = remote::decode(message, answer);
  const remote::Sheet sheet = remote::encode(read);
  fuzz::require(nats::check_headers(sheet.headers).ok(), "what is sent on can be sent");
  const message::Reply again = remote::decode(fuzz::message_of(sheet.headers, sheet.body), answer);
  fuzz::require(again.ok() == read.ok(), "a reply stays what it is");
  if (read.ok()) {
    fuzz::require(again.value().to_json() == read.value().to_json(), "an answer reads as the same");
  } else {
    fuzz::require(again.error() == read.error() && again.error().detail() == read.error().detail(),
                  "an error reads as the same", again.error().detail());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Parts parts{data, size};
  const std::string_view kind = parts.line();
  const message::Descriptor& type =
      fuzz::message_called(kind.substr(std::min(kind.find(' ') + 1, kind.size())));
  nats::Headers headers = fuzz::take_headers(parts);
  const nats::Message message = fuzz::message_of(std::move(headers), parts.rest());
  if (kind.starts_with("request")) check_request(message, type);
  if (kind.starts_with("reply")) check_reply(message, type);
  return 0;
}
