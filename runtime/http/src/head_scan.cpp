#include "head_scan.hpp"

namespace banyan::http {
namespace {

constexpr std::size_t method_bytes_max = 32;
constexpr std::string_view version_form = "HTTP/d.d";

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool is_hex(char c) noexcept { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool is_version(std::string_view text) noexcept {
  return text.size() == version_form.size() && text.starts_with("HTTP/") && is_digit(text[5]) &&
         text[6] == '.' && is_digit(text[7]);
}

}  // namespace

void HeadScan::reset() noexcept {
  line_ = 0;
  searched_ = 0;
  refusal_.reset();
}

std::size_t HeadScan::refuse(int status, std::string_view reason) {
  refusal_ = Refusal{status, reason};
  return 0;
}

std::size_t HeadScan::scan(std::string_view bytes) {
  for (;;) {
    const std::size_t end = bytes.find('\n', searched_);
    if (end == std::string_view::npos) return wait_for_more(bytes.size());
    if (is_too_long_a_request_line(end)) return refuse(414, "the request target is too long");
    if (end >= head_bytes_max_) return refuse(431, "the header is too large");
    if (end == line_ || bytes[end - 1] != '\r') return refuse(400, "a line ends without CR LF");
    const std::string_view line = bytes.substr(line_, end - 1 - line_);
    if (line_ == 0) {
      check_request_line(line);
      if (refusal_) return 0;
    } else if (line.empty()) {
      return end + 1;
    } else if (line.front() == ' ' || line.front() == '\t') {
      return refuse(400, "a header field is folded over several lines");
    }
    line_ = searched_ = end + 1;
  }
}

// `size` bytes have come of it, without its LF.
bool HeadScan::is_too_long_a_request_line(std::size_t size) const noexcept {
  constexpr std::size_t spaces_and_cr = 3;
  return line_ == 0 && size > method_bytes_max + target_bytes_max_ + version_form.size() + spaces_and_cr;
}

std::size_t HeadScan::wait_for_more(std::size_t size) {
  searched_ = size;
  if (is_too_long_a_request_line(size)) return refuse(414, "the request target is too long");
  if (size >= head_bytes_max_) return refuse(431, "the header is too large");
  return 0;
}

void HeadScan::check_request_line(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == last || !is_version(line.substr(last + 1))) {
    refuse(400, "the request line is not 'method target HTTP/1.1'");
    return;
  }
  const std::string_view version = line.substr(last + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    refuse(505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
  } else if (first > method_bytes_max) {
    refuse(501, "the method is unknown");
  } else {
    check_target(line.substr(first + 1, last - first - 1));
  }
}

void HeadScan::check_target(std::string_view target) {
  if (target.size() > target_bytes_max_) {
    refuse(414, "the request target is too long");
    return;
  }
  for (std::size_t i = 0; i < target.size(); ++i) {
    const char c = target[i];
    if (c <= ' ' || c > '~') {
      refuse(400, "the request target has a space, a control character or a byte that is not ASCII");
    } else if (c == '#') {
      refuse(400, "the request target has a fragment");
    } else if (c == '%' && (i + 2 >= target.size() || !is_hex(target[i + 1]) || !is_hex(target[i + 2]))) {
      refuse(400, "the request target has a '%' without two hex digits");
    }
    if (refusal_) return;
  }
}

}  // namespace banyan::http
