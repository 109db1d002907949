#include "link_codec.hpp"

#include <array>
#include <optional>

#include "banyan/base/numbers.hpp"
#include "banyan/json/decode.hpp"
#include "banyan/json/encode.hpp"
#include "banyan/json/parse.hpp"
#include "banyan/message/undecoded.hpp"
#include "headers.hpp"

namespace banyan::remote {
namespace {

std::string to_hex(const delivery::ChainHash& hash) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * hash.size());
  for (const std::byte byte : hash) {
    text += digits[std::to_integer<std::size_t>(byte >> 4)];
    text += digits[std::to_integer<std::size_t>(byte & std::byte{0xF})];
  }
  return text;
}

// "<epoch>:<seq>:<after>:<hash>": one header is cheaper than four.
std::string row_text(const delivery::Delivery& delivery, const Uuid& epoch, std::uint64_t after) {
  const UuidText digits = banyan::to_text(epoch);
  std::string text{digits.data(), digits.size()};
  text += ':';
  text += std::to_string(delivery.seq);
  text += ':';
  text += std::to_string(after);
  text += ':';
  return text += to_hex(delivery.hash);
}

bool read_row(std::string_view text, Decoded& to) {
  std::array<std::string_view, 4> parts;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const std::size_t colon = text.find(':');
    if (colon == text.npos) return false;
    parts[i] = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  parts[3] = text;
  const auto epoch = parse_uuid(parts[0]);
  if (!epoch.ok() || epoch.value().is_nil()) return false;
  const auto seq = parse_count(parts[1]);
  const auto after = parse_count(parts[2]);
  if (!seq || !after || *after >= *seq) return false;
  to.epoch = epoch.value();
  to.delivery.seq = *seq;
  to.after = *after;
  return read_hex(parts[3], to.delivery.hash);
}

Error not_allowed(std::string why) { return {Errc::rejected, "remote.not_allowed", std::move(why)}; }

Status check(const message::Envelope& envelope, const LinkRules& rules) {
  if (envelope.source != rules.producer) return not_allowed("sent by " + envelope.source);
  if (!envelope.destination.empty() && envelope.destination != rules.subscriber) {
    return not_allowed("meant for " + envelope.destination);
  }
  return success();
}

// Older producers say until when, as a time of day, and when they sent it.
std::optional<Duration> read_time_left(HeaderReader& in, const message::Envelope& envelope) {
  if (in.has(Name::timeout_ms)) {
    const std::uint64_t left = in.number(Name::timeout_ms);
    if (left <= std::uint64_t{message::time_left_max.count()}) return std::chrono::milliseconds{left};
    in.refuse(Name::timeout_ms, "is out of range");
    return std::nullopt;
  }
  if (!in.has(Name::ce_expirytime)) return std::nullopt;
  return in.required_time(Name::ce_expirytime) - envelope.time;
}

constexpr json::ParseLimits report_limits{.bytes_max = 512, .depth_max = 2, .elements_max = 8};
}  // namespace

const message::Descriptor* LinkRules::find(std::string_view type) const {
  const auto found = types.find(type);
  return found == types.end() ? nullptr : found->second;
}

Encoded encode(const delivery::Delivery& delivery, const Uuid& epoch, std::uint64_t after, Instant now) {
  const message::Parcel& parcel = *delivery.parcel;
  HeaderWriter out;
  write_event(out, parcel);
  if (const auto left = message::time_left(parcel.envelope, now)) {
    out.number(Name::timeout_ms, static_cast<std::uint64_t>(left->count()));
  }
  out.text(Name::destination, parcel.envelope.destination);
  out.text(Name::reply_to, parcel.envelope.reply_to);
  out.plain(to_text(Name::row), row_text(delivery, epoch, after));
  Encoded encoded{.seq = delivery.seq, .hash = delivery.hash, .headers = std::move(out).take(), .body = {}};
  encoded.body.reserve(256);
  parcel.payload.type().encode(parcel.payload.value(), encoded.body);
  return encoded;
}

Result<Decoded> decode(const nats::Message& message, const LinkRules& rules, Instant now) {
  if (message.data.size() > rules.body_bytes_max) {
    return Error{Errc::invalid_argument, "remote.too_large", std::to_string(message.data.size()) + " bytes"};
  }
  HeaderReader in{message.headers};
  message::Envelope envelope = read_event(in);
  envelope.destination = in.text(Name::destination);
  envelope.reply_to = in.text(Name::reply_to);
  if (const auto left = read_time_left(in, envelope)) envelope.deadline = now + *left;
  Decoded decoded;
  if (!read_row(in.required_text(Name::row), decoded)) in.refuse(Name::row, "is not a place in a log");
  const std::string type_name = in.required_text(Name::ce_type);
  if (in.error()) return *in.error();
  if (Status allowed = check(envelope, rules); !allowed.ok()) return allowed.error();
  decoded.delivery.parcel = std::make_shared<const message::Parcel>(message::Parcel{
      std::move(envelope), message::decode_or_keep(rules.find(type_name), type_name, message.data)});
  decoded.delivery.bytes = message.data.size();
  return decoded;
}

std::string to_json(const Report& report) {
  std::string text;
  text.reserve(160);
  json::Writer out{text};
  out.begin_object();
  json::member(out, "epoch", report.position.epoch);
  json::member(out, "seq", static_cast<std::int64_t>(report.position.seq));
  json::member(out, "hash", to_hex(report.position.hash));
  json::member(out, "received", static_cast<std::int64_t>(report.received));
  json::member(out, "resume", report.resume);
  if (!report.log.is_nil()) json::member(out, "log", report.log);
  out.end_object();
  return text;
}

Result<Report> parse_report(std::string_view text) {
  const auto document = json::parse(text, report_limits);
  if (!document.ok()) return Error{Errc::invalid_argument, "remote.bad_report", document.error().detail()};
  json::Violations violations;
  const json::Path root;
  const json::Input in{document.value(), root, violations};
  json::Members members{in};
  Report report;
  std::string hash;
  std::int64_t seq = 0;
  std::int64_t received = 0;
  members.required("epoch", report.position.epoch);
  members.required("seq", seq, json::IntegerRules{.min = 0});
  members.required("hash", hash);
  members.required("received", received, json::IntegerRules{.min = 0});
  members.required("resume", report.resume);
  std::optional<Uuid> log;
  members.optional("log", log);
  if (violations.empty() && !read_hex(hash, report.position.hash)) in.refuse("has no hash");
  if (violations.empty() && received < seq) in.refuse("says that more was kept than was received");
  if (!violations.empty()) {
    const json::Violation& first = violations.all().front();
    return Error{Errc::invalid_argument, "remote.bad_report", first.pointer + ' ' + first.detail};
  }
  report.log = log.value_or(Uuid{});
  report.position.seq = static_cast<std::uint64_t>(seq);
  report.received = static_cast<std::uint64_t>(received);
  return report;
}

}  // namespace banyan::remote
