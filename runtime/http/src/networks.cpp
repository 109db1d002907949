#include "banyan/http/networks.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

namespace banyan::http {
namespace {

namespace ip = boost::asio::ip;
using Bytes = std::array<std::uint8_t, 16>;

constexpr unsigned mapped_bits = 96;  // that come before an IPv4 address

Bytes to_bytes(const ip::address& address) {
  return (address.is_v4() ? ip::make_address_v6(ip::v4_mapped, address.to_v4()) : address.to_v6()).to_bytes();
}

bool begins_alike(const Bytes& a, const Bytes& b, unsigned bits) {
  const unsigned whole = bits / 8;
  const unsigned rest = bits % 8;
  if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
  return rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0;
}

Error bad_network(const std::string& text) {
  return {Errc::invalid_argument, "http.bad_network",
          "has '" + text + "', which is neither an address nor a network like 10.0.0.0/8 or fd00::/8"};
}

}  // namespace

Result<Networks> Networks::parse(const std::vector<std::string>& texts) {
  Networks result;
  for (const std::string& text : texts) {
    boost::system::error_code no_address, no_v4, no_v6;
    const auto address = ip::make_address(text, no_address);
    const auto v4 = ip::make_network_v4(text, no_v4);
    const auto v6 = ip::make_network_v6(text, no_v6);
    if (!no_address) {
      result.networks_.push_back({to_bytes(address), 128});
    } else if (!no_v4 && v4 == v4.canonical()) {
      result.networks_.push_back({to_bytes(v4.address()), mapped_bits + v4.prefix_length()});
    } else if (!no_v6 && v6 == v6.canonical()) {
      result.networks_.push_back({to_bytes(v6.address()), v6.prefix_length()});
    } else {
      return bad_network(text);
    }
  }
  return result;
}

Networks Networks::loopback() { return parse({"127.0.0.0/8", "::1"}).value(); }

bool Networks::contains(std::string_view text) const noexcept {
  boost::system::error_code failure;
  const auto address = ip::make_address(text, failure);
  if (failure) return false;
  const Bytes bytes = to_bytes(address);
  return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
    return begins_alike(bytes, network.address, network.prefix);
  });
}

}  // namespace banyan::http
