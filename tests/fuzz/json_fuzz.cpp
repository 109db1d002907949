/// JSON: what is read is written as strict UTF-8, and reads as the same again.
#include <optional>

#include "banyan/base/utf8.hpp"
#include "banyan/json/parse.hpp"
#include "banyan/json/writer.hpp"
#include "fuzz.hpp"

namespace {

using namespace banyan;

bool equal(const json::Value& a, const json::Value& b);

bool equal(const json::Array& a, const json::Array& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const json::Value& one, const json::Value& other) { return equal(one, other); });
}

bool equal(const json::Object& a, const json::Object& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& one, const auto& other) {
    return one.first == other.first && equal(one.second, other.second);
  });
}

template <class T>
bool equal(const T& a, const T& b) {
  return a == b;
}

/// 1.0 is written as 1, which is the same number.
std::optional<double> number_in(const json::Value& value) {
  if (const auto* integer = value.if_a<std::int64_t>()) return static_cast<double>(*integer);
  if (const auto* real = value.if_a<double>()) return *real;
  return std::nullopt;
}

bool equal(const json::Value& a, const json::Value& b) {
  const auto number = number_in(a);
  if (number && a.type_name() != b.type_name()) return number == number_in(b);
  if (a.type_name() != b.type_name()) return false;
  return a.visit([&](const auto& value) {
    using T = std::decay_t<decltype(value)>;
    return equal(value, *b.if_a<T>());
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto read = json::parse(text);
  if (!read.ok()) return 0;
  fuzz::require(is_utf8(text), "what is accepted is UTF-8");
  const std::string written = json::to_string(read.value());
  const json::ParseLimits wide{.bytes_max = 16 << 20};  // Escapes make a text longer.
  const auto again = json::parse(written, wide);
  fuzz::require(again.ok(), "what was written can be read", written);
  fuzz::require(equal(again.value(), read.value()), "what was written reads as the same", written);
  fuzz::require(json::to_string(again.value()) == written, "there is one way to write a value", written);
  return 0;
}
