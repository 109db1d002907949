#include "banyan/testing/world.hpp"

#include <filesystem>
#include <stdexcept>

#include "banyan/base/assert.hpp"
#include "gate.hpp"
#include "network.hpp"
#include "wire.hpp"

namespace banyan::testing {
namespace {

constexpr int rounds_max = 10'000;
constexpr Duration patience = std::chrono::minutes{1};  // with the network

actor::System::Options manual(std::string& escaped) {
  actor::System::Options options;
  options.manual = true;
  options.on_exception = [&escaped](std::string_view actor, std::string_view what) {
    if (FaultPlan::is_planned(what)) return;
    if (escaped.empty()) escaped = std::string{actor} + ": " + std::string{what};
  };
  return options;
}

[[noreturn]] void give_up(const std::string& doing, const Error& error) {
  throw std::runtime_error(doing + ": " + error.reason() + ": " + error.detail());
}

}  // namespace

/// Where one module lives: what stays while its instances come and go.
struct World::Place {
  module::Module definition;
  Gate gate;
  std::map<std::string, Wire> from = {};  // by producer, of those in the same process
  std::unique_ptr<module::Instance> instance = nullptr;
  std::unique_ptr<Network::Member> member = nullptr;
};

module::InstanceOptions World::default_instance() {
  module::InstanceOptions options;
  options.store.durability = store::Durability::normal;
  options.store.ballast_bytes = 0;
  options.store.free_min_bytes = 0;
  return options;
}

World::World(std::vector<module::Module> modules, Options options)
    : options_(std::move(options)),
      random_(options_.seed),
      actors_(manual(escaped_)),
      callers_(actors_.spawn("test.callers")) {
  for (module::Module& module : modules) {
    registry_.add(module.messages());
    const std::string name = module.name();
    places_.emplace(name, new Place{std::move(module), Gate{options_.passage, registry_, callers_}});
  }
  for (auto& [name, place] : places_) {
    for (const auto& [producer, other] : places_) {
      const bool is_here = options_.passage != Passage::split || producer == name;
      if (is_here) place->from.try_emplace(producer, options_.passage, registry_);
    }
  }
  if (options_.passage == Passage::split) build_network();
  for (auto& [name, place] : places_) open(*place);
  for (auto& [name, place] : places_) start(*place);
  settle();
}

World::~World() = default;

void World::build_network() {
  std::vector<const module::Module*> modules;
  for (const auto& [name, place] : places_) modules.push_back(&place->definition);
  const telemetry::Log log{log_, clock_, "test", telemetry::Level::info};
  network_ = std::make_unique<Network>(modules, options_.edges,
                                       Network::Lent{clock_, random_, registry_, metrics_, log});
}

World::Place& World::place(std::string_view module) {
  const auto found = places_.find(module);
  BANYAN_ASSERT(found != places_.end());
  return *found->second;
}

module::Instance& World::instance(std::string_view module) {
  BANYAN_ASSERT(place(module).instance != nullptr);
  return *place(module).instance;
}

message::Endpoint& World::endpoint(std::string_view module) { return place(module).gate; }

NatsServer& World::broker() {
  BANYAN_ASSERT(network_ != nullptr);
  return network_->server();
}

message::CallOptions World::call_options() {
  message::CallOptions options;
  options.envelope.id = ids_.next();
  options.envelope.source = "test";
  options.envelope.time = clock_.utc();
  options.envelope.correlation_id = options.envelope.id;
  options.envelope.trace = message::TraceContext::start(random_);
  return options;
}

std::string World::directory_of(const std::string& module) const {
  return disk_.path() + '/' + std::to_string(generation_) + '/' + module;
}

void World::open(Place& place) {
  const std::string& name = place.definition.name();
  module::InstanceOptions options = options_.instance;
  options.store.directory = directory_of(name);
  std::filesystem::create_directories(disk_.path() + '/' + std::to_string(generation_));
  const telemetry::Log log{log_, clock_, "test", telemetry::Level::info};
  auto opened = module::Instance::open(place.definition,
                                       {actors_, clock_, random_, ids_, faults_, registry_, metrics_, log},
                                       std::move(options));
  if (!opened.ok()) give_up("open " + name, opened.error());
  place.instance = std::move(opened).value();
  for (auto& [producer, wire] : place.from) place.instance->listens_to(producer, wire);
  for (auto& [subscriber, other] : places_) {
    const auto wire = other->from.find(name);
    if (wire == other->from.end()) continue;
    place.instance->feeds(module::interest_of(other->definition, place.definition), wire->second);
  }
  if (network_) place.member = network_->join(*place.instance);
}

void World::start(Place& place) {
  const std::string& name = place.definition.name();
  place.instance->start();
  place.gate.open(network_ ? network_->endpoint_of(name) : place.instance->endpoint());
  for (auto& [producer, wire] : place.from) wire.to_subscriber(&place.instance->subscriber());
  for (auto& [subscriber, other] : places_) {
    const auto wire = other->from.find(name);
    if (wire != other->from.end()) wire->second.to_publisher(&place.instance->publisher());
  }
}

// A stopped module finishes its work, and the messages that this sends still arrive. Work that it cannot do
// any more comes again after its next start.
void World::stop(Place& place) {
  if (!place.instance) return;
  if (place.member) {
    place.member->stop();
  } else {
    place.gate.close();
  }
  place.instance->stop();
  cut(place);
  if (network_) network_->leave(std::move(place.member));
  place.instance = nullptr;
}

void World::cut(Place& place) {
  if (!place.member || has_crashed_) place.gate.cut();
  for (auto& [producer, wire] : place.from) wire.to_subscriber(nullptr);
  for (auto& [subscriber, other] : places_) {
    const auto wire = other->from.find(place.definition.name());
    if (wire != other->from.end()) wire->second.to_publisher(nullptr);
  }
}

// A message from the network is posted before it counts as arrived, so nothing is posted any more at rest.
void World::settle() {
  const SystemClock real;
  const Instant since = real.now();
  int rounds = 0;
  bool is_settled = false;
  while (!is_settled) {
    const bool was_at_rest = is_at_rest();
    actors_.advance(Duration::zero());  // tasks that are due at once
    const bool has_run = actors_.run() > 0;
    is_settled = was_at_rest && !has_run;
    if (has_run && ++rounds > rounds_max) throw std::runtime_error("does not come to rest");
    if (!was_at_rest && !has_run) await_network(since);
  }
  if (!escaped_.empty()) throw std::runtime_error(std::exchange(escaped_, {}));
}

bool World::is_at_rest() const {
  if (!network_) return true;
  for (const auto& [name, place] : places_) {
    if (place->gate.under_way() > 0) return false;
  }
  return network_->is_at_rest();
}

void World::await_network(Instant since) {
  if (actors_.wait(std::chrono::milliseconds{20}) || SystemClock{}.now() - since < patience) return;
  throw std::runtime_error("does not come to rest: " + network_->describe());
}

void World::advance(Duration time, Duration step) {
  settle();
  for (Duration left = time; left > Duration::zero(); left -= step) {
    const Duration now = std::min(left, step);
    clock_.advance(now);
    actors_.advance(now);
    settle();
  }
}

void World::inspect(std::string_view module, const std::function<void(View&)>& read) {
  auto status = std::make_shared<std::optional<Status>>();
  instance(module).inspect(read, [status](Status given) { *status = std::move(given); });
  settle();
  if (!*status) throw std::runtime_error("inspect: no answer");
  if (!(*status)->ok()) give_up("inspect", (*status)->error());
}

void World::stop(std::string_view module) {
  settle();
  stop(place(module));
}

void World::start(std::string_view module) {
  open(place(module));
  start(place(module));
  settle();
}

void World::restart() {
  settle();
  for (auto& [name, place] : places_) stop(*place);
  for (auto& [name, place] : places_) open(*place);
  for (auto& [name, place] : places_) start(*place);
  settle();
}

void World::crash() {
  BANYAN_ASSERT(!has_crashed_);
  has_crashed_ = true;
  if (network_) network_->cut();
  for (auto& [name, place] : places_) cut(*place);
  const std::filesystem::path old_disk = disk_.path() + '/' + std::to_string(generation_);
  ++generation_;
  for (const auto& [name, place] : places_) {
    std::filesystem::create_directories(directory_of(name));
    for (const char* file : {"store.db", "store.db-wal"}) {
      const auto from = old_disk / name / file;
      if (exists(from)) copy_file(from, std::filesystem::path{directory_of(name)} / file);
    }
  }
}

void World::crash_at(std::string point, int reach) {
  faults_.run(std::move(point), reach, [this] { crash(); });
}

// The instances of the dead process are still there, and finish what they do: on disks and for callers that
// nobody looks at any more.
void World::recover() {
  if (!has_crashed_) return;
  faults_.clear();
  for (auto& [name, place] : places_) {
    if (network_) network_->leave(std::move(place->member));
    place->instance = nullptr;
  }
  has_crashed_ = false;
  for (auto& [name, place] : places_) open(*place);
  for (auto& [name, place] : places_) start(*place);
  settle();
}

}  // namespace banyan::testing
