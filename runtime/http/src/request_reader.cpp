#include "request_reader.hpp"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <cstdint>
#include <iterator>
#include <utility>

namespace banyan::http {
namespace {

namespace beast = boost::beast;
using beast::http::field;

// Memory is claimed for what came, not for what Content-Length promises.
constexpr std::uint64_t body_reserve_max = 64 * 1024;
// Of one request: size lines, extensions and trailers carry nothing that anyone here reads.
constexpr std::size_t chunk_extension_bytes_max = 4 * 1024;
constexpr std::size_t chunk_line_bytes_max = 8 * 1024;
// A chunked body ends with at least these bytes; Beast asserts that it sees as many.
constexpr std::string_view last_chunk = "0\r\n\r\n";
constexpr std::size_t usual_header_count = 8;
constexpr field of_the_header[] = {field::connection,     field::content_encoding,
                                   field::content_length, field::content_type,
                                   field::expect,         field::host,
                                   field::keep_alive,     field::te,
                                   field::trailer,        field::transfer_encoding,
                                   field::upgrade};
constexpr Refusal trailer_too_long{400, "the trailer is too long"};

bool is_number(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_host(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view{"-._~:%[]"}.find(c) != std::string_view::npos;
  });
}

bool has_control(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; });
}

/// Whether every quoted text in a line ends there.
bool closes_quotes(std::string_view line) noexcept {
  bool is_quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') is_quoted = !is_quoted;
    if (line[i] == '\\' && is_quoted) ++i;
  }
  return !is_quoted;
}

/// False if the line that `bytes` begin with, as far as it has come, can't be a chunk's size line. Beast
/// would look for the end of a quoted text beyond the line's.
bool is_size_line(std::string_view bytes) noexcept {
  const std::size_t end = bytes.find('\n');
  if (std::min(end, bytes.size()) > chunk_line_bytes_max) return false;
  return end == std::string_view::npos || closes_quotes(bytes.substr(0, end));
}

bool has_fold(std::string_view text) noexcept {
  return text.find("\r\n ") != std::string_view::npos || text.find("\r\n\t") != std::string_view::npos;
}

/// Faults that Beast finds by itself.
Refusal to_refusal(const beast::error_code& code) {
  using beast::http::error;
  if (code == error::body_limit) return {413, "the body is too large"};
  if (code == error::header_limit) return {431, "the header is too large"};
  if (code == error::bad_method) return {400, "the method is not a token"};
  if (code == error::bad_field) return {400, "a header field's name is not a token followed by a colon"};
  if (code == error::bad_value) return {400, "a header field's value has a control character"};
  if (code == error::bad_line_ending) return {400, "a line ends without CR LF"};
  if (code == error::bad_content_length || code == error::multiple_content_length) {
    return {400, "Content-Length is wrong, repeated, or beside Transfer-Encoding"};
  }
  if (code == error::bad_transfer_encoding) {
    return {400, "Transfer-Encoding is repeated or beside Content-Length"};
  }
  if (code == error::bad_chunk || code == error::bad_chunk_extension) return {400, "a chunk is malformed"};
  return {400, "the request is malformed"};
}

}  // namespace

/// Beast's parser, stricter: what it would let pass is refused while it goes through the fields.
class RequestReader::Parser final : public beast::http::basic_parser<true> {
 public:
  explicit Parser(const Limits& limits) : fields_left_(limits.header_fields_max) {
    header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
    body_limit(limits.body_bytes_max);
    request_.headers.reserve(std::min(limits.header_fields_max, usual_header_count));
  }

  Request& request() noexcept { return request_; }
  bool http_1_0() const noexcept { return version_ == 10; }
  bool take_expectation() noexcept { return std::exchange(expects_continue_, false); }
  bool in_trailer() const noexcept { return in_trailer_; }
  /// The next bytes are a chunk's size line, behind the CR LF after the chunk before.
  bool at_size_line() const { return chunked() && chunk_left_ == 0 && !in_trailer_; }
  bool at_first_chunk() const noexcept { return is_first_chunk_; }
  Refusal refusal(const beast::error_code& error) const { return refusal_ ? *refusal_ : to_refusal(error); }

 private:
  void refuse(int status, std::string_view reason, beast::error_code& error) {
    refusal_ = Refusal{status, reason};
    error = beast::http::error::bad_field;
  }

  void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target, int version,
                       beast::error_code& error) override {
    version_ = version;
    request_.method.assign(method);
    if (method == "CONNECT") return refuse(501, "CONNECT is not spoken here", error);
    std::string_view rest = target;
    if (rest.front() != '/') rest = without_authority(rest, error);
    const std::size_t mark = rest.find('?');
    request_.path.assign(rest.substr(0, mark));
    if (mark != std::string_view::npos) request_.query.assign(rest.substr(mark + 1));
    if (request_.path.empty()) request_.path = "/";
  }

  /// "http://host/path" -> "/path"; the only other form is "*", of OPTIONS.
  std::string_view without_authority(std::string_view target, beast::error_code& error) {
    if (target == "*" && request_.method == "OPTIONS") return target;
    const std::size_t scheme = target.find("://");
    const std::string_view name = target.substr(0, scheme);
    const bool is_web = equals_ignoring_case(name, "http") || equals_ignoring_case(name, "https");
    if (scheme == std::string_view::npos || !is_web) {
      refuse(400, "the request target does not begin with '/'", error);
      return {};
    }
    const std::string_view rest = target.substr(scheme + 3);
    const std::size_t end = rest.find_first_of("/?");
    if (!is_host(rest.substr(0, end))) refuse(400, "the request target has no valid host", error);
    authority_.assign(rest.substr(0, end));
    return end == std::string_view::npos ? std::string_view{"/"} : rest.substr(end);
  }

  void on_field_impl(field known, beast::string_view name, beast::string_view value,
                     beast::error_code& error) override {
    if (fields_left_ == 0) return refuse(431, "there are too many header fields", error);
    --fields_left_;
    if (in_trailer_) return check_trailer(known, error);
    switch (known) {
      case field::host:
        check_host(value, error);
        break;
      case field::content_length:
        check_length(value, error);
        break;
      case field::transfer_encoding:
        check_coding(value, error);
        break;
      case field::expect:
        check_expectation(value, error);
        break;
      default:
        break;
    }
    request_.headers.add(name, value);
  }

  /// Fields that say how a message is to be read come before it (RFC 9110 §6.5.1); all else in a trailer is
  /// ignored.
  void check_trailer(field known, beast::error_code& error) {
    if (std::find(std::begin(of_the_header), std::end(of_the_header), known) == std::end(of_the_header))
      return;
    refuse(400, "the trailer has a field that belongs into the header", error);
  }

  void check_host(std::string_view value, beast::error_code& error) {
    if (has_host_) return refuse(400, "there is more than one Host", error);
    if (!is_host(value)) return refuse(400, "Host is not a host and port", error);
    has_host_ = true;
  }

  void check_length(std::string_view value, beast::error_code& error) {
    if (has_length_ || !is_number(value)) refuse(400, "Content-Length is not one decimal number", error);
    has_length_ = true;
  }

  void check_coding(std::string_view value, beast::error_code& error) {
    if (http_1_0()) return refuse(400, "HTTP/1.0 has no Transfer-Encoding", error);
    if (!equals_ignoring_case(value, "chunked")) refuse(400, "Transfer-Encoding is not 'chunked'", error);
  }

  void check_expectation(std::string_view value, beast::error_code& error) {
    if (http_1_0()) return;
    if (!equals_ignoring_case(value, "100-continue"))
      return refuse(417, "Expect is not '100-continue'", error);
    expects_continue_ = true;
  }

  void on_header_impl(beast::error_code& error) override {
    if (!has_host_ && !http_1_0()) return refuse(400, "there is no Host", error);
    if (!authority_.empty()) request_.headers.set("Host", authority_);
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>& length, beast::error_code&) override {
    if (length) request_.body.reserve(static_cast<std::size_t>(std::min(*length, body_reserve_max)));
  }

  std::size_t on_body_impl(beast::string_view bytes, beast::error_code&) override {
    request_.body.append(bytes);
    return bytes.size();
  }

  void on_chunk_header_impl(std::uint64_t size, beast::string_view extensions,
                            beast::error_code& error) override {
    in_trailer_ = size == 0;
    is_first_chunk_ = false;
    chunk_left_ = size;
    extension_bytes_ += extensions.size();
    if (extension_bytes_ > chunk_extension_bytes_max || has_control(extensions)) {
      refuse(400, "chunk extensions are malformed or too long", error);
    }
  }

  std::size_t on_chunk_body_impl(std::uint64_t left, beast::string_view bytes, beast::error_code&) override {
    request_.body.append(bytes);
    chunk_left_ = left - bytes.size();
    return bytes.size();
  }

  void on_finish_impl(beast::error_code&) override {}
  void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}

  Request request_;
  std::optional<Refusal> refusal_;
  std::string authority_;
  std::size_t fields_left_;
  std::size_t extension_bytes_ = 0;
  std::uint64_t chunk_left_ = 0;
  bool is_first_chunk_ = true;
  int version_ = 11;
  bool has_host_ = false;
  bool has_length_ = false;
  bool expects_continue_ = false;
  bool in_trailer_ = false;
};

RequestReader::RequestReader(const Limits& limits)
    : limits_(limits),
      scan_(limits.target_bytes_max, limits.header_bytes_max),
      parser_(std::make_unique<std::optional<Parser>>()) {}

RequestReader::~RequestReader() = default;

bool RequestReader::in_body() const noexcept { return parser_->has_value(); }

RequestReader::Progress RequestReader::read(std::string_view bytes, std::size_t& consumed) {
  if (!in_body()) {
    const Progress progress = read_head(bytes, consumed);
    if (!in_body() || progress != Progress::need_more) return progress;
    bytes.remove_prefix(consumed);
  }
  return read_body(bytes, consumed);
}

RequestReader::Progress RequestReader::refuse(const Refusal& refusal) {
  refusal_ = refusal;
  return Progress::refused;
}

RequestReader::Progress RequestReader::read_head(std::string_view bytes, std::size_t& consumed) {
  if (!skipped_empty_line_ && bytes.starts_with("\r\n")) {  // RFC 9112 §2.2: after the body of an old client
    skipped_empty_line_ = true;
    scan_.reset();
    consumed += 2;
    bytes.remove_prefix(2);
  }
  const std::size_t size = scan_.scan(bytes);
  if (scan_.refusal()) return refuse(*scan_.refusal());
  if (size == 0) return Progress::need_more;

  Parser& parser = parser_->emplace(limits_);
  beast::error_code error;
  const boost::asio::const_buffer head{bytes.data(), size};
  parser.put(head, error);
  if (error) return refuse(parser.refusal(error));
  consumed += size;
  scan_.reset();
  return parser.is_done() ? finish() : Progress::need_more;
}

RequestReader::Progress RequestReader::read_body(std::string_view bytes, std::size_t& consumed) {
  Parser& parser = **parser_;
  while (!bytes.empty()) {
    if (parser.chunked() && bytes.size() < last_chunk.size()) return Progress::need_more;
    if (parser.at_size_line() && !is_size_line(bytes.substr(parser.at_first_chunk() ? 0 : 2))) {
      return refuse({400, "a chunk's size line is malformed or too long"});
    }
    beast::error_code error;
    const std::size_t used = parser.put(boost::asio::const_buffer{bytes.data(), bytes.size()}, error);
    if (error == beast::http::error::need_more) {
      if (bytes.size() > chunk_line_bytes_max) return refuse(trailer_too_long);
      return Progress::need_more;
    }
    if (error) return refuse(parser.refusal(error));
    if (parser.in_trailer() && used > chunk_line_bytes_max) return refuse(trailer_too_long);
    if (parser.in_trailer() && has_fold(bytes.substr(0, used))) {
      return refuse({400, "a trailer field is folded over several lines"});
    }
    consumed += used;
    bytes.remove_prefix(used);
    if (parser.is_done()) return finish();
  }
  return Progress::need_more;
}

RequestReader::Progress RequestReader::finish() {
  Parser& parser = **parser_;
  framing_ = {.head_only = parser.request().method == "HEAD",
              .http_1_0 = parser.http_1_0(),
              .keep_alive = parser.keep_alive()};
  return Progress::complete;
}

Request RequestReader::take_request() {
  Request request = std::move((*parser_)->request());
  parser_->reset();
  skipped_empty_line_ = false;
  return request;
}

bool RequestReader::take_expectation() noexcept { return in_body() && (*parser_)->take_expectation(); }

}  // namespace banyan::http
