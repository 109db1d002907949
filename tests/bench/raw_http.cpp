// The building block that the HTTP figures are measured against: a bare Boost.Beast server with nothing of
// Banyan. usage: bench_raw_http PORT THREADS [BYTES]
//   GET  answers BYTES bytes (default 200); POST parses the body with nlohmann/json and answers 202.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

std::string document;

http::response<http::string_body> answer(const http::request<http::string_body>& request) {
  http::response<http::string_body> response{http::status::ok, request.version()};
  if (request.method() == http::verb::post) {
    const bool parsed = !nlohmann::json::parse(request.body(), nullptr, false).is_discarded();
    response.result(parsed ? http::status::accepted : http::status::bad_request);
  }
  response.set(http::field::content_type, "application/json");
  response.body() = document;
  response.keep_alive(request.keep_alive());
  response.prepare_payload();
  return response;
}

asio::awaitable<void> serve(tcp::socket socket) {
  boost::beast::flat_buffer buffer;
  boost::system::error_code error;
  for (;;) {
    http::request<http::string_body> request;
    co_await http::async_read(socket, buffer, request, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
    const auto response = answer(request);
    co_await http::async_write(socket, response, asio::redirect_error(asio::use_awaitable, error));
    if (error || !response.keep_alive()) co_return;
  }
}

asio::awaitable<void> accept(tcp::acceptor& acceptor, std::vector<asio::io_context>& contexts) {
  for (std::size_t turn = 0;; ++turn) {
    auto& context = contexts[turn % contexts.size()];
    tcp::socket socket = co_await acceptor.async_accept(context, asio::use_awaitable);
    socket.set_option(tcp::no_delay{true});
    asio::co_spawn(context, serve(std::move(socket)), asio::detached);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: bench_raw_http PORT THREADS [BYTES]\n");
    return 2;
  }
  const auto port = static_cast<std::uint16_t>(std::stoi(argv[1]));
  document.assign(argc > 3 ? std::stoul(argv[3]) : 200, 'x');

  std::vector<asio::io_context> contexts(std::stoul(argv[2]));
  tcp::acceptor acceptor{contexts.front(), {asio::ip::address_v4::loopback(), port}};
  asio::co_spawn(contexts.front(), accept(acceptor, contexts), asio::detached);
  asio::signal_set signals{contexts.front(), SIGINT, SIGTERM};
  signals.async_wait([&](const boost::system::error_code&, int) {
    for (auto& context : contexts) context.stop();
  });

  std::vector<std::jthread> threads;
  for (auto& context : contexts) {
    threads.emplace_back([&context] {
      const auto work = asio::make_work_guard(context);
      context.run();
    });
  }
}
