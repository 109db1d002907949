#include "sets.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "banyan/testing/child_process.hpp"

namespace acceptance {
namespace {

constexpr const char* modules[] = {"users", "inventory", "orders", "payments", "shipping", "notifications"};

}  // namespace

void Sets::take_while(std::future<void>& work, const Replay& replay, int orders, int count) {
  using namespace std::chrono_literals;
  std::vector<int> moments;
  for (int i = 0; i < count; ++i) moments.push_back(std::uniform_int_distribution{0, orders - 1}(engine_));
  std::sort(moments.begin(), moments.end());
  for (const int moment : moments) {
    while (replay.settled() < moment && work.wait_for(1ms) == std::future_status::timeout) {
    }
    settled_.push_back(replay.settled());
    const Ended made = run({"backup", "--to", folder(this->count() - 1)});
    if (made.status != 0) throw std::runtime_error("no backup:\n" + made.output + made.errors);
  }
}

void Sets::put_back(int n) {
  for (const char* module : modules) put_aside(module);
  static_cast<void>(restore(n, {}));  // what it says is for people
}

std::string Sets::put_back(int n, const std::string& module) {
  put_aside(module);
  return restore(n, {"--module", module});
}

void Sets::put_aside(const std::string& module) {
  ++aside_;
  const std::filesystem::path target = aside(module);
  std::filesystem::create_directories(target.parent_path());
  std::filesystem::rename(shop_.data_directory() + "/" + module, target);
}

std::string Sets::aside(const std::string& module) const {
  return shop_.data_directory() + "/aside/" + std::to_string(aside_) + "/" + module;
}

std::string Sets::restore(int n, std::vector<std::string> more) {
  std::vector<std::string> arguments{"restore", "--from", folder(n)};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Ended restored = run(arguments);
  if (restored.status != 0) throw std::runtime_error("not restored:\n" + restored.output + restored.errors);
  return restored.output;
}

Ended Sets::run(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), split_.empty() ? BANYAN_PROGRAM : BANYAN_PROGRAMS "/banyanctl");
  arguments.insert(arguments.end(), {"--data-dir", shop_.data_directory()});
  banyan::testing::ChildProcess command{arguments};
  const int status = command.wait();
  return {status, command.output(), command.errors()};
}

}  // namespace acceptance
