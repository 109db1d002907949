/// Text of the broker and of its users, and subjects: a line that says which, then the text.
#include "banyan/nats/subject.hpp"
#include "fuzz.hpp"
#include "nats/src/api.hpp"
#include "nats/src/delivery.hpp"
#include "nats/src/server_info.hpp"
#include "nats_headers.hpp"

namespace {

using namespace banyan;

void check_subject(std::string_view text) {
  const auto is_plain = [](char c) { return c > 0x20 && c < 0x7f; };
  const auto subject = nats::Subject::parse(text);
  if (subject.ok()) {
    fuzz::require(std::all_of(text.begin(), text.end(), is_plain), "a subject ends no line of the protocol",
                  text);
    fuzz::require(nats::Pattern::parse(text).ok(), "a subject is a pattern", text);
  }
  const auto pattern = nats::Pattern::parse(text);
  if (pattern.ok()) {
    fuzz::require(std::all_of(text.begin(), text.end(), is_plain), "a pattern ends no line of the protocol",
                  text);
    fuzz::require(pattern.value().text() == text, "a pattern is kept as it is", text);
  }
}

void check_headers(fuzz::Parts& parts) {
  const nats::Headers headers = fuzz::take_headers(parts);
  if (!nats::check_headers(headers).ok()) return;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    fuzz::require(headers[i].name.find_first_of("\r\n:") == std::string_view::npos &&
                      headers[i].value.find_first_of("\r\n") == std::string_view::npos,
                  "a header is one line", headers[i].value);
  }
}

void check_delivery(std::string_view reply) {
  nats::Message message;
  message.reply = reply;
  if (!nats::is_delivery(message)) return;
  const auto read = nats::to_delivery(message);
  if (!read.ok()) return;
  const std::string place = "." + std::to_string(read.value().stream_sequence) + "." +
                            std::to_string(read.value().consumer_sequence) + ".";
  // Leading zeros are read too; the server writes none.
  if (reply.find(".0") == std::string_view::npos) {
    fuzz::require(reply.find(place) != std::string_view::npos, "the place is what the reply says", reply);
  }
}

void check_answer(std::string_view text) {
  const auto answer = nats::parse_answer(text);
  if (!answer.ok()) return;
  static_cast<void>(nats::count_at(answer.value(), "state", "messages"));
  static_cast<void>(nats::text_at(answer.value(), "name"));
}

void check_server(std::string_view text) {
  const auto addresses = nats::parse_addresses(text);
  if (addresses.ok()) fuzz::require(!addresses.value().empty(), "there is an address", text);
  static_cast<void>(nats::is_new_enough(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Parts parts{data, size};
  const std::string_view kind = parts.line();
  if (kind == "subject") check_subject(parts.rest());
  if (kind == "headers") check_headers(parts);
  if (kind == "delivery") check_delivery(parts.rest());
  if (kind == "answer") check_answer(parts.rest());
  if (kind == "server") check_server(parts.rest());
  return 0;
}
