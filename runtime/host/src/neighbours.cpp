#include "neighbours.hpp"

#include <unistd.h>

#include <array>
#include <future>
#include <utility>

#include "banyan/base/assert.hpp"
#include "banyan/resilience/deadline.hpp"
#include "folder_check.hpp"
#include "words.hpp"

namespace banyan::host {
namespace {

/// Stands in for a module that runs nowhere yet. Its link never starts: the rows stay in the outbox.
class Absent final : public delivery::Subscriber {
 public:
  void deliver(delivery::Batch) override {}
};

Absent absent;

// Of a start. A broker that is not there is no reason not to start.
constexpr Duration broker_patience = std::chrono::seconds{2};

std::string host_name() {
  std::array<char, 256> name{};
  const bool is_known = ::gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0';
  return is_known ? name.data() : "unknown";
}

}  // namespace

Neighbours::Neighbours(const Settings& settings, const Program& program,
                       const remote::Environment& environment)
    : settings_(settings),
      program_(program),
      environment_(environment),
      process_(IdSource{environment.clock, environment.random}.next()),
      since_(environment.clock.utc()) {}

Neighbours::~Neighbours() { close(); }

Status Neighbours::connect(const std::vector<std::string>& modules) {
  here_.insert(modules.begin(), modules.end());
  if (!are_reachable()) return success();
  for (const std::string& module : modules) {
    if (const auto line = open(module); !line.ok()) return line.error();
  }
  if (!program_.is_gateway) return success();
  const auto line = open(std::string{gateway_identity});
  if (!line.ok()) return line.error();
  gateway_ = line.value();
  return success();
}

Result<Line*> Neighbours::open(const std::string& identity) {
  auto line = Line::open(identity, settings_, program_.topology, environment_);
  if (!line.ok()) return line.error();
  lines_.push_back(std::move(line).value());
  return lines_.back().get();
}

Status Neighbours::link(const Instances& instances) {
  if (!are_reachable()) {
    for (module::Instance* instance : instances) keep_for_later(*instance);
    return success();
  }
  BANYAN_ASSERT(lines_.size() >= instances.size());
  for (std::size_t i = 0; i < instances.size(); ++i) {
    BANYAN_ASSERT(lines_[i]->identity() == instances[i]->definition().name());
    const Status linked =
        lines_[i]->link(*instances[i], here_, card_of(*instances[i]), settings_.owner, environment_);
    if (!linked.ok()) return linked;
  }
  return success();
}

OwnerCard Neighbours::card_of(const module::Instance& instance) const {
  return {.log = instance.log(),
          .process = process_,
          .host = host_name(),
          .pid = ::getpid(),
          .folder = whole_path(settings_.data_dir),
          .since = since_};
}

Status Neighbours::wait_for_owners() {
  const Instant end = environment_.clock.now() + broker_patience;
  for (const auto& line : lines_) {
    const auto owner = line->wait_for_owner(resilience::remaining(end, environment_.clock.now()));
    const bool is_refused = owner && owner->self.state == OwnerCard::State::yielded && owner->other;
    if (is_refused) return refused(line->identity(), *owner);
  }
  return success();
}

Error Neighbours::refused(const std::string& module, const OwnerHealth& owner) const {
  const OwnerCard& other = *owner.other;
  const bool is_copy = other.log == owner.self.log;
  std::vector<std::string> rest{here_.begin(), here_.end()};
  std::erase(rest, module);
  const std::string next = rest.empty() ? command_for_folder(settings_.command_line, other.folder)
                                        : command_for_modules(settings_.command_line, rest);
  return {Errc::conflict, "host.other_owner",
          "module " + module + " is served by another process" +
              (is_copy ? ", from a copy of this store: " : ": ") + place_of(other) + "; this is " +
              place_of(owner.self) + ", and two would split the module's data; next: " + next + ", on " +
              other.host + "; or, if this folder is the right one, stop process " +
              std::to_string(other.pid) + " and start this one again"};
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
  for (const auto& line : lines_) {
    all.push_back({.identity = line->identity(), .health = line->bus().health(), .owner = line->owner()});
  }
  if (gateway_ == nullptr) return all;
  for (const auto& [module, guard] : guards_) all.back().dependencies.push_back(guard.describe());
  return all;
}

}  // namespace banyan::host
