#include "banyan/testing/fault_plan.hpp"

#include <unistd.h>

#include <limits>
#include <stdexcept>
#include <utility>

namespace banyan::testing {
namespace {

constexpr std::string_view told = "told to fail at ";

std::function<void()> throwing(const std::string& point) {
  return [point] { throw std::runtime_error(std::string{told} + point); };
}

}  // namespace

void FaultPlan::fail(std::string point, int reach) {
  auto action = throwing(point);
  arm(std::move(point), {reach, reach, std::move(action)});
}

void FaultPlan::fail_from(std::string point, int reach) {
  auto action = throwing(point);
  arm(std::move(point), {reach, std::numeric_limits<int>::max(), std::move(action)});
}

void FaultPlan::run(std::string point, int reach, std::function<void()> action) {
  arm(std::move(point), {reach, reach, std::move(action)});
}

void FaultPlan::exit(std::string point, int reach, int status) {
  arm(std::move(point), {reach, reach, [status] { ::_exit(status); }});
}

void FaultPlan::arm(std::string point, Fault fault) {
  const std::lock_guard lock{mutex_};
  points_[std::move(point)].faults.push_back(std::move(fault));
}

bool FaultPlan::is_planned(std::string_view what) noexcept { return what.find(told) != what.npos; }

void FaultPlan::clear() {
  const std::lock_guard lock{mutex_};
  points_.clear();
}

int FaultPlan::reached(std::string_view point) const {
  const std::lock_guard lock{mutex_};
  const auto found = points_.find(point);
  return found == points_.end() ? 0 : found->second.reached;
}

void FaultPlan::reach(std::string_view name) {
  std::vector<std::function<void()>> actions;
  {
    const std::lock_guard lock{mutex_};
    Point& point = points_.try_emplace(std::string{name}).first->second;
    ++point.reached;
    for (const Fault& fault : point.faults) {
      if (fault.first <= point.reached && point.reached <= fault.last) actions.push_back(fault.action);
    }
  }
  for (const auto& action : actions) action();
}

}  // namespace banyan::testing
