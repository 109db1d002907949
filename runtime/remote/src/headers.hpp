#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "banyan/base/result.hpp"
#include "banyan/message/envelope.hpp"
#include "banyan/nats/message.hpp"

namespace banyan::remote {

/// Every header that is read, in the order of their names.
enum class Name : std::uint8_t {
  authorization,
  destination,
  error_code,
  error_reason,
  idempotency_fingerprint,
  idempotency_key,
  log,
  principal,
  reply_to,
  row,
  run,
  signature,
  timeout_ms,
  baggage,
  ce_causationid,
  ce_correlationid,
  ce_datacontenttype,
  ce_expirytime,
  ce_id,
  ce_partitionkey,
  ce_source,
  ce_specversion,
  ce_time,
  ce_traceparent,
  ce_tracestate,
  ce_type,
};
inline constexpr std::size_t name_count = 26;

std::string_view to_text(Name name) noexcept;

/// Reads two hexadecimal digits a byte; false if `text` is anything else than that.
bool read_hex(std::string_view text, std::span<std::byte> to) noexcept;

/// Builds headers; text is percent-encoded as the CloudEvents binding says: whatever is not U+0021 to U+007E,
/// and '"' and '%'.
class HeaderWriter {
 public:
  void text(Name name, std::string_view value);
  void number(Name name, std::uint64_t value);
  void id(Name name, const Uuid& value);
  void time(Name name, Timestamp value);
  /// `value` needs no encoding.
  void plain(std::string_view name, std::string_view value) { headers_.add(name, value); }

  nats::Headers take() && { return std::move(headers_); }

 private:
  nats::Headers headers_;
};

/// The known headers of a received message, by name. Refers to the headers it was made of.
///
/// A field that is missing, repeated or not of its form is an error, invalid_argument
/// "remote.bad_headers"; the first one stays, and what is read is empty from then on.
class HeaderReader {
 public:
  explicit HeaderReader(const nats::Headers& headers);

  bool has(Name name) const noexcept { return find(name).has_value(); }
  /// Without the header: empty.
  std::string text(Name name);
  /// As it is. Without the header: empty.
  std::string_view plain(Name name) const noexcept { return find(name).value_or(std::string_view{}); }
  std::string required_text(Name name);
  std::uint64_t number(Name name);
  Uuid id(Name name);
  Uuid required_id(Name name);
  Timestamp required_time(Name name);
  /// The header has exactly this value.
  void expect(Name name, std::string_view value);
  void refuse(Name name, std::string_view why);

  const std::optional<Error>& error() const noexcept { return error_; }

 private:
  using Value = std::optional<std::string_view>;

  Value find(Name name) const noexcept { return values_[static_cast<std::size_t>(name)]; }
  Value require(Name name);

  std::array<Value, name_count> values_;
  std::optional<Error> error_;
};

/// The attributes of the envelope with the type of its payload, in the binary mode of the CloudEvents NATS
/// binding; `baggage`; `traceparent` and `tracestate` once more for the hop. Not the deadline.
void write_event(HeaderWriter& out, const message::Parcel& parcel);
/// The envelope as far as write_event() writes it. `ce-type` is for the caller to look at.
message::Envelope read_event(HeaderReader& in);

std::string percent_encode(std::string_view text);
/// Nothing if `text` has a character that should have been encoded, a '%' without two hexadecimal digits, or
/// decodes to something that is not UTF-8.
std::optional<std::string> percent_decode(std::string_view text);

}  // namespace banyan::remote
