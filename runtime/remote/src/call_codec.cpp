#include "call_codec.hpp"

#include <algorithm>
#include <chrono>

#include "headers.hpp"

namespace banyan::remote {
namespace {

constexpr std::size_t body_bytes_max = 1 << 20;
constexpr std::size_t detail_bytes_max = 4 << 10;
constexpr std::size_t reason_bytes_max = 128;
constexpr std::uint64_t timeout_ms_max = 10 * 60 * 1000;

Error bad_reply(std::string why) { return {Errc::internal, "remote.bad_reply", std::move(why)}; }

bool is_reason(std::string_view text) {
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  };
  return !text.empty() && text.size() <= reason_bytes_max &&
         std::all_of(text.begin(), text.end(), is_allowed);
}

bool is_code(std::uint64_t code) {
  return code >= static_cast<std::uint64_t>(Errc::invalid_argument) &&
         code <= static_cast<std::uint64_t>(Errc::internal);
}

std::string write_error(HeaderWriter& out, const Error& error) {
  out.number(Name::error_code, static_cast<std::uint64_t>(error.code()));
  out.text(Name::error_reason, error.reason());
  return error.detail().substr(0, detail_bytes_max);
}

}  // namespace

Sheet encode(const message::Request& request, Duration timeout, std::string_view authorization) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(timeout).count();
  HeaderWriter out;
  write_event(out, *request.parcel);
  out.number(Name::timeout_ms, static_cast<std::uint64_t>(std::max<decltype(left)>(left, 1)));
  if (!authorization.empty()) out.plain(to_text(Name::authorization), authorization);
  if (request.idempotency) {
    out.text(Name::idempotency_key, request.idempotency->key);
    out.text(Name::idempotency_fingerprint, request.idempotency->fingerprint);
  }
  return {std::move(out).take(), request.parcel->payload.to_json()};
}

Result<message::Request> decode(const nats::Message& message, const message::Descriptor& type, Instant now) {
  if (message.data.size() > body_bytes_max) {
    return Error{Errc::invalid_argument, "remote.too_large", std::to_string(message.data.size()) + " bytes"};
  }
  HeaderReader in{message.headers};
  message::Envelope envelope = read_event(in);
  in.expect(Name::ce_type, type.type);
  const std::uint64_t timeout_ms = in.number(Name::timeout_ms);
  if (timeout_ms == 0 || timeout_ms > timeout_ms_max) in.refuse(Name::timeout_ms, "is out of range");
  message::Request request;
  if (in.has(Name::idempotency_key)) {
    request.idempotency = {.key = in.required_text(Name::idempotency_key),
                           .fingerprint = in.required_text(Name::idempotency_fingerprint)};
  }
  if (in.error()) return *in.error();
  auto payload = message::decode(type, message.data);
  if (!payload.ok()) return payload.error();
  envelope.destination = type.module;
  envelope.deadline = now + std::chrono::milliseconds{timeout_ms};
  request.parcel = std::make_shared<const message::Parcel>(
      message::Parcel{std::move(envelope), std::move(payload).value()});
  return request;
}

std::string_view authorization_of(const nats::Message& message) {
  return message.headers.find(to_text(Name::authorization)).value_or("");
}

Sheet encode(const message::Reply& reply, const Uuid& log) {
  HeaderWriter out;
  if (!log.is_nil()) out.id(Name::log, log);
  std::string body = reply.ok() ? reply.value().to_json() : write_error(out, reply.error());
  return {std::move(out).take(), std::move(body)};
}

Uuid log_of(const nats::Message& message) {
  const auto log = parse_uuid(message.headers.find(to_text(Name::log)).value_or(""));
  return log.ok() ? log.value() : Uuid{};
}

message::Reply decode(const nats::Message& message, const message::Descriptor& answer) {
  HeaderReader in{message.headers};
  if (!in.has(Name::error_code)) {
    auto payload = message::decode(answer, message.data);
    if (!payload.ok()) return bad_reply(payload.error().detail());
    return payload;
  }
  const std::uint64_t code = in.number(Name::error_code);
  const std::string reason = in.required_text(Name::error_reason);
  if (in.error()) return bad_reply(in.error()->detail());
  if (!is_code(code) || !is_reason(reason)) return bad_reply("an error of no known form");
  return Error{static_cast<Errc>(code), reason, message.data.substr(0, detail_bytes_max)};
}

}  // namespace banyan::remote
