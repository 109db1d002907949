#pragma once
#include <array>
#include <atomic>
#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "banyan/http/networks.hpp"

namespace banyan::http {

/// How many connections each client has. A client is an IPv4 address, or the 64 bits of an IPv6 address that
/// tell one network from another: whoever has one of those has all of its addresses.
///
/// Threads: safe. Lifetime: kept by the places that it has given.
class Places : public std::enable_shared_from_this<Places> {
 public:
  using Client = std::array<std::uint8_t, 16>;

  /// Of one connection; given back when it ends.
  class Place {
   public:
    Place() = default;  ///< Of one that is not counted.
    Place(std::shared_ptr<Places> from, const Client& client) noexcept
        : from_(std::move(from)), client_(client) {}
    Place(Place&& other) noexcept = default;
    Place& operator=(Place&& other) = delete;
    ~Place() {
      if (from_) from_->give_back(client_);
    }

   private:
    std::shared_ptr<Places> from_;
    Client client_{};
  };

  /// Each client has at most `each_max`; those of `unlimited` have as many as they like.
  Places(std::size_t each_max, Networks unlimited) : each_max_(each_max), unlimited_(std::move(unlimited)) {}

  /// Nothing if the peer has all that it may have.
  std::optional<Place> take(const boost::asio::ip::address& peer);
  /// How often there was nothing.
  std::uint64_t refused() const noexcept { return refused_; }

 private:
  void give_back(const Client& client) noexcept;

  const std::size_t each_max_;
  const Networks unlimited_;
  std::atomic<std::uint64_t> refused_{0};
  std::mutex mutex_;
  std::map<Client, std::size_t> taken_;  // guarded by mutex_
};

}  // namespace banyan::http
