#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "banyan/base/result.hpp"

namespace banyan::http {

/// Undoes percent-encoding; '+' stays '+'.
/// Errors: invalid_argument "http.bad_encoding": '%' without two hex digits, an encoded NUL, or bytes
/// that are not UTF-8.
Result<std::string> percent_decode(std::string_view text);

/// Encodes everything but RFC 3986's unreserved characters: fit for a path segment or a query value.
std::string percent_encode(std::string_view text);

/// One `name=value` of a query, decoded ('+' means a space here).
struct QueryParameter {
  std::string name;
  std::string value;
};

/// Splits and decodes a query; the order and repeated names are kept, a name without '=' has an empty value.
/// Errors: invalid_argument "http.bad_encoding".
Result<std::vector<QueryParameter>> parse_query(std::string_view query);

}  // namespace banyan::http
