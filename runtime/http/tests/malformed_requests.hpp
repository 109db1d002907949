#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "request_reader.hpp"

namespace banyan::http::testing {

struct MalformedRequest {
  std::string_view what;
  std::string bytes;
  int status;
};

/// The limits that the rows go beyond.
inline constexpr RequestReader::Limits small_limits{
    .target_bytes_max = 64, .header_bytes_max = 512, .header_fields_max = 8, .body_bytes_max = 32};

inline std::string with_nul(std::string_view before, std::string_view after) {
  return std::string{before} + '\0' + std::string{after};
}

/// A request whose head is `fields` and whose body is `body`.
inline std::string post(std::string_view fields, std::string_view body) {
  return "POST / HTTP/1.1\r\nHost: a\r\n" + std::string{fields} + "\r\n" + std::string{body};
}
inline std::string get(std::string_view fields) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + std::string{fields} + "\r\n";
}
inline std::string line(std::string_view request_line) {
  return std::string{request_line} + "\r\nHost: a\r\n\r\n";
}

/// One more than small_limits allow beside Host.
inline std::string many_fields() {
  std::string fields;
  for (char c = 'a'; c < 'i'; ++c) fields += std::string{"X-"} + c + ": 1\r\n";
  return fields;
}

inline const std::vector<MalformedRequest> malformed_requests = {
    // The request line.
    {"HTTP/0.9", "GET /\r\n", 400},
    {"HTTP/0.9 with a space after it", "GET / \r\n", 400},
    {"a second empty line before the request", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"no method", " / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"an empty target", line("GET  HTTP/1.1"), 400},
    {"two spaces before the target", line("GET  / HTTP/1.1"), 400},
    {"two spaces after the target", line("GET /  HTTP/1.1"), 400},
    {"a tab instead of a space", line("GET\t/ HTTP/1.1"), 400},
    {"a space after the version", line("GET / HTTP/1.1 "), 400},
    {"a space in the target", line("GET /a b HTTP/1.1"), 400},
    {"a method that is no token", line("G@T / HTTP/1.1"), 400},
    {"a method with a control character", line("GE\x01T / HTTP/1.1"), 400},
    {"a method longer than any", line(std::string(40, 'A') + " / HTTP/1.1"), 501},
    {"CONNECT", line("CONNECT a:443 HTTP/1.1"), 501},
    {"lower-case HTTP", line("GET / http/1.1"), 400},
    {"another protocol", line("GET / ICY/1.1"), 400},
    {"a version of one number", line("GET / HTTP/1"), 400},
    {"a version of two digits", line("GET / HTTP/1.10"), 400},
    {"a comma in the version", line("GET / HTTP/1,1"), 400},
    {"HTTP/1.2", line("GET / HTTP/1.2"), 505},
    {"HTTP/2.0", line("GET / HTTP/2.0"), 505},
    {"HTTP/3.0", line("GET / HTTP/3.0"), 505},
    {"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
    {"TLS", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", 12), 400},
    {"a bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
    {"a bare CR in the request line", line("GET /\r HTTP/1.1"), 400},
    {"NUL in the request line", with_nul("GET /", " HTTP/1.1\r\nHost: a\r\n\r\n"), 400},

    // The target.
    {"a fragment", line("GET /a#b HTTP/1.1"), 400},
    {"a control character in the target", line("GET /a\x07 HTTP/1.1"), 400},
    {"DEL in the target", line("GET /a\x7f HTTP/1.1"), 400},
    {"a byte beyond ASCII in the target", line("GET /\xc3\xa4 HTTP/1.1"), 400},
    {"'%' at the end of the target", line("GET /a% HTTP/1.1"), 400},
    {"'%' with one digit", line("GET /a%4 HTTP/1.1"), 400},
    {"'%' with no hex digits", line("GET /a%zz HTTP/1.1"), 400},
    {"a target without a slash", line("GET a HTTP/1.1"), 400},
    {"a scheme and nothing else", line("GET http HTTP/1.1"), 400},
    {"'*' for a method that doesn't take it", line("GET * HTTP/1.1"), 400},
    {"another scheme", line("GET ftp://a/b HTTP/1.1"), 400},
    {"an absolute target without a host", line("GET http:///b HTTP/1.1"), 400},
    {"an absolute target with a user", line("GET http://u@a/b HTTP/1.1"), 400},
    {"a target that is too long", line("GET /" + std::string(64, 'a') + " HTTP/1.1"), 414},
    {"a target that is too long in a line that is wrong", "GET /" + std::string(200, 'a') + "\n\n", 414},
    {"a target that doesn't end", "GET /" + std::string(200, 'a'), 414},

    // Fields.
    {"a space before the colon", get("X-A : 1\r\n"), 400},
    {"a tab before the colon", get("X-A\t: 1\r\n"), 400},
    {"a space in the name", get("X A: 1\r\n"), 400},
    {"no name", get(": 1\r\n"), 400},
    {"no colon", get("X-A\r\n"), 400},
    {"a name that is no token", get("X(A): 1\r\n"), 400},
    {"a name beyond ASCII", get("X-\xc3\xa4: 1\r\n"), 400},
    {"a space before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
    {"a field folded with a space", get("X-A: 1\r\n 2\r\n"), 400},
    {"a field folded with a tab", get("X-A: 1\r\n\t2\r\n"), 400},
    {"an empty field folded", get("X-A:\r\n 2\r\n"), 400},
    {"a bare LF after a field", get("X-A: 1\nX-B: 2\r\n"), 400},
    {"a bare LF as the empty line", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400},
    {"bare LFs all over", "GET / HTTP/1.1\nHost: a\n\n", 400},
    {"a bare CR in a value", get("X-A: 1\r2\r\n"), 400},
    {"a bare CR as the line's end", get("X-A: 1\rX-B: 2\r\n"), 400},
    {"NUL in a value", with_nul("GET / HTTP/1.1\r\nHost: a\r\nX-A: 1", "\r\n\r\n"), 400},
    {"NUL in a name", with_nul("GET / HTTP/1.1\r\nHost: a\r\nX-", "A: 1\r\n\r\n"), 400},
    {"a control character in a value", get("X-A: \x01\r\n"), 400},
    {"DEL in a value", get("X-A: \x7f\r\n"), 400},
    {"too many fields", get(many_fields()), 431},
    {"a head that is too large", get("X-A: " + std::string(600, 'a') + "\r\n"), 431},
    {"a head that doesn't end", "GET / HTTP/1.1\r\nHost: a\r\nX-A: " + std::string(600, 'a'), 431},

    // Host.
    {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
    {"an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
    {"two Hosts", get("Host: b\r\n"), 400},
    {"the same Host twice", get("Host: a\r\n"), 400},
    {"a space in Host", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
    {"a comma in Host", "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", 400},
    {"a path in Host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
    {"a user in Host", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400},

    // Content-Length.
    {"Content-Length with a plus", post("Content-Length: +5\r\n", "hello"), 400},
    {"Content-Length below zero", post("Content-Length: -5\r\n", "hello"), 400},
    {"Content-Length in hex", post("Content-Length: 0x5\r\n", "hello"), 400},
    {"Content-Length with a fraction", post("Content-Length: 5.0\r\n", "hello"), 400},
    {"Content-Length with a space within", post("Content-Length: 5 5\r\n", "hello"), 400},
    {"an empty Content-Length", post("Content-Length:\r\n", "hello"), 400},
    {"a word for Content-Length", post("Content-Length: five\r\n", "hello"), 400},
    {"a list for Content-Length", post("Content-Length: 5, 5\r\n", "hello"), 400},
    {"Content-Length beyond 64 bits", post("Content-Length: 18446744073709551621\r\n", "hello"), 400},
    {"Content-Length twice, equal", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), 400},
    {"Content-Length twice, different", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"), 400},
    {"a body that is too large", post("Content-Length: 33\r\n", std::string(33, 'a')), 413},
    {"a body announced too large, not sent", post("Content-Length: 1000000\r\nExpect: 100-continue\r\n", ""),
     413},

    // Transfer-Encoding.
    {"Content-Length, then Transfer-Encoding",
     post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
    {"Transfer-Encoding, then Content-Length",
     post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), 400},
    {"another coding", post("Transfer-Encoding: gzip\r\n", "0\r\n\r\n"), 400},
    {"identity", post("Transfer-Encoding: identity\r\n", "0\r\n\r\n"), 400},
    {"two codings", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 400},
    {"chunked first", post("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n"), 400},
    {"chunked twice in one field", post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), 400},
    {"chunked twice in two fields",
     post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
    {"something like chunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 400},
    {"chunked with a parameter", post("Transfer-Encoding: chunked;q=1\r\n", "0\r\n\r\n"), 400},
    {"chunked in quotes", post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n"), 400},
    {"an empty Transfer-Encoding", post("Transfer-Encoding:\r\n", "0\r\n\r\n"), 400},
    {"Transfer-Encoding in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},

    // Chunks.
    {"a chunk size that is no number", post("Transfer-Encoding: chunked\r\n", "x\r\nhello\r\n0\r\n\r\n"),
     400},
    {"a chunk size with 0x", post("Transfer-Encoding: chunked\r\n", "0x5\r\nhello\r\n0\r\n\r\n"), 400},
    {"a chunk size with a sign", post("Transfer-Encoding: chunked\r\n", "+5\r\nhello\r\n0\r\n\r\n"), 400},
    {"a chunk size with a space before it",
     post("Transfer-Encoding: chunked\r\n", " 5\r\nhello\r\n0\r\n\r\n"), 400},
    {"an empty chunk size", post("Transfer-Encoding: chunked\r\n", "\r\nhello\r\n0\r\n\r\n"), 400},
    {"a chunk size beyond 64 bits",
     post("Transfer-Encoding: chunked\r\n", "fffffffffffffffff5\r\nhello\r\n0\r\n\r\n"), 400},
    {"a chunk size of 64 bits", post("Transfer-Encoding: chunked\r\n", "ffffffffffffffff\r\nhello\r\n"), 413},
    {"a bare LF after the chunk size", post("Transfer-Encoding: chunked\r\n", "5\nhello\r\n0\r\n\r\n"), 400},
    {"a bare CR after the chunk size", post("Transfer-Encoding: chunked\r\n", "5\rhello\r\n0\r\n\r\n"), 400},
    {"a chunk that is longer than its size",
     post("Transfer-Encoding: chunked\r\n", "4\r\nhello\r\n0\r\n\r\n"), 400},
    {"a chunk that ends with a bare LF", post("Transfer-Encoding: chunked\r\n", "5\r\nhello\n0\r\n\r\n"),
     400},
    {"a chunk extension without a name", post("Transfer-Encoding: chunked\r\n", "5;=a\r\nhello\r\n0\r\n\r\n"),
     400},
    {"a chunk extension with a control character",
     post("Transfer-Encoding: chunked\r\n", "5;a=\"\x01\"\r\nhello\r\n0\r\n\r\n"), 400},
    {"a chunk extension that is too long",
     post("Transfer-Encoding: chunked\r\n", "5;a=" + std::string(5000, 'a') + "\r\nhello\r\n0\r\n\r\n"), 400},
    {"a chunk extension whose quotes are not closed",
     post("Transfer-Encoding: chunked\r\n", "5;a=\"b\r\nhello\r\n0\r\n\r\n"), 400},
    {"a chunk extension whose quotes are closed on another line",
     post("Transfer-Encoding: chunked\r\n", "5;a=\"b\r\nhello\r\n0;c=\"\r\n\r\n"), 400},
    {"a chunk size line that is too long",
     post("Transfer-Encoding: chunked\r\n", std::string(9000, '0') + "5\r\nhello\r\n0\r\n\r\n"), 400},
    {"a trailer that is too long",
     post("Transfer-Encoding: chunked\r\n", "0\r\nX-A: " + std::string(9000, 'a') + "\r\n\r\n"), 400},
    {"a chunk size line that doesn't end", post("Transfer-Encoding: chunked\r\n", std::string(9000, '0')),
     400},
    {"chunks that are too large together",
     post("Transfer-Encoding: chunked\r\n",
          "14\r\n01234567890123456789\r\n14\r\n01234567890123456789\r\n0\r\n\r\n"),
     413},
    {"a folded trailer", post("Transfer-Encoding: chunked\r\n", "0\r\nX-A: 1\r\n 2\r\n\r\n"), 400},
    {"Connection in the trailer", post("Transfer-Encoding: chunked\r\n", "0\r\nConnection: close\r\n\r\n"),
     400},
    {"Connection in the trailer that lets the connection stay",
     post("Transfer-Encoding: chunked\r\n", "0\r\nconnection: keep-alive\r\n\r\n"), 400},
    {"Host in the trailer", post("Transfer-Encoding: chunked\r\n", "0\r\nHost: b\r\n\r\n"), 400},
    {"Upgrade in the trailer", post("Transfer-Encoding: chunked\r\n", "0\r\nUpgrade: x\r\n\r\n"), 400},
    {"Content-Type in the trailer",
     post("Transfer-Encoding: chunked\r\n", "0\r\nContent-Type: text/plain\r\n\r\n"), 400},
    {"Content-Length in the trailer",
     post("Transfer-Encoding: chunked\r\n", "0\r\nContent-Length: 5\r\n\r\n"), 400},
    {"a trailer with a space before the colon",
     post("Transfer-Encoding: chunked\r\n", "0\r\nX-A : 1\r\n\r\n"), 400},
    {"too many trailers", post("Transfer-Encoding: chunked\r\n", "0\r\n" + many_fields() + "\r\n"), 431},

    // Expect and Connection.
    {"another expectation", post("Content-Length: 5\r\nExpect: 200-ok\r\n", "hello"), 417},
    {"Connection that is no list", get("Connection: close;a\r\n"), 400},
};

}  // namespace banyan::http::testing
