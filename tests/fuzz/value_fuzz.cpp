/// Small values that come as text: a line that says which, then the text.
#include <charconv>

#include "banyan/base/clock.hpp"
#include "banyan/base/money.hpp"
#include "banyan/base/utf8.hpp"
#include "banyan/base/uuid.hpp"
#include "banyan/json/parse.hpp"
#include "fuzz.hpp"
#include "security/src/base64url.hpp"
#include "telemetry/src/log_text.hpp"

namespace {

using namespace banyan;

void check_time(std::string_view text) {
  const auto read = parse_rfc3339(text);
  if (!read.ok()) return;
  const std::string written = to_rfc3339(read.value());
  const auto again = parse_rfc3339(written);
  fuzz::require(again.ok() && again.value() == read.value(), "a time that was written reads as the same",
                std::string{text} + '\n' + written);
}

void check_id(std::string_view text) {
  const auto read = parse_uuid(text);
  if (!read.ok()) return;
  const std::string written = to_string(read.value());
  fuzz::require(parse_uuid(written).value() == read.value(), "an id that was written reads as the same",
                written);
}

void check_base64url(std::string_view text) {
  const auto read = security::from_base64url(text);
  if (read) fuzz::require(security::to_base64url(*read) == text, "bytes have one text", text);
  fuzz::require(security::from_base64url(security::to_base64url(text)) == text, "every text can be written");
}

void check_utf8(std::string_view text) {
  const std::string mended = to_utf8(text);
  fuzz::require(is_utf8(mended), "what was mended is UTF-8", mended);
  fuzz::require(is_utf8(text) == (mended == text), "nothing is mended but what has to be", text);
  std::string line;
  telemetry::append_text(line, text, 512);
  const auto shown = json::parse(line);
  fuzz::require(shown.ok() && shown.value().if_a<std::string>() != nullptr, "a log shows any text as JSON",
                line);
  const auto is_shown = [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; };
  fuzz::require(std::all_of(line.begin(), line.end(), is_shown), "a log shows no control character", line);
}

std::int64_t take_number(fuzz::Parts& parts) {
  const std::string_view line = parts.line();
  std::int64_t number = 0;
  std::from_chars(line.data(), line.data() + line.size(), number);
  return number;
}

void check_money(fuzz::Parts& parts) {
  __extension__ using Wide = __int128;
  const Money a{take_number(parts), "EUR"};
  const std::int64_t b = take_number(parts);
  const int discount = static_cast<int>(take_number(parts) % 102);
  const auto sum = add(a, {b, "EUR"});
  if (sum.ok()) fuzz::require(sum.value().amount_minor == Wide{a.amount_minor} + b, "a sum is the sum");
  const auto total = line_total(a, b, discount);
  if (!total.ok()) return;
  const Wide exact = Wide{a.amount_minor} * b * (100 - discount);
  const Wide error = Wide{total.value().amount_minor} * 100 - exact;
  fuzz::require(error >= -50 && error <= 50, "a total is rounded by half a cent at most");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Parts parts{data, size};
  const std::string_view kind = parts.line();
  if (kind == "time") check_time(parts.rest());
  if (kind == "id") check_id(parts.rest());
  if (kind == "base64url") check_base64url(parts.rest());
  if (kind == "utf8") check_utf8(parts.rest());
  if (kind == "money") check_money(parts);
  return 0;
}
