#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/base/result.hpp"

namespace banyan::http {

/// Ranges of IP addresses. An IPv4 address is the same as the IPv6 address that stands for it (RFC 4291
/// §2.5.5.2). Immutable. Threads: safe.
class Networks {
 public:
  /// Nobody.
  Networks() = default;
  /// Each of them "10.0.0.0/8", "fd00::/8", or an address alone.
  /// Errors: invalid_argument "http.bad_network": none of these, or bits of an address beyond its prefix.
  static Result<Networks> parse(const std::vector<std::string>& texts);
  /// This machine itself.
  static Networks loopback();

  /// False for what is no address.
  bool contains(std::string_view address) const noexcept;

 private:
  struct Network {
    std::array<std::uint8_t, 16> address;
    unsigned prefix;  ///< Bits.
  };
  std::vector<Network> networks_;
};

}  // namespace banyan::http
