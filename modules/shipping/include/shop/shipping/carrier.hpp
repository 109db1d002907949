#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/base/uuid.hpp"

namespace shop::shipping {

/// A company that carries shipments. It is asked within a transaction, so it answers at once, from what it
/// knows.
/// Threads: safe.
class Carrier {
 public:
  virtual ~Carrier() = default;
  /// How orders name it: lower-case letters, digits and underscores, at most 32.
  virtual std::string_view code() const = 0;
  /// Whether it goes to `country`, which is a name or an ISO 3166 code as people write it.
  virtual bool serves(std::string_view country) const = 0;
  /// Its name for a shipment, at most 64 characters; the same for the same shipment, always.
  virtual std::string tracking_number(const banyan::Uuid& shipment_id) const = 0;
};

/// The carriers to choose from, at least one; the first is the default.
using Carriers = std::vector<std::shared_ptr<const Carrier>>;

/// `standard`, `speedy_express`, `united_package` and `federal_shipping`. They go everywhere but to
/// Antarctica.
Carriers built_in_carriers();

}  // namespace shop::shipping
