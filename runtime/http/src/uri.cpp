#include "banyan/http/uri.hpp"

#include <algorithm>
#include <boost/url/encode.hpp>
#include <boost/url/pct_string_view.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "banyan/base/utf8.hpp"

namespace banyan::http {
namespace {

Result<std::string> decode(std::string_view text, bool plus_is_space) {
  const auto encoded = boost::urls::make_pct_string_view({text.data(), text.size()});
  if (encoded.has_error()) {
    return Error{Errc::invalid_argument, "http.bad_encoding", "'%' must be followed by two hex digits"};
  }
  boost::urls::encoding_opts options;
  options.space_as_plus = plus_is_space;
  std::string plain = encoded->decode(options);
  if (plain.find('\0') != std::string::npos) {
    return Error{Errc::invalid_argument, "http.bad_encoding", "%00 is not allowed"};
  }
  if (!is_utf8(plain)) {
    return Error{Errc::invalid_argument, "http.bad_encoding", "what is encoded must be UTF-8"};
  }
  return plain;
}

}  // namespace

Result<std::string> percent_decode(std::string_view text) { return decode(text, false); }

std::string percent_encode(std::string_view text) {
  return boost::urls::encode({text.data(), text.size()}, boost::urls::unreserved_chars);
}

Result<std::vector<QueryParameter>> parse_query(std::string_view query) {
  std::vector<QueryParameter> parameters;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    auto name = decode(pair.substr(0, equals), true);
    if (!name) return name.error();
    auto value =
        decode(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), true);
    if (!value) return value.error();
    parameters.push_back({std::move(name).value(), std::move(value).value()});
  }
  return parameters;
}

}  // namespace banyan::http
