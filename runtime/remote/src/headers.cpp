#include "headers.hpp"

#include <algorithm>

#include "banyan/base/numbers.hpp"
#include "banyan/base/utf8.hpp"
#include "banyan/message/undecoded.hpp"

namespace banyan::remote {
namespace {

constexpr std::array<std::string_view, name_count> names{
    "Authorization",
    "Banyan-Destination",
    "Banyan-Error-Code",
    "Banyan-Error-Reason",
    "Banyan-Idempotency-Fingerprint",
    "Banyan-Idempotency-Key",
    "Banyan-Log",
    "Banyan-Principal",
    "Banyan-Reply-To",
    "Banyan-Row",
    "Banyan-Run",
    "Banyan-Signature",
    "Banyan-Timeout-Ms",
    "baggage",
    "ce-causationid",
    "ce-correlationid",
    "ce-datacontenttype",
    "ce-expirytime",
    "ce-id",
    "ce-partitionkey",
    "ce-source",
    "ce-specversion",
    "ce-time",
    "ce-traceparent",
    "ce-tracestate",
    "ce-type",
};
static_assert(std::is_sorted(names.begin(), names.end()));

constexpr std::string_view spec_version = "1.0";
constexpr std::string_view content_type = "application/json";
constexpr std::string_view hop_trace = "traceparent";
constexpr std::string_view hop_tracestate = "tracestate";
constexpr std::size_t value_bytes_max = 8 << 10;

constexpr bool is_plain(char c) { return c > 0x20 && c < 0x7F && c != '"' && c != '%'; }

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return is_plain(c); });
}

constexpr int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

// -1 if there are no two hexadecimal digits.
int read_byte(std::string_view text, std::size_t at) noexcept {
  if (at + 2 > text.size()) return -1;
  const int high = hex_value(text[at]);
  const int low = hex_value(text[at + 1]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

}  // namespace

std::string_view to_text(Name name) noexcept { return names[static_cast<std::size_t>(name)]; }

bool read_hex(std::string_view text, std::span<std::byte> to) noexcept {
  if (text.size() != 2 * to.size()) return false;
  for (std::size_t i = 0; i < to.size(); ++i) {
    const int byte = read_byte(text, 2 * i);
    if (byte < 0) return false;
    to[i] = static_cast<std::byte>(byte);
  }
  return true;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size() + 16);
  for (const char c : text) {
    if (is_plain(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 0xF];
    }
  }
  return out;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_plain(text[i])) {
      out += text[i];
      continue;
    }
    const int byte = text[i] == '%' ? read_byte(text, i + 1) : -1;
    if (byte < 0) return std::nullopt;
    out += static_cast<char>(byte);
    i += 2;
  }
  if (!is_utf8(out)) return std::nullopt;
  return out;
}

void HeaderWriter::text(Name name, std::string_view value) {
  if (value.empty()) return;
  if (is_plain(value)) return plain(to_text(name), value);
  plain(to_text(name), is_utf8(value) ? percent_encode(value) : percent_encode(to_utf8(value)));
}

void HeaderWriter::number(Name name, std::uint64_t value) { plain(to_text(name), std::to_string(value)); }

void HeaderWriter::id(Name name, const Uuid& value) {
  if (value.is_nil()) return;
  const UuidText digits = banyan::to_text(value);
  plain(to_text(name), {digits.data(), digits.size()});
}

void HeaderWriter::time(Name name, Timestamp value) {
  const TimestampText digits = banyan::to_text(value);
  plain(to_text(name), {digits.data(), digits.size()});
}

HeaderReader::HeaderReader(const nats::Headers& headers) {
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const auto [name, value] = headers[i];
    const auto found = std::lower_bound(names.begin(), names.end(), name);
    if (found == names.end() || *found != name) continue;
    const auto index = static_cast<std::size_t>(found - names.begin());
    if (value.size() > value_bytes_max) refuse(static_cast<Name>(index), "is too long");
    if (values_[index]) refuse(static_cast<Name>(index), "is there twice");
    values_[index] = value;
  }
}

HeaderReader::Value HeaderReader::require(Name name) {
  const Value value = find(name);
  if (!value || value->empty()) return refuse(name, "is missing"), std::nullopt;
  return value;
}

std::string HeaderReader::text(Name name) {
  const Value value = find(name);
  if (!value) return {};
  auto decoded = percent_decode(*value);
  if (!decoded) return refuse(name, "is not percent-encoded UTF-8"), std::string{};
  return *std::move(decoded);
}

std::string HeaderReader::required_text(Name name) { return require(name) ? text(name) : std::string{}; }

std::uint64_t HeaderReader::number(Name name) {
  const Value value = require(name);
  if (!value) return 0;
  const auto number = parse_count(*value);
  if (!number) refuse(name, "is not a number");
  return number.value_or(0);
}

Uuid HeaderReader::id(Name name) { return has(name) ? required_id(name) : Uuid{}; }

Uuid HeaderReader::required_id(Name name) {
  const Value value = require(name);
  if (!value) return {};
  const auto id = parse_uuid(*value);
  if (!id.ok()) return refuse(name, "is not a UUID"), Uuid{};
  return id.value();
}

Timestamp HeaderReader::required_time(Name name) {
  const Value value = require(name);
  if (!value) return {};
  const auto time = parse_rfc3339(*value);
  if (!time.ok()) return refuse(name, "is not a time"), Timestamp{};
  return time.value();
}

void HeaderReader::expect(Name name, std::string_view value) {
  const Value found = require(name);
  if (found && *found != value) refuse(name, "has another value");
}

void HeaderReader::refuse(Name name, std::string_view why) {
  if (error_) return;
  error_.emplace(Errc::invalid_argument, "remote.bad_headers",
                 std::string{to_text(name)} + ' ' + std::string{why});
}

void write_event(HeaderWriter& out, const message::Parcel& parcel) {
  const message::Envelope& envelope = parcel.envelope;
  out.plain(to_text(Name::ce_specversion), spec_version);
  out.id(Name::ce_id, envelope.id);
  out.text(Name::ce_source, envelope.source);
  out.text(Name::ce_type, message::type_name(parcel.payload));
  out.time(Name::ce_time, envelope.time);
  out.plain(to_text(Name::ce_datacontenttype), content_type);
  out.text(Name::ce_partitionkey, envelope.key);
  out.id(Name::ce_correlationid, envelope.correlation_id);
  out.id(Name::ce_causationid, envelope.causation_id);
  if (envelope.trace.is_valid()) {
    const std::string trace = envelope.trace.to_traceparent();
    out.plain(to_text(Name::ce_traceparent), trace);
    out.plain(hop_trace, trace);
  }
  if (!envelope.tracestate.empty()) {
    out.text(Name::ce_tracestate, envelope.tracestate);
    out.plain(hop_tracestate, envelope.tracestate);
  }
  if (!envelope.baggage.empty()) out.plain(to_text(Name::baggage), envelope.baggage);
  out.text(Name::principal, envelope.principal);
}

message::Envelope read_event(HeaderReader& in) {
  in.expect(Name::ce_specversion, spec_version);
  if (in.has(Name::ce_datacontenttype)) in.expect(Name::ce_datacontenttype, content_type);
  message::Envelope envelope;
  envelope.id = in.required_id(Name::ce_id);
  envelope.source = in.required_text(Name::ce_source);
  envelope.time = in.required_time(Name::ce_time);
  envelope.key = in.text(Name::ce_partitionkey);
  envelope.correlation_id = in.id(Name::ce_correlationid);
  envelope.causation_id = in.id(Name::ce_causationid);
  envelope.principal = in.text(Name::principal);
  if (in.has(Name::ce_traceparent)) {
    if (const auto trace = message::TraceContext::parse(in.text(Name::ce_traceparent))) {
      envelope.trace = *trace;
    } else {
      in.refuse(Name::ce_traceparent, "is not a trace");
    }
  }
  if (in.has(Name::ce_tracestate)) {
    envelope.tracestate = message::read_tracestate({in.text(Name::ce_tracestate)});
  }
  if (in.has(Name::baggage)) envelope.baggage = message::read_baggage({in.plain(Name::baggage)});
  return envelope;
}

}  // namespace banyan::remote
