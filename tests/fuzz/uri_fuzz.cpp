/// Parts of request targets, and networks of the configuration: a line that says which, then the text.
#include "banyan/base/utf8.hpp"
#include "banyan/http/networks.hpp"
#include "banyan/http/uri.hpp"
#include "fuzz.hpp"

namespace {

using namespace banyan;

void check_path(std::string_view text) {
  const auto read = http::percent_decode(text);
  if (!read.ok()) return;
  fuzz::require(is_utf8(read.value()), "what is decoded is UTF-8", text);
  fuzz::require(read.value().find('\0') == std::string::npos || text.find('\0') != text.npos,
                "no NUL comes out of an encoding", text);
  if (read.value().find('\0') != std::string::npos) return;
  const auto again = http::percent_decode(http::percent_encode(read.value()));
  fuzz::require(again.ok() && again.value() == read.value(), "what was written reads as the same", text);
}

void check_query(std::string_view text) {
  const auto read = http::parse_query(text);
  if (!read.ok()) return;
  std::string written;
  for (const http::QueryParameter& parameter : read.value()) {
    if (!written.empty()) written += '&';
    written += http::percent_encode(parameter.name) + '=' + http::percent_encode(parameter.value);
  }
  const auto again = http::parse_query(written);
  const bool has_nul = written.find("%00") != std::string::npos;
  fuzz::require(again.ok() || has_nul, "what was written can be read", written);
  if (!again.ok()) return;
  const auto is_same = [](const http::QueryParameter& a, const http::QueryParameter& b) {
    return a.name == b.name && a.value == b.value;
  };
  fuzz::require(std::equal(again.value().begin(), again.value().end(), read.value().begin(),
                           read.value().end(), is_same),
                "what was written reads as the same", written);
}

void check_networks(std::string_view text) {
  const auto networks = http::Networks::parse({std::string{text}});
  const std::string_view address = text.substr(0, text.find('/'));
  if (networks.ok()) {
    fuzz::require(networks.value().contains(address), "a network contains its own address", text);
  }
  static_cast<void>(http::Networks::loopback().contains(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Parts parts{data, size};
  const std::string_view kind = parts.line();
  if (kind == "path") check_path(parts.rest());
  if (kind == "query") check_query(parts.rest());
  if (kind == "network") check_networks(parts.rest());
  return 0;
}
