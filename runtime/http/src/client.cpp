#include "banyan/http/client.hpp"

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>
#include <utility>

#include "answer_writer.hpp"

namespace banyan::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

bool is_text(std::string_view text, bool space_allowed) noexcept {
  return std::all_of(text.begin(), text.end(), [space_allowed](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 ? byte != 0x7f : space_allowed && (c == ' ' || c == '\t');
  });
}

bool is_sendable(const Request& request) noexcept {
  return !request.method.empty() && is_text(request.method, false) && !request.path.empty() &&
         is_text(request.path, false) && is_text(request.query, false) &&
         std::all_of(request.headers.begin(), request.headers.end(), [](const Header& header) {
           return !header.name.empty() && is_text(header.name, false) && is_text(header.value, true);
         });
}

/// RFC 9110 §9.2: sending it twice is as good as once.
bool is_idempotent(std::string_view method) noexcept {
  return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "PUT" || method == "DELETE";
}

std::string to_text(const Request& request, const Client::Options& options) {
  std::string text = request.method + " " + request.path;
  if (!request.query.empty()) text += "?" + request.query;
  text += " HTTP/1.1\r\n";
  if (!request.headers.contains("Host")) {
    text += "Host: " + options.address + ":" + std::to_string(options.port) + "\r\n";
  }
  for (const Header& header : request.headers) text += header.name + ": " + header.value + "\r\n";
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT" ||
      request.method == "PATCH") {
    text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  }
  return text + "\r\n" + request.body;
}

}  // namespace

class Client::Connection {
 public:
  explicit Connection(Options options) : options_(std::move(options)) {}

  Result<Response> send(const Request& request) {
    if (!is_sendable(request)) {
      return Error{Errc::invalid_argument, "http.bad_request", "control character or space in the request"};
    }
    const std::string text = to_text(request, options_);
    const bool reused = socket_.is_open();
    auto answer = exchange(text, request.method == "HEAD");
    if (!answer && reused && stale_ && is_idempotent(request.method))
      answer = exchange(text, request.method == "HEAD");
    return answer;
  }

 private:
  using Parser = beast::http::response_parser<beast::http::string_body>;

  Result<Response> exchange(const std::string& text, bool head_only) {
    if (auto connected = connect(); !connected) return connected.error();
    Parser parser;
    parser.skip(head_only);
    parser.body_limit(options_.body_bytes_max);
    error_code error;
    const bool in_time = run(transfer(text, parser, error), options_.answer_timeout);
    stale_ = in_time && error && !parser.got_some();
    if (!in_time) return fail(Errc::deadline_exceeded, "http.timeout", "no whole answer in time");
    if (error) return fail_with(error);
    if (!parser.keep_alive()) close();
    return to_response(parser.get());
  }

  Status connect() {
    if (socket_.is_open()) return success();
    error_code error;
    const auto address = asio::ip::make_address(options_.address, error);
    if (error)
      return Error{Errc::invalid_argument, "http.bad_address",
                   options_.address + " is not a numeric address"};
    const bool in_time = run(open({address, options_.port}, error), options_.connect_timeout);
    if (in_time && !error) return success();
    close();
    return Error{Errc::unavailable, "http.connect",
                 options_.address + ":" + std::to_string(options_.port) + ": " +
                     (in_time ? error.message() : "no answer in time")};
  }

  asio::awaitable<void> open(tcp::endpoint endpoint, error_code& error) {
    co_await socket_.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, error));
    error_code ignored;
    if (!error) socket_.set_option(tcp::no_delay{true}, ignored);
  }

  /// A server may answer, and end, before it has read everything: what it says counts more than the failed
  /// write.
  asio::awaitable<void> transfer(const std::string& text, Parser& parser, error_code& error) {
    error_code unsent;
    co_await asio::async_write(socket_, asio::buffer(text),
                               asio::redirect_error(asio::use_awaitable, unsent));
    co_await beast::http::async_read(socket_, input_, parser,
                                     asio::redirect_error(asio::use_awaitable, error));
  }

  /// Runs it to its end; false if it had to be cut off after `budget`.
  bool run(asio::awaitable<void> work, Duration budget) {
    bool done = false;
    asio::co_spawn(context_, std::move(work),
                   [&done](const std::exception_ptr& failure) { done = !failure; });
    context_.restart();
    context_.run_for(budget);
    if (done) return true;
    close();
    context_.restart();
    context_.run();
    return false;
  }

  Error fail(Errc code, std::string_view reason, std::string detail) {
    close();
    return {code, reason, std::move(detail)};
  }

  Error fail_with(const error_code& code) {
    using beast::http::error;
    const bool is_http = code.category() == beast::http::make_error_code(error::end_of_stream).category();
    const bool lost = !is_http || code == error::end_of_stream || code == error::partial_message;
    return lost ? fail(Errc::unavailable, "http.connection_lost", code.message())
                : fail(Errc::data_loss, "http.bad_answer", code.message());
  }

  static Response to_response(Parser::value_type& message) {
    Response response{
        .status = static_cast<int>(message.result_int()), .headers = {}, .body = std::move(message.body())};
    for (const auto& field : message) response.headers.add(field.name_string(), field.value());
    return response;
  }

  void close() {
    error_code ignored;
    socket_.close(ignored);
    input_.clear();
  }

  Options options_;
  asio::io_context context_{1};
  tcp::socket socket_{context_};
  beast::flat_buffer input_;
  bool stale_ = false;  // the last failure came before any byte of an answer
};

Client::Client(Options options) : connection_(std::make_unique<Connection>(std::move(options))) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Result<Response> Client::send(const Request& request) { return connection_->send(request); }

}  // namespace banyan::http
