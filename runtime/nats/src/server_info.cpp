#include "server_info.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <charconv>
#include <cstdint>

#include "banyan/base/numbers.hpp"
#include "banyan/json/parse.hpp"

namespace banyan::nats {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t info_bytes_max = 64 * 1024;

Error bad_url(std::string_view url) {
  return {Errc::invalid_argument, "nats.bad_options",
          "'" + std::string{url} + "' is no nats://host:port; for example nats://127.0.0.1:4222"};
}

Error unreachable(const std::string& why) { return {Errc::unavailable, "nats.unreachable", why}; }

bool is_port(std::string_view text) { return parse_number<std::uint16_t>(text).value_or(0) != 0; }

Result<ServerAddress> parse_address(std::string_view url) {
  std::string_view rest = url;
  if (rest.starts_with("nats://")) {
    rest.remove_prefix(7);
  } else if (rest.starts_with("tls://")) {
    rest.remove_prefix(6);
  } else {
    return bad_url(url);
  }
  if (rest.find_first_of("@/ ") != std::string_view::npos) return bad_url(url);
  const std::size_t bracket = rest.rfind(']');
  const std::size_t colon = rest.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && (bracket == std::string_view::npos || bracket < colon);
  ServerAddress address{.url = std::string{url},
                        .host = std::string{rest.substr(0, has_port ? colon : rest.size())},
                        .port = has_port ? std::string{rest.substr(colon + 1)} : "4222"};
  if (address.host.starts_with('[') && address.host.ends_with(']')) {
    address.host = address.host.substr(1, address.host.size() - 2);
  }
  if (address.host.empty() || !is_port(address.port)) return bad_url(url);
  return address;
}

// The line "INFO {…}\r\n".
class InfoReader {
 public:
  InfoReader(asio::io_context& waiting, const ServerAddress& address)
      : waiting_(waiting), address_(address), socket_(waiting) {}

  Result<std::string> read(Duration timeout) {
    error_code error;
    const auto endpoints = tcp::resolver{waiting_}.resolve(address_.host, address_.port, error);
    if (error) return unreachable(error.message());
    asio::async_connect(socket_, endpoints, [this](const error_code& failed, const tcp::endpoint&) {
      failed ? finish(failed) : read_line();
    });
    waiting_.run_for(timeout);
    if (!finished_) return unreachable("no answer in time");
    if (outcome_) return unreachable(outcome_.message());
    return std::move(line_);
  }

 private:
  void read_line() {
    asio::async_read_until(socket_, asio::dynamic_buffer(line_, info_bytes_max), "\r\n",
                           [this](const error_code& failed, std::size_t) { finish(failed); });
  }
  void finish(const error_code& outcome) {
    outcome_ = outcome;
    finished_ = true;
  }

  asio::io_context& waiting_;
  const ServerAddress& address_;
  tcp::socket socket_;
  std::string line_;
  error_code outcome_;
  bool finished_ = false;
};

template <class T>
T member_or(const json::Value& object, std::string_view name, T fallback) {
  const json::Value* member = object.find(name);
  const T* value = member == nullptr ? nullptr : member->if_a<T>();
  return value == nullptr ? fallback : *value;
}

Result<ServerFacts> read_facts(std::string_view line) {
  if (!line.starts_with("INFO ")) return unreachable("what listens there is no NATS server");
  line.remove_prefix(5);
  const auto info = json::parse(line.substr(0, line.find("\r\n")));
  if (!info.ok()) return unreachable("what listens there is no NATS server: " + info.error().detail());
  return ServerFacts{.version = member_or<std::string>(info.value(), "version", {}),
                     .payload_max = static_cast<std::size_t>(
                         std::max<std::int64_t>(member_or<std::int64_t>(info.value(), "max_payload", 0), 0)),
                     .has_jetstream = member_or(info.value(), "jetstream", false)};
}

}  // namespace

Result<std::vector<ServerAddress>> parse_addresses(std::string_view urls) {
  std::vector<ServerAddress> addresses;
  for (;;) {
    const std::size_t comma = urls.find(',');
    auto address = parse_address(urls.substr(0, comma));
    if (!address.ok()) return address.error();
    addresses.push_back(std::move(address).value());
    if (comma == std::string_view::npos) return addresses;
    urls.remove_prefix(comma + 1);
  }
}

Status check_url(std::string_view url) {
  const auto addresses = parse_addresses(url);
  return addresses.ok() ? success() : addresses.error();
}

bool is_new_enough(std::string_view version) noexcept {
  int parts[2] = {0, 0};
  const char* at = version.data();
  const char* const end = at + version.size();
  for (int& part : parts) {
    const auto [next, error] = std::from_chars(at, end, part);
    if (error != std::errc{} || next == end || *next != '.') return false;
    at = next + 1;
  }
  return parts[0] > 2 || (parts[0] == 2 && parts[1] >= 9);
}

Result<ServerFacts> ask_server(const ServerAddress& address, Duration timeout, asio::io_context& waiting) {
  const auto line = InfoReader{waiting, address}.read(timeout);
  if (!line.ok()) return line.error();
  auto facts = read_facts(line.value());
  if (facts.ok() && !is_new_enough(facts.value().version)) {
    return Error{Errc::unavailable, "nats.server_too_old",
                 "the server is nats-server " + facts.value().version + ", 2.9 or newer is needed"};
  }
  return facts;
}

}  // namespace banyan::nats
