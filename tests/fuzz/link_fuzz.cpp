/// The traffic of a link from orders to inventory: "message" and NATS messages, each with headers, an empty
/// line and a line with the body; "report" and a subscriber's report; "position" and a place in a log. What
/// is accepted can be stored.
#include "banyan/delivery/position.hpp"
#include "banyan/message/undecoded.hpp"
#include "banyan/store/arg.hpp"
#include "banyan/testing/plain_signatures.hpp"
#include "fuzz.hpp"
#include "moment.hpp"
#include "nats_headers.hpp"
#include "remote/src/run.hpp"
#include "shop_messages.hpp"

namespace {

using namespace banyan;

const remote::LinkRules& rules() {
  static const remote::LinkRules all = [] {
    remote::LinkRules made{.producer = "orders", .subscriber = "inventory", .types = {}};
    for (const message::Descriptor* type : fuzz::messages()) made.types.emplace(type->type, type);
    return made;
  }();
  return all;
}

bool is_stored_as_it_is(std::uint64_t number) {
  return store::Arg{number}.integer() == static_cast<std::int64_t>(number);
}

std::string text_of(const delivery::Delivery& delivery) {
  return message::to_headers(delivery.parcel->envelope, fuzz::now) +
         std::string{type_name(delivery.parcel->payload)} + delivery.parcel->payload.to_json();
}

void check(const remote::Decoded& read) {
  fuzz::require(is_stored_as_it_is(read.delivery.seq) && is_stored_as_it_is(read.after),
                "a place in a log can be stored");
  fuzz::require(
      message::from_headers(message::to_headers(read.delivery.parcel->envelope, fuzz::now), fuzz::now).ok(),
      "the envelope can be stored");
  if (message::undecoded(read.delivery.parcel->payload) != nullptr) return;
  const remote::Encoded sent = remote::encode(read.delivery, read.epoch, read.after, fuzz::now);
  fuzz::require(nats::check_headers(sent.headers).ok(), "what is sent on can be sent");
  const auto again = remote::decode(fuzz::message_of(sent.headers, sent.body), rules(), fuzz::now);
  fuzz::require(again.ok(), "what was sent on is accepted", again.ok() ? "" : again.error().detail());
  fuzz::require(again.value().epoch == read.epoch && again.value().after == read.after &&
                    again.value().delivery.seq == read.delivery.seq &&
                    again.value().delivery.hash == read.delivery.hash,
                "a place in a log reads as the same");
  fuzz::require(text_of(again.value().delivery) == text_of(read.delivery), "a message reads as the same",
                text_of(read.delivery) + '\n' + text_of(again.value().delivery));
}

void check_messages(fuzz::Parts& parts) {
  remote::Run run{"orders", "evt.orders.inventory", testing::signer_of};
  for (int i = 0; i < 8 && !parts.at_end(); ++i) {
    nats::Headers headers = fuzz::take_headers(parts);
    const nats::Message message = fuzz::message_of(std::move(headers), parts.line());
    auto read = remote::decode(message, rules(), fuzz::now);
    if (!read.ok()) continue;
    check(read.value());
    if (remote::Run::begins(message)) run.release();
    const auto state = run.take({}, std::move(read).value(), message);
    if (state == remote::Run::State::forged) static_cast<void>(run.why());
    if (state != remote::Run::State::open) run.release();
  }
}

void check_report(std::string_view text) {
  const auto read = remote::parse_report(text);
  if (!read.ok()) return;
  fuzz::require(is_stored_as_it_is(read.value().position.seq), "a place in a log can be stored", text);
  const std::string written = remote::to_json(read.value());
  const auto again = remote::parse_report(written);
  fuzz::require(again.ok() && again.value() == read.value(), "what was written reads as the same", written);
}

void check_position(std::string_view text) {
  const auto read = delivery::parse_position(text);
  if (!read.ok()) return;
  fuzz::require(is_stored_as_it_is(read.value().seq), "a place in a log can be stored", text);
  const std::string written = delivery::to_text(read.value());
  const auto again = delivery::parse_position(written);
  fuzz::require(again.ok() && again.value() == read.value(), "what was written reads as the same", written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Parts parts{data, size};
  const std::string_view kind = parts.line();
  if (kind == "message") check_messages(parts);
  if (kind == "report") check_report(parts.rest());
  if (kind == "position") check_position(parts.rest());
  return 0;
}
