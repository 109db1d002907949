#pragma once
#include <string>
#include <string_view>

#include "banyan/nats/subject.hpp"

/// The names of things on the broker.
namespace banyan::remote {

inline std::string stream_of(std::string_view producer) { return "EVT_" + std::string{producer}; }

inline Result<nats::Subject> link_subject(std::string_view producer, std::string_view subscriber) {
  return nats::Subject::of({"evt", producer, subscriber});
}

inline Result<nats::Subject> report_subject(std::string_view producer, std::string_view subscriber) {
  return nats::Subject::of({"pos", producer, subscriber});
}

inline std::string report_pattern(std::string_view producer) { return "pos." + std::string{producer} + ".*"; }

/// Where a producer asks a subscriber to report: among the subjects where it answers reports anyway.
inline Result<nats::Subject> invitation_subject(std::string_view producer, std::string_view subscriber) {
  return nats::Subject::of({"_INBOX_" + std::string{subscriber}, "report", producer});
}

/// "rpc.orders.place_order.v1" for the type "orders.place_order.v1".
inline Result<nats::Subject> call_subject(std::string_view type) {
  return nats::Subject::parse("rpc." + std::string{type});
}

}  // namespace banyan::remote
