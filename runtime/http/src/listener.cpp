#include "banyan/http/listener.hpp"

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <utility>

namespace banyan::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

Error listen_error(const error_code& error, const std::string& address, std::uint16_t port) {
  const std::string why =
      "can't listen on " + address + ":" + std::to_string(port) + ": " + error.message() + ". ";
  if (error == asio::error::address_in_use) {
    return {Errc::unavailable, "http.port_taken",
            why + "See who has the port with: ss -ltnp 'sport = :" + std::to_string(port) +
                "'; stop that, or choose another port"};
  }
  if (error == asio::error::access_denied) {
    return {Errc::rejected, "http.port_forbidden",
            why + "Choose a port of 1024 or above, or grant it with: setcap cap_net_bind_service=+ep BINARY"};
  }
  if (error == boost::system::errc::address_not_available || error == asio::error::invalid_argument) {
    return {Errc::invalid_argument, "http.bad_address",
            why + "Give a numeric address of this machine; see them with: ip -brief address"};
  }
  return {Errc::internal, "http.listen", why + "See the limits of this process with: ulimit -a"};
}

error_code listen(tcp::acceptor& acceptor, const std::string& address, std::uint16_t port) {
  error_code error;
  const auto numeric = asio::ip::make_address(address, error);
  if (error) return error;
  const tcp::endpoint endpoint{numeric, port};
  if (acceptor.open(endpoint.protocol(), error)) return error;
  acceptor.set_option(tcp::acceptor::reuse_address{true}, error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
  return error;
}

}  // namespace

Result<Listener> Listener::open(const std::string& address, std::uint16_t port) {
  asio::io_context unused;  // an acceptor has to have one
  tcp::acceptor acceptor{unused};
  error_code error = listen(acceptor, address, port);
  if (error) return listen_error(error, address, port);
  const tcp::endpoint bound = acceptor.local_endpoint(error);
  if (error) return listen_error(error, address, port);
  return Listener{acceptor.release(), bound.port(), bound.address().is_v6()};
}

Listener::Listener(Listener&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), port_(other.port_), is_v6_(other.is_v6_) {}

Listener::~Listener() {
  if (socket_ >= 0) ::close(socket_);
}

int Listener::release() noexcept { return std::exchange(socket_, -1); }

}  // namespace banyan::http
