/// The bytes of a connection: the size of the pieces in which they come, as a line, then the bytes. The
/// requests that are read, and the refusal at the end, do not depend on how the bytes come; and a request
/// that is written again in the plainest way is the same request, so that nobody else reads another one.
#include <charconv>

#include "fuzz.hpp"
#include "http/src/request_reader.hpp"

namespace {

using namespace banyan;
using http::RequestReader;

constexpr RequestReader::Limits limits{
    .target_bytes_max = 256, .header_bytes_max = 1024, .header_fields_max = 16, .body_bytes_max = 4096};

struct Read {
  std::vector<http::Request> requests = {};
  std::vector<http::Framing> framings = {};
  std::string text = {};  // all of that, to be compared
};

void note(Read& read, http::Request request, const http::Framing& framing) {
  read.text += request.method + ' ' + request.path + '?' + request.query + '\n';
  for (const http::Header& header : request.headers) read.text += header.name + ": " + header.value + '\n';
  read.text += request.body + (framing.keep_alive ? "\nstays\n" : "\ngoes\n");
  read.requests.push_back(std::move(request));
  read.framings.push_back(framing);
}

/// Everything that `bytes` are read as when they come in pieces of `piece`.
Read read_in_pieces(std::string_view bytes, std::size_t piece) {
  Read read;
  RequestReader reader{limits};
  std::string pending;
  while (!bytes.empty()) {
    pending.append(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    auto progress = RequestReader::Progress::complete;
    while (progress == RequestReader::Progress::complete && !pending.empty()) {
      std::size_t consumed = 0;
      progress = reader.read(pending, consumed);
      fuzz::require(consumed <= pending.size(), "no more is taken than there is");
      pending.erase(0, consumed);
      if (progress == RequestReader::Progress::refused) {
        read.text += std::to_string(reader.refusal().status);
        return read;
      }
      if (progress == RequestReader::Progress::need_more) break;
      const http::Framing framing = reader.framing();
      note(read, reader.take_request(), framing);
      if (!framing.keep_alive) return read;
    }
  }
  return read;
}

bool is_of_the_framing(const std::string& name) {
  return http::equals_ignoring_case(name, "Content-Length") ||
         http::equals_ignoring_case(name, "Transfer-Encoding") || http::equals_ignoring_case(name, "Expect");
}

std::string rewritten(const http::Request& request, const http::Framing& framing) {
  std::string text = request.method + ' ' + request.path + (request.query.empty() ? "" : "?" + request.query);
  text += framing.http_1_0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n";
  for (const http::Header& header : request.headers) {
    if (!is_of_the_framing(header.name)) text += header.name + ": " + header.value + "\r\n";
  }
  return text + "Content-Length: " + std::to_string(request.body.size()) + "\r\n\r\n" + request.body;
}

void check(const http::Request& request, const http::Framing& framing) {
  fuzz::require(request.path == "*" || request.path.starts_with('/'), "a path begins with a slash",
                request.path);
  fuzz::require(request.body.size() <= limits.body_bytes_max, "a body keeps to its limit");
  fuzz::require(request.headers.size() <= limits.header_fields_max, "the fields keep to their limit");
  const std::string text = rewritten(request, framing);
  RequestReader reader{{limits.target_bytes_max, 2 * limits.header_bytes_max, 2 * limits.header_fields_max,
                        limits.body_bytes_max}};
  std::size_t consumed = 0;
  const auto progress = reader.read(text, consumed);
  fuzz::require(progress == RequestReader::Progress::complete && consumed == text.size(),
                "a request that is written again is one request", text);
  fuzz::require(reader.framing().keep_alive == framing.keep_alive,
                "whether the connection stays is said in the head", text);
  const http::Request again = reader.take_request();
  const bool is_same = again.method == request.method && again.path == request.path &&
                       again.query == request.query && again.body == request.body;
  fuzz::require(is_same, "a request that is written again is the same", text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Parts parts{data, size};
  const std::size_t piece = 1 + fuzz::pick(parts.line(), 64);
  const Read whole = read_in_pieces(parts.rest(), std::max<std::size_t>(parts.rest().size(), 1));
  for (const std::size_t one : {piece, std::size_t{1}}) {
    const Read again = read_in_pieces(parts.rest(), one);
    fuzz::require(again.text == whole.text, "bytes read the same in pieces of any size",
                  "whole:\n" + whole.text + "\nin pieces of " + std::to_string(one) + ":\n" + again.text);
  }
  for (std::size_t i = 0; i < whole.requests.size(); ++i) check(whole.requests[i], whole.framings[i]);
  return 0;
}
