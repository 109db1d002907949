#include "banyan/message/envelope.hpp"

#include <algorithm>

#include "banyan/json/encode.hpp"
#include "banyan/json/parse.hpp"
#include "banyan/message/registry.hpp"

namespace banyan::message {

static void read(const json::Input& in, TraceContext& to) {
  std::string text;
  read(in, text);
  const auto trace = TraceContext::parse(text);
  if (!trace) return in.refuse("must be a traceparent");
  to = *trace;
}

static void write(json::Writer& out, const TraceContext& trace) { out.string(trace.to_traceparent()); }

namespace {

/// The names of the attributes: short in the store, by their standard names on the wire.
struct Names {
  std::string_view id, source, destination, key, time, time_left, correlation_id, causation_id, trace,
      tracestate, baggage, principal, reply_to;
};

constexpr Names stored{.id = "id",
                       .source = "src",
                       .destination = "dst",
                       .key = "key",
                       .time = "time",
                       .time_left = "left",
                       .correlation_id = "cor",
                       .causation_id = "cau",
                       .trace = "trace",
                       .tracestate = "state",
                       .baggage = "bag",
                       .principal = "by",
                       .reply_to = "reply"};

constexpr Names cloud_events{.id = "id",
                             .source = "source",
                             .destination = "destination",
                             .key = "partitionkey",
                             .time = "time",
                             .time_left = "timeleft",
                             .correlation_id = "correlationid",
                             .causation_id = "causationid",
                             .trace = "traceparent",
                             .tracestate = "tracestate",
                             .baggage = "baggage",
                             .principal = "principal",
                             .reply_to = "replyto"};

constexpr std::string_view spec_version = "1.0";
constexpr std::string_view content_type = "application/json";

void write_text(json::Writer& out, std::string_view name, const std::string& text) {
  if (!text.empty()) json::member(out, name, text);
}

void write_id(json::Writer& out, std::string_view name, const Uuid& id) {
  if (!id.is_nil()) json::member(out, name, id);
}

constexpr json::IntegerRules time_left_rules{.min = 0, .max = time_left_max.count()};

void write_attributes(json::Writer& out, const Names& names, const Envelope& envelope, Instant now) {
  json::member(out, names.id, envelope.id);
  json::member(out, names.source, envelope.source);
  write_text(out, names.destination, envelope.destination);
  write_text(out, names.key, envelope.key);
  json::member(out, names.time, envelope.time);
  if (const auto left = time_left(envelope, now)) json::member(out, names.time_left, left->count());
  write_id(out, names.correlation_id, envelope.correlation_id);
  write_id(out, names.causation_id, envelope.causation_id);
  if (envelope.trace.is_valid()) json::member(out, names.trace, envelope.trace);
  write_text(out, names.tracestate, envelope.tracestate);
  write_text(out, names.baggage, envelope.baggage);
  write_text(out, names.principal, envelope.principal);
  write_text(out, names.reply_to, envelope.reply_to);
}

void read_attributes(json::Members& members, const Names& names, Envelope& to, Instant now) {
  std::optional<std::int64_t> left;
  members.required(names.id, to.id);
  members.required(names.source, to.source, json::StringRules{.length_min = 1});
  members.optional(names.destination, to.destination);
  members.optional(names.key, to.key);
  members.required(names.time, to.time);
  members.optional(names.time_left, left, time_left_rules);
  members.optional(names.correlation_id, to.correlation_id);
  members.optional(names.causation_id, to.causation_id);
  members.optional(names.trace, to.trace);
  members.optional(names.tracestate, to.tracestate);
  members.optional(names.baggage, to.baggage);
  members.optional(names.principal, to.principal);
  members.optional(names.reply_to, to.reply_to);
  // They become headers again as they are.
  if (!to.tracestate.empty()) to.tracestate = read_tracestate({to.tracestate});
  if (!to.baggage.empty()) to.baggage = read_baggage({to.baggage});
  if (left) to.deadline = now + std::chrono::milliseconds{*left};
}

// Rows that were written before deadlines were kept as the time left have a time of day.
void read_expiry(json::Members& members, Envelope& to, Instant written) {
  std::optional<Timestamp> expiry;
  members.optional("exp", expiry);
  if (expiry && to.deadline == no_deadline) to.deadline = written + (*expiry - to.time);
}

Error bad_headers(const json::Violations& violations) {
  const json::Violation& first = violations.all().front();
  return Error{Errc::invalid_argument, "message.bad_headers", first.pointer + " " + first.detail};
}

/// A structured CloudEvent taken apart, its data not yet looked at.
struct Event {
  Envelope envelope;
  std::string type;
  const json::Value* data = nullptr;
};

Result<Event> read_event(const json::Value& document, Instant now) {
  Event event;
  json::Violations violations;
  json::Members members{json::Input{document, json::Path{}, violations}};
  std::string version;
  std::string data_type{content_type};
  members.required("specversion", version, json::StringRules{.one_of = {&spec_version, 1}});
  members.required("type", event.type);
  members.optional("datacontenttype", data_type, json::StringRules{.one_of = {&content_type, 1}});
  read_attributes(members, cloud_events, event.envelope, now);
  if (!violations.empty()) return bad_headers(violations);

  event.data = document.find("data");
  if (event.data == nullptr) {
    return Error{Errc::invalid_argument, "message.bad_headers", "#/data is required"};
  }
  return event;
}

}  // namespace

std::optional<std::chrono::milliseconds> time_left(const Envelope& envelope, Instant now) {
  if (envelope.deadline == no_deadline) return std::nullopt;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(envelope.deadline - now);
  if (left > time_left_max) return std::nullopt;
  return std::max(left, std::chrono::milliseconds::zero());
}

std::string to_headers(const Envelope& envelope, Instant now) {
  std::string text;
  text.reserve(384);
  json::Writer out{text};
  out.begin_object();
  write_attributes(out, stored, envelope, now);
  out.end_object();
  return text;
}

Result<Envelope> from_headers(std::string_view headers, Instant written) {
  const auto document = json::parse(headers, stored_limits);
  if (!document) {
    return Error{Errc::invalid_argument, "message.bad_headers", document.error().detail()};
  }
  Envelope envelope;
  json::Violations violations;
  json::Members members{json::Input{document.value(), json::Path{}, violations}};
  read_attributes(members, stored, envelope, written);
  read_expiry(members, envelope, written);
  if (!violations.empty()) return bad_headers(violations);
  return envelope;
}

std::string to_bytes(const Parcel& parcel, Instant now) {
  const Descriptor& type = parcel.payload.type();
  std::string text;
  text.reserve(1024);
  json::Writer out{text};
  out.begin_object();
  json::member(out, "specversion", spec_version);
  json::member(out, "type", type.type);
  write_attributes(out, cloud_events, parcel.envelope, now);
  json::member(out, "datacontenttype", content_type);
  out.name("data");
  type.encode(parcel.payload.value(), text);
  out.end_object();
  return text;
}

Result<ParcelPtr> from_bytes(std::string_view bytes, const Registry& registry, Instant now) {
  const auto document = json::parse(bytes, stored_limits);
  if (!document) return document.error();
  auto event = read_event(document.value(), now);
  if (!event) return event.error();
  auto& [envelope, type_name, data] = event.value();
  const Descriptor* type = registry.find(type_name);
  if (type == nullptr) return Error{Errc::not_found, "message.unknown_type", type_name};
  auto payload = validate(*type, *data);
  if (!payload) return payload.error();
  return std::make_shared<const Parcel>(Parcel{std::move(envelope), std::move(payload).value()});
}

}  // namespace banyan::message
