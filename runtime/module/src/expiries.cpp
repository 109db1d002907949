#include "expiries.hpp"

#include <utility>

#include "banyan/telemetry/names.hpp"

namespace banyan::module {
namespace {

constexpr Duration tell_period = std::chrono::minutes{1};
constexpr Duration remembered = std::chrono::minutes{5};

}  // namespace

Expiries::Expiries(const Environment& environment, std::string module)
    : metrics_(environment.metrics), log_(environment.log.for_module(module)), module_(std::move(module)) {}

void Expiries::add(const message::Parcel& parcel, const Moment& now) {
  const Descriptor& type = parcel.payload.type();
  Kind& kind = of(type);
  kind.count.add();
  ++kind.untold;
  if (!kind.told_at || now.instant - *kind.told_at >= tell_period) {
    kind.told_at = now.instant;
    log_.warning("command expired", {{"type", type.type},
                                     {"producer", parcel.envelope.source},
                                     {"commands", std::exchange(kind.untold, 0)}});
  }
  const std::lock_guard lock{mutex_};
  if (expired_.commands == 0 || now.instant - last_ >= remembered) expired_ = {.since = now.utc};
  ++expired_.commands;
  last_ = now.instant;
}

std::optional<Expired> Expiries::recent(Instant now) const {
  const std::lock_guard lock{mutex_};
  if (expired_.commands == 0 || now - last_ >= remembered) return std::nullopt;
  return expired_;
}

Expiries::Kind& Expiries::of(const Descriptor& type) {
  if (const auto known = kinds_.find(&type); known != kinds_.end()) return known->second;
  return kinds_
      .emplace(&type,
               Kind{.count = metrics_.counter(telemetry::names::consumer_expired,
                                              {{"module", module_}, {"type", std::string{type.type}}})})
      .first->second;
}

}  // namespace banyan::module
