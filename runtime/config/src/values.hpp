#pragma once
#include <string>
#include <string_view>

#include "banyan/base/result.hpp"
#include "banyan/config/schema.hpp"
#include "document.hpp"

namespace banyan::config {

/// The file's text as a value of `setting`. The error's detail completes the sentence "http.workers …".
/// Error: invalid_argument "config.bad_value".
Result<Value> to_value(const Setting& setting, const Raw& raw);

/// The same of the text of a variable or an argument.
Result<Value> parse_value(const Setting& setting, std::string_view text);

/// "text", "duration", …
std::string_view type_name(Type type);

/// As a TOML literal: 42, true, "250ms", ["a", "b"].
std::string to_toml(const Setting& setting, const Value& value);

/// The values that may be set, for people: "1s to 10min", "debug, info"; empty where everything may.
std::string allowed(const Setting& setting);

/// `text` as a TOML basic string.
std::string quoted(std::string_view text);

}  // namespace banyan::config
