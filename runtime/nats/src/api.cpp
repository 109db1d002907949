#include "api.hpp"

#include <algorithm>

#include "banyan/json/parse.hpp"

namespace banyan::nats {
namespace {

struct KnownError {
  std::int64_t number;
  Errc code;
  std::string_view reason;
};

constexpr KnownError known_errors[] = {
    {10071, Errc::conflict, "nats.wrong_last_sequence"},
    {10059, Errc::not_found, "nats.no_stream"},
    {10014, Errc::not_found, "nats.no_consumer"},
    {10058, Errc::already_exists, "nats.stream_exists"},
    {10002, Errc::resource_exhausted, "nats.no_space"},  // of the account
    {10023, Errc::resource_exhausted, "nats.no_space"},
    {10028, Errc::resource_exhausted, "nats.no_space"},  // memory
    {10047, Errc::resource_exhausted, "nats.no_space"},  // storage
    {10077, Errc::resource_exhausted, "nats.no_space"},  // of the stream
};

Error to_error(const json::Value& error) {
  const auto number = static_cast<std::int64_t>(count_at(error, "err_code"));
  const std::string detail = std::to_string(number) + " " + text_at(error, "description");
  const auto* known = std::ranges::find(known_errors, number, &KnownError::number);
  if (known != std::end(known_errors)) return {known->code, known->reason, detail};
  return {Errc::internal, "nats.refused_by_jetstream", detail};
}

}  // namespace

Result<json::Value> parse_answer(std::string_view text) {
  auto document = json::parse(text);
  if (!document.ok() || document.value().if_a<json::Object>() == nullptr) {
    return Error{Errc::data_loss, "nats.bad_answer", "the answer is no JSON object"};
  }
  if (const json::Value* error = document.value().find("error")) return to_error(*error);
  return document;
}

std::uint64_t count_at(const json::Value& value, std::string_view name) {
  const json::Value* member = value.find(name);
  const auto* number = member == nullptr ? nullptr : member->if_a<std::int64_t>();
  return number == nullptr || *number < 0 ? 0 : static_cast<std::uint64_t>(*number);
}

std::uint64_t count_at(const json::Value& value, std::string_view outer, std::string_view inner) {
  const json::Value* member = value.find(outer);
  return member == nullptr ? 0 : count_at(*member, inner);
}

std::string text_at(const json::Value& value, std::string_view name) {
  const json::Value* member = value.find(name);
  const auto* text = member == nullptr ? nullptr : member->if_a<std::string>();
  return text == nullptr ? std::string{} : *text;
}

Result<Subject> api_subject(std::string_view verb, std::initializer_list<std::string_view> names) {
  std::string text = "$JS.API.";
  text += verb;
  for (const std::string_view name : names) {
    if (!is_token(name))
      return Error{Errc::invalid_argument, "nats.bad_name", "no name of a stream or consumer"};
    text.append(".").append(name);
  }
  return Subject::parse(text);
}

}  // namespace banyan::nats
