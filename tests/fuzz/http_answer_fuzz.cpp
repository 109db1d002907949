/// Answers of handlers: the status, lines "Name: value", an empty line, and the body. Whatever passes as
/// sendable goes out as one answer, in which every field is one line.
#include <charconv>

#include "fuzz.hpp"
#include "http/src/answer_writer.hpp"

namespace {

using namespace banyan;

std::size_t count_lines(std::string_view head) {
  std::size_t lines = 0;
  for (std::size_t at = 0; (at = head.find("\r\n", at)) != head.npos; at += 2) ++lines;
  return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Parts parts{data, size};
  const std::string_view status = parts.line();
  http::Response response;
  std::from_chars(status.data(), status.data() + status.size(), response.status);
  fuzz::take_fields(
      parts, [&](std::string_view name, std::string_view value) { response.headers.add(name, value); });
  response.body = parts.rest();
  if (!http::is_sendable(response)) return 0;

  std::string output;
  http::append_answer(output, response, {.keep_alive = true}, false, "Date: x\r\n");
  const std::size_t end = output.find("\r\n\r\n");
  fuzz::require(end != output.npos, "a head ends", output);
  const std::string_view head = std::string_view{output}.substr(0, end + 2);
  fuzz::require(head.starts_with("HTTP/1.1 " + std::to_string(response.status) + " "), "the status is there",
                head);
  const std::size_t lines = count_lines(head);
  // The status line and Date come first; fields of the framing are the server's own.
  fuzz::require(lines >= 2 && lines <= 3 + response.headers.size(), "every field is one line", output);
  for (std::size_t i = 0; i < head.size(); ++i) {
    const bool ends_a_line = head[i] == '\r' ? head[i + 1] == '\n' : head[i] != '\n' || head[i - 1] == '\r';
    fuzz::require(ends_a_line, "no line end is half", output);
  }
  const std::string_view body = std::string_view{output}.substr(end + 4);
  fuzz::require(body.empty() || body == response.body, "the body is the handler's", output);
  return 0;
}
