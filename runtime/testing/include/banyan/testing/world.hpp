#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "banyan/actor/system.hpp"
#include "banyan/message/call.hpp"
#include "banyan/message/edge.hpp"
#include "banyan/message/registry.hpp"
#include "banyan/module/instance.hpp"
#include "banyan/module/module.hpp"
#include "banyan/telemetry/log_sinks.hpp"
#include "banyan/telemetry/metrics.hpp"
#include "banyan/testing/fault_plan.hpp"
#include "banyan/testing/manual_clock.hpp"
#include "banyan/testing/seeded_random.hpp"
#include "banyan/testing/temporary_directory.hpp"
#include "banyan/testing/topology.hpp"

namespace banyan::testing {

class NatsServer;
class Network;

/// A process full of modules in which nothing runs and no time passes unless the test says so. The modules
/// are linked each to each (and to itself), as a host does it, with stores in temporary directories. Split,
/// only what lies between them, a broker and its connections, has threads and a time of its own.
///
///   World world{{inventory::module(), orders::module()}, {.passage = Topology::passage}};
///   const auto placed = world.call(orders::PlaceOrder{…});
///   world.advance(30s);
///   BOOST_TEST(world.value<int>("inventory", "SELECT available FROM inventory_stock").value() == 3);
///
/// Threads: one.
class World {
 public:
  struct Options {
    Passage passage = Passage::direct;
    std::uint64_t seed = 1;
    /// For every module; the directory is the world's affair. By default a store without reserves on the
    /// disk whose commits survive the process, not the power.
    module::InstanceOptions instance = default_instance();
    /// Split: who may send what to whom, as the contracts say. Empty: everybody everything.
    std::span<const message::Edge> edges = {};
  };
  static module::InstanceOptions default_instance();

  /// Opens and starts all modules. Throws std::runtime_error if one does not open.
  World(std::vector<module::Module> modules, Options options);
  explicit World(std::vector<module::Module> modules) : World(std::move(modules), Options{}) {}
  ~World();

  ManualClock& clock() noexcept { return clock_; }
  FaultPlan& faults() noexcept { return faults_; }
  telemetry::Registry& metrics() noexcept { return metrics_; }
  /// The modules' log, from info on, since the world began.
  std::vector<std::string> log() const { return log_.lines(); }
  /// Only while the module runs.
  module::Instance& instance(std::string_view module);
  /// Stays the same while the module comes and goes.
  message::Endpoint& endpoint(std::string_view module);
  /// The network between the modules of a world that is split.
  NatsServer& broker();
  bool is_split() const noexcept { return options_.passage == Passage::split; }

  /// A new conversation, begun now by "test", without a deadline.
  message::CallOptions call_options();
  /// Asks the module that owns C and settles. Errors: the module's; unavailable "testing.stopped" (it does
  /// not run; split, whatever the way to it says) or "testing.no_answer" (it crashed).
  template <message::Message C>
  Result<typename C::Answer> call(C question, const message::CallOptions& options) {
    auto answer = std::make_shared<std::optional<Result<typename C::Answer>>>();
    ask<C>(std::move(question), options,
           [answer](Result<typename C::Answer> given) { *answer = std::move(given); });
    settle();
    return *answer ? std::move(**answer) : Error{Errc::unavailable, "testing.no_answer"};
  }
  template <message::Message C>
  Result<typename C::Answer> call(C question) {
    return call(std::move(question), call_options());
  }
  /// Asks, and runs nothing.
  template <message::Message C>
  void ask(C question, const message::CallOptions& options,
           std::function<void(Result<typename C::Answer>)> done) {
    message::call<typename C::Answer>(endpoint(C::descriptor().module), std::move(question), options,
                                      std::move(done));
  }

  /// Runs everything that follows from what has happened, without moving time, and until nothing is under
  /// way any more on the network either. Throws std::runtime_error if it does not come to rest, and for the
  /// first exception that left an actor but that of a fault.
  void settle();
  /// Settles, then moves time on in steps, settling after each.
  void advance(Duration time, Duration step = std::chrono::milliseconds{100});

  /// Looks into a module's store: the first column of the first row; nothing if there is no row.
  template <class T, class... Values>
  std::optional<T> value(std::string_view module, std::string_view sql, const Values&... values) {
    std::optional<T> found;
    inspect(module, [&](View& view) { found = view.find<T>(sql, values...); });
    return found;
  }
  /// Throws std::runtime_error if `read` fails.
  void inspect(std::string_view module, const std::function<void(View&)>& read);

  /// Stops a module in good order; the others go on. start() opens it again and links it.
  void stop(std::string_view module);
  void start(std::string_view module);
  /// Stops everything in good order and starts it again.
  void restart();

  /// The process dies, now or at reach number `reach` of a fault point: only what the disks hold at that
  /// moment is left, nothing that was asked is answered, no message passes any more. recover() starts all
  /// modules from what is left, with a fault plan that is clear; without a crash it does nothing.
  void crash();
  void crash_at(std::string point, int reach = 1);
  bool has_crashed() const noexcept { return has_crashed_; }
  void recover();

 private:
  struct Place;

  void build_network();
  std::string directory_of(const std::string& module) const;
  Place& place(std::string_view module);
  void open(Place& place);
  void start(Place& place);
  void stop(Place& place);
  void cut(Place& place);
  bool is_at_rest() const;
  void await_network(Instant since);

  const Options options_;
  const TemporaryDirectory disk_;
  int generation_ = 0;  // how many processes have died
  bool has_crashed_ = false;
  std::string escaped_;  // the first exception that left an actor

  ManualClock clock_;
  SeededRandom random_;
  IdSource ids_{clock_, random_};
  FaultPlan faults_;
  message::Registry registry_;
  telemetry::Registry metrics_;
  telemetry::CapturedLog log_;
  actor::System actors_;
  actor::Address callers_;  // whoever asks
  std::unique_ptr<Network> network_;
  std::map<std::string, std::unique_ptr<Place>, std::less<>> places_;
};

}  // namespace banyan::testing
