#include "places.hpp"

#include <algorithm>

namespace banyan::http {
namespace {

namespace ip = boost::asio::ip;

constexpr std::size_t network_bytes = 8;

Places::Client client_of(const ip::address& peer) {
  if (peer.is_v4()) return ip::make_address_v6(ip::v4_mapped, peer.to_v4()).to_bytes();
  auto bytes = peer.to_v6().to_bytes();
  if (!peer.to_v6().is_v4_mapped()) std::fill(bytes.begin() + network_bytes, bytes.end(), std::uint8_t{0});
  return bytes;
}

}  // namespace

std::optional<Places::Place> Places::take(const ip::address& peer) {
  if (unlimited_.contains(peer.to_string())) return Place{};
  const Client client = client_of(peer);
  const std::lock_guard lock{mutex_};
  std::size_t& taken = taken_[client];
  if (taken >= each_max_) {
    ++refused_;
    return std::nullopt;
  }
  ++taken;
  return Place{shared_from_this(), client};
}

void Places::give_back(const Client& client) noexcept {
  const std::lock_guard lock{mutex_};
  const auto found = taken_.find(client);
  if (--found->second == 0) taken_.erase(found);
}

}  // namespace banyan::http
