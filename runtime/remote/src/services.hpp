#pragma once
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/base/error.hpp"
#include "banyan/json/writer.hpp"
#include "banyan/nats/connection.hpp"

namespace banyan::remote {

/// The counters of one operation. Threads: safe.
class OperationStats {
 public:
  /// One call was answered, `took` after it came.
  void answered(Duration took, const Error* error);

  struct Figures {
    std::uint64_t requests = 0;
    std::uint64_t errors = 0;
    Duration time{0};
    std::string last_error;
  };
  Figures figures() const;

 private:
  mutable std::mutex mutex_;
  Figures figures_;  // guarded by mutex_
};

/// Shows a module to the stock `nats` tool: answers $SRV.PING, INFO and STATS as the NATS services API says.
/// Threads: add() comes before start(); answers are given on the loop.
class Services {
 public:
  Services(std::string name, std::string id, std::string version, Timestamp started,
           std::map<std::string, std::string> metadata = {})
      : name_(std::move(name)),
        id_(std::move(id)),
        version_(std::move(version)),
        started_(started),
        metadata_(std::move(metadata)) {}

  std::shared_ptr<OperationStats> add(std::string_view type, std::string subject);
  void start(nats::Connection& connection) const;

  std::string ping() const;
  std::string info() const;
  std::string stats() const;

 private:
  struct Operation {
    std::string name;
    std::string subject;
    std::shared_ptr<OperationStats> stats;
  };

  void write_head(json::Writer& out, std::string_view type) const;

  const std::string name_;
  const std::string id_;
  const std::string version_;
  const Timestamp started_;
  const std::map<std::string, std::string> metadata_;  // about this process, for people
  std::vector<Operation> operations_;
};

}  // namespace banyan::remote
