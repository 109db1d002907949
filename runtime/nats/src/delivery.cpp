#include "delivery.hpp"

#include "banyan/base/numbers.hpp"

namespace banyan::nats {
namespace {

constexpr std::string_view prefix = "$JS.ACK.";
// "$JS.ACK.<stream>.<consumer>.<attempts>.<stream seq>.<consumer seq>.<time>.<pending>"; newer servers have
// "<domain>.<account>." before the stream, and may have more behind it.
constexpr std::size_t tokens_of_first_form = 9;
constexpr std::size_t tokens_of_second_form = 11;

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> tokens;
  for (;;) {
    const std::size_t dot = text.find('.');
    tokens.push_back(text.substr(0, dot));
    if (dot == std::string_view::npos) return tokens;
    text.remove_prefix(dot + 1);
  }
}

bool read_count(std::string_view text, std::uint64_t& to) {
  const auto count = parse_count(text);
  to = count.value_or(0);
  return count.has_value();
}

}  // namespace

bool is_delivery(const Message& message) noexcept { return message.reply.starts_with(prefix); }

Result<Delivery> to_delivery(Message message) {
  const auto tokens = split(message.reply);
  const bool is_second_form = tokens.size() >= tokens_of_second_form;
  const std::size_t first = is_second_form ? 6 : 4;
  Delivery delivery;
  if ((tokens.size() != tokens_of_first_form && !is_second_form) ||
      !read_count(tokens[first], delivery.attempts) ||
      !read_count(tokens[first + 1], delivery.stream_sequence) ||
      !read_count(tokens[first + 2], delivery.consumer_sequence) ||
      !read_count(tokens[first + 4], delivery.pending)) {
    return Error{Errc::data_loss, "nats.bad_answer", "a delivery has the reply " + message.reply};
  }
  delivery.message = std::move(message);
  return delivery;
}

}  // namespace banyan::nats
