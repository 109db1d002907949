#pragma once
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "banyan/host/host.hpp"
#include "banyan/remote/bus.hpp"
#include "banyan/resilience/guarded.hpp"
#include "health.hpp"
#include "line.hpp"
#include "settings.hpp"

namespace banyan::host {

/// The modules of other processes: one connection for each module of this process, which is its identity, and
/// one for the gateway. Without a server (nats.url) nobody is reached, and what is meant for others stays in
/// the outboxes until somebody runs them.
///
/// Threads: one, but for health(). Lifetime: ends before the instances.
class Neighbours {
 public:
  /// All of them live longer.
  Neighbours(const Settings& settings, const Program& program, const remote::Environment& environment);
  ~Neighbours();

  /// Opens the connections of these modules and of the gateway: before anything is made that others would
  /// have to find. Errors: those of Line::open.
  Status connect(const std::vector<std::string>& modules);
  /// Once, after that, before the instances start; they are those modules, in this order. Errors: those of
  /// remote::Bus::link.
  Status link(const Instances& instances);
  /// Next: asks whether other processes serve these modules, and waits for the answers; for the broker, if it
  /// is not there, but a moment. What is not known by then is found out while the process runs, and not
  /// served before. Errors: conflict "host.other_owner", with both places and the next command.
  Status wait_for_owners();
  /// Where a module of another process is called, with a guard in front; nothing if nobody is reached.
  resilience::Guarded* endpoint_of(const std::string& module);
  /// After the instances have started.
  void start();
  /// Certificates may have been replaced.
  void reload();
  /// Takes nothing more, and waits until all calls are answered and all that was sent is stored, for so long
  /// at most. The instances stop next.
  void drain(Duration budget);
  /// Tells what the instances have done last, and cuts the connections.
  void close();

  bool are_reachable() const noexcept { return settings_.has_broker(); }
  std::vector<NeighbourHealth> health() const;

 private:
  Result<Line*> open(const std::string& identity);
  OwnerCard card_of(const module::Instance& instance) const;
  Error refused(const std::string& module, const OwnerHealth& owner) const;
  void keep_for_later(module::Instance& instance);

  const Settings& settings_;
  const Program& program_;
  const remote::Environment environment_;
  std::set<std::string, std::less<>> here_;
  std::vector<std::unique_ptr<Line>> lines_;  // of the modules in their order, then of the gateway
  Line* gateway_ = nullptr;
  std::map<std::string, resilience::Guarded> guards_;
  const Uuid process_;  // this start of this process
  const Timestamp since_;
  bool is_started_ = false;
};

}  // namespace banyan::host
