#include "values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <span>

#include "banyan/base/numbers.hpp"
#include "banyan/base/utf8.hpp"

namespace banyan::config {
namespace {

struct UnitName {
  std::string_view name;
  std::int64_t factor;
};

// From the largest to the smallest: a value is printed in the first that divides it.
constexpr std::array duration_units{UnitName{"h", 3'600'000'000}, UnitName{"min", 60'000'000},
                                    UnitName{"s", 1'000'000}, UnitName{"ms", 1'000}, UnitName{"us", 1}};
constexpr std::array bytes_units{UnitName{"GiB", 1 << 30}, UnitName{"MiB", 1 << 20}, UnitName{"KiB", 1 << 10},
                                 UnitName{"B", 1}};

std::span<const UnitName> units_of(Type type) {
  if (type == Type::duration) return duration_units;
  if (type == Type::bytes) return bytes_units;
  return {};
}

Error bad_value(std::string detail) {
  return {Errc::invalid_argument, "config.bad_value", std::move(detail)};
}

std::string_view expected(Type type) {
  switch (type) {
    case Type::boolean:
      return "must be true or false";
    case Type::integer:
      return "must be an integer";
    case Type::duration:
      return "must be a duration such as \"250ms\", \"5s\", \"15min\" or \"24h\"";
    case Type::bytes:
      return "must be a size such as \"512B\", \"64KiB\", \"16MiB\" or \"2GiB\"";
    case Type::list:
      return "must be a list of strings";
    case Type::text:
    case Type::choice:
    case Type::secret:
      break;
  }
  return "must be a string";
}

Error wrong_type(const Setting& setting) { return bad_value(std::string{expected(setting.type)}); }

std::string quantity(Type type, std::int64_t value) {
  for (const UnitName& unit : units_of(type)) {
    if (value % unit.factor == 0 && (value != 0 || unit.factor == 1)) {
      return std::to_string(value / unit.factor).append(unit.name);
    }
  }
  return std::to_string(value);
}

Result<Value> in_range(const Setting& setting, std::int64_t value) {
  if (value < setting.range.min || value > setting.range.max) {
    return bad_value("must be " + allowed(setting) + ", not " + quantity(setting.type, value));
  }
  return Value{value};
}

Result<Value> parse_integer(const Setting& setting, std::string_view text) {
  const auto value = parse_number<std::int64_t>(text);
  return value ? in_range(setting, *value) : wrong_type(setting);
}

Result<Value> parse_quantity(const Setting& setting, std::string_view text) {
  std::int64_t count = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, count);
  const std::string_view unit_name{end, static_cast<std::size_t>(last - end)};
  const auto units = units_of(setting.type);
  const auto unit =
      std::find_if(units.begin(), units.end(), [&](const UnitName& u) { return u.name == unit_name; });
  if (error != std::errc{} || count < 0 || unit == units.end()) return wrong_type(setting);
  if (count > std::numeric_limits<std::int64_t>::max() / unit->factor) {
    return bad_value("must be " + allowed(setting) + ", not " + std::string{text});
  }
  return in_range(setting, count * unit->factor);
}

Result<Value> parse_boolean(const Setting& setting, std::string_view text) {
  if (text != "true" && text != "false") return wrong_type(setting);
  return Value{text == "true"};
}

Result<Value> parse_choice(const Setting& setting, std::string_view text) {
  if (std::find(setting.choices.begin(), setting.choices.end(), text) == setting.choices.end()) {
    return bad_value("must be one of " + allowed(setting));
  }
  return Value{std::string{text}};
}

// Refuses a text that could not be printed into a file and read again.
Status check(const Setting& setting, const std::string& text) {
  if (!is_utf8(text) || text.find('\0') != std::string::npos)
    return bad_value("must be UTF-8, without a NUL");
  if (!setting.check) return success();
  const Status status = setting.check(text);
  return status.ok() ? success() : bad_value(status.error().detail());
}

Result<Value> checked_list(const Setting& setting, std::vector<std::string> list) {
  const std::vector<std::string>& choices = setting.choices;
  for (const std::string& element : list) {
    if (!choices.empty() && std::find(choices.begin(), choices.end(), element) == choices.end()) {
      return bad_value("must be of " + allowed(setting) + ", not " + quoted(element));
    }
    if (const Status status = check(setting, element); !status.ok()) return status.error();
  }
  return Value{std::move(list)};
}

Result<Value> checked_text(const Setting& setting, std::string text) {
  if (const Status status = check(setting, text); !status.ok()) return status.error();
  return Value{std::move(text)};
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> list;
  while (!trimmed(text).empty()) {
    const auto comma = std::min(text.find(','), text.size());
    list.emplace_back(trimmed(text.substr(0, comma)));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return list;
}

}  // namespace

Result<Value> parse_value(const Setting& setting, std::string_view text) {
  switch (setting.type) {
    case Type::boolean:
      return parse_boolean(setting, text);
    case Type::integer:
      return parse_integer(setting, text);
    case Type::duration:
    case Type::bytes:
      return parse_quantity(setting, text);
    case Type::choice:
      return parse_choice(setting, text);
    case Type::list:
      return checked_list(setting, split(text));
    case Type::text:
    case Type::secret:
      break;
  }
  return checked_text(setting, std::string{text});
}

Result<Value> to_value(const Setting& setting, const Raw& raw) {
  switch (setting.type) {
    case Type::boolean:
      if (const auto* value = std::get_if<bool>(&raw)) return Value{*value};
      break;
    case Type::integer:
      if (const auto* value = std::get_if<std::int64_t>(&raw)) return in_range(setting, *value);
      break;
    case Type::list:
      if (const auto* value = std::get_if<std::vector<std::string>>(&raw))
        return checked_list(setting, *value);
      break;
    case Type::duration:
    case Type::bytes:
    case Type::text:
    case Type::choice:
    case Type::secret:
      if (const auto* value = std::get_if<std::string>(&raw)) return parse_value(setting, *value);
      break;
  }
  return wrong_type(setting);
}

std::string_view type_name(Type type) {
  switch (type) {
    case Type::boolean:
      return "boolean";
    case Type::integer:
      return "integer";
    case Type::duration:
      return "duration";
    case Type::bytes:
      return "size";
    case Type::choice:
      return "choice";
    case Type::list:
      return "list";
    case Type::secret:
      return "secret's file";
    case Type::text:
      break;
  }
  return "text";
}

std::string to_toml(const Setting& setting, const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* text = std::get_if<std::string>(&value)) return quoted(*text);
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return setting.type == Type::integer ? std::to_string(*number) : quoted(quantity(setting.type, *number));
  }
  std::string out = "[";
  for (const std::string& element : std::get<std::vector<std::string>>(value)) {
    out.append(out.size() > 1 ? ", " : "").append(quoted(element));
  }
  return out + "]";
}

std::string allowed(const Setting& setting) {
  if (setting.type == Type::integer || setting.type == Type::duration || setting.type == Type::bytes) {
    return quantity(setting.type, setting.range.min) + " to " + quantity(setting.type, setting.range.max);
  }
  std::string out;
  for (const std::string& choice : setting.choices) out.append(out.empty() ? "" : ", ").append(choice);
  return out;
}

std::string quoted(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.append(1, '\\').append(1, c);
    } else if (byte < 0x20 || byte == 0x7f) {
      out.append("\\u00").append(1, hex[byte >> 4]).append(1, hex[byte & 15]);
    } else {
      out.push_back(c);
    }
  }
  return out + "\"";
}

}  // namespace banyan::config
