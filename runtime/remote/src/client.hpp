#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "banyan/nats/subject.hpp"
#include "banyan/remote/bus.hpp"
#include "known_log.hpp"
#include "reminder.hpp"

namespace banyan::remote {

/// Another module's endpoint, as its callers here see it. Threads: safe.
class Client final : public message::Endpoint {
 public:
  Client(std::string_view self, std::string_view callee, std::span<const message::Edge> edges,
         nats::Connection& connection, const Environment& environment, const BusOptions& options);

  void submit(message::Request request) override;
  /// If the callee answers from two stores. On the loop.
  std::optional<TwoLogs> two_logs() const;

 private:
  void look_at_log(const nats::Message& answer);

  const std::string callee_;
  nats::Connection& connection_;
  const Environment environment_;
  const BusOptions& options_;
  std::map<std::string_view, nats::Subject> operations_;
  telemetry::Counter alarms_;
  KnownLog log_;    // of the callee, on the loop
  Reminder alarm_;  // the same
};

}  // namespace banyan::remote
