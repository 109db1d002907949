#pragma once
#include <cstddef>
#include <string_view>

#include "banyan/base/result.hpp"
#include "banyan/json/value.hpp"

namespace banyan::json {

struct ParseLimits {
  std::size_t bytes_max = 1 << 20;    ///< Length of the whole text.
  std::size_t depth_max = 64;         ///< Nesting of arrays and objects.
  std::size_t elements_max = 10'000;  ///< Members and elements of the whole document.
};

/// Reads one RFC 8259 document. Refused, each with the byte offset in the detail: anything but strict UTF-8,
/// a byte order mark, lone surrogates, duplicate member names, NaN and infinities, numbers outside double,
/// integers outside int64, trailing text, and whatever exceeds the limits.
///
/// Errors: invalid_argument "json.syntax", "json.duplicate_member", "json.number_range"; resource_exhausted
/// "json.too_large", "json.too_deep", "json.too_many".
Result<Value> parse(std::string_view text, const ParseLimits& limits = {});

}  // namespace banyan::json
