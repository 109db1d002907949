#include "neighbours.hpp"

#include <future>
#include <utility>

#include "banyan/base/assert.hpp"
#include "banyan/resilience/deadline.hpp"

namespace banyan::host {
namespace {

/// Stands in for a module that runs nowhere yet. Its link never starts: the rows stay in the outbox.
class Absent final : public delivery::Subscriber {
 public:
  void deliver(delivery::Batch) override {}
};

Absent absent;

}  // namespace

Neighbours::Neighbours(const Settings& settings, const Program& program,
                       const remote::Environment& environment)
    : settings_(settings), program_(program), environment_(environment) {}

Neighbours::~Neighbours() { close(); }

Status Neighbours::link(const Instances& instances) {
  for (const module::Instance* instance : instances) here_.insert(instance->definition().name());
  for (module::Instance* instance : instances) {
    if (!are_reachable()) {
      keep_for_later(*instance);
      continue;
    }
    const auto line = connect(instance->definition().name());
    if (!line.ok()) return line.error();
    if (const Status linked = line.value()->bus().link(*instance, here_); !linked.ok()) return linked;
  }
  if (!are_reachable() || !program_.is_gateway) return success();
  const auto line = connect(std::string{gateway_identity});
  if (!line.ok()) return line.error();
  gateway_ = line.value();
  return success();
}

Result<Line*> Neighbours::connect(const std::string& identity) {
  auto line = Line::open(identity, settings_, program_.topology, environment_);
  if (!line.ok()) return line.error();
  lines_.push_back(std::move(line).value());
  return lines_.back().get();
}

void Neighbours::keep_for_later(module::Instance& instance) {
  for (const message::Edge& edge : program_.topology) {
    if (edge.from != instance.definition().name() || edge.messages.empty()) continue;
    if (here_.contains(edge.to)) continue;
    instance.feeds({.subscriber = std::string{edge.to}}, absent);
  }
}

resilience::Guarded* Neighbours::endpoint_of(const std::string& module) {
  if (gateway_ == nullptr) return nullptr;
  const auto options = settings_.guards.find(module);
  BANYAN_ASSERT(options != settings_.guards.end());
  const resilience::GuardSurroundings surroundings{
      environment_.clock,
      environment_.random,
      [&connection = gateway_->connection()](Duration delay, std::function<void()> work) {
        connection.call_after(delay, std::move(work));
      },
      environment_.metrics,
      environment_.log,
      [line = gateway_] { return line->reaches_others(); }};
  return &guards_
              .try_emplace(module, module, gateway_->bus().endpoint_of(module), options->second, surroundings)
              .first->second;
}

void Neighbours::start() {
  is_started_ = true;
  for (const auto& line : lines_) line->start();
}

void Neighbours::reload() {
  for (const auto& line : lines_) line->reload();
}

void Neighbours::drain(Duration budget) {
  if (!std::exchange(is_started_, false)) return;
  const Instant end = environment_.clock.now() + budget;
  for (const auto& line : lines_) line->bus().stop();
  for (const auto& line : lines_) {
    auto idle = std::make_shared<std::promise<void>>();
    auto is_idle = idle->get_future();
    line->bus().when_idle([idle] { idle->set_value(); });
    if (is_idle.wait_for(resilience::remaining(end, environment_.clock.now())) == std::future_status::ready) {
      continue;
    }
    environment_.log.warning("stopped with work under way", {{"identity", line->identity()}});
  }
}

void Neighbours::close() {
  for (const auto& line : lines_) line->bus().report();
  for (const auto& line : lines_) line->close();
}

std::vector<NeighbourHealth> Neighbours::health() const {
  std::vector<NeighbourHealth> all;
  for (const auto& line : lines_) all.push_back({line->identity(), line->bus().health()});
  if (gateway_ == nullptr) return all;
  for (const auto& [module, guard] : guards_) all.back().dependencies.push_back(guard.describe());
  return all;
}

}  // namespace banyan::host
