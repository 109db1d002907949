#pragma once
#include <boost/asio/io_context.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/nats/connection.hpp"

namespace banyan::nats {

struct ServerAddress {
  std::string url;  ///< As it was written.
  std::string host;
  std::string port;
};

/// Reads "nats://host:port" or "tls://host:port", several separated by commas; the port is 4222 if missing.
/// Errors: invalid_argument "nats.bad_options".
Result<std::vector<ServerAddress>> parse_addresses(std::string_view urls);

/// True for "2.9.0" and newer.
bool is_new_enough(std::string_view version) noexcept;

/// Connects, reads what the server says about itself before anything is asked of it, and disconnects. cnats
/// keeps the version to itself, and would wait for a hung server for ever. Blocks, with `waiting` as what
/// another thread may stop. Errors: unavailable "nats.unreachable", "nats.server_too_old".
Result<ServerFacts> ask_server(const ServerAddress& address, Duration timeout,
                               boost::asio::io_context& waiting);

}  // namespace banyan::nats
