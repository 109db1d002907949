#include "sweep.hpp"

#include <atomic>
#include <filesystem>
#include <future>

#include "acceptance/books.hpp"
#include "acceptance/links.hpp"
#include "banyan/http/client.hpp"
#include "environment.hpp"

namespace fault {

using namespace acceptance;
using namespace std::chrono_literals;
using std::string;

namespace {

/// Far more than anything takes that is not lost, also on a busy machine.
constexpr std::chrono::milliseconds audit_patience = 30s;

Replay::Places places_of(ShopProcess& shop) {
  return {[&shop] { return shop.endpoint(); }, [&shop] { return shop.administrations(); }};
}

/// Throws what can't be read.
Violations audit_books(ShopProcess& shop, const Stream& stream, int in_flight, Answers& answers) {
  Replay replay{stream,
                places_of(shop),
                {.attempts_max = 100,
                 .patience = audit_patience,
                 .on_answer = [&](const string& key, const string& id) { answers.note(key, id); }}};
  replay.load();
  replay.place_orders(in_flight);
  replay.come_to_rest();
  return differences(stream, count(stream), replay);
}

}  // namespace

void Answers::note(const string& key, const string& id) {
  const std::lock_guard lock{mutex_};
  const auto [first, is_new] = ids_.emplace(key, id);
  if (is_new || first->second == id) return;
  contradictions_.push_back(key + " was answered " + first->second + ", and then " + id);
}

ShopProcess::Environment sweep_settings() {
  return {{"BANYAN_STORE_BALLAST", "1MiB"},          {"BANYAN_STORE_FREE_MIN", "1MiB"},
          {"BANYAN_STORE_WAL_CHECKPOINT", "256KiB"}, {"BANYAN_STORE_READERS", "1"},
          {"BANYAN_DELIVERY_RETRY_DELAY", "20ms"},   {"BANYAN_DELIVERY_RETENTION", "0us"},
          {"BANYAN_NOTIFICATIONS_SENDER", "none"}};
}

string disk_of(const ShopProcess& shop) {
  return std::filesystem::path{shop.data_directory()}.parent_path().string();
}

SaidHealth ask_health(ShopProcess& shop) {
  const auto administrations = shop.administrations();
  if (administrations.empty()) return {};
  banyan::http::Client client{
      {.address = administrations.front().address, .port = administrations.front().port}};
  const auto page = client.send({.method = "GET", .path = "/health"});
  if (!page.ok()) return {};
  return {.is_ok = page.value().status == 200, .text = page.value().body};
}

void sell(ShopProcess& shop, const Stream& stream, int in_flight, Answers& answers,
          std::chrono::milliseconds patience,
          const std::function<void(const string& key, const string& id)>& on_answer) {
  Replay replay{
      stream,
      places_of(shop),
      {.attempts_max = 1, .patience = patience, .on_answer = [&](const string& key, const string& id) {
         answers.note(key, id);
         if (on_answer) on_answer(key, id);
       }}};
  replay.load();
  replay.place_orders(in_flight);
  replay.come_to_rest();
}

Violations audit(ShopProcess& shop, const Stream& stream, int in_flight, const Answers& before) {
  Violations violations;
  const auto note = [&](const Violations& more) {
    violations.insert(violations.end(), more.begin(), more.end());
  };
  Answers answers{before};
  try {
    shop.start();
    note(audit_books(shop, stream, in_flight, answers));
    if (shop.stop() != 0) note({"it stops with status " + std::to_string(shop.status())});
    if (!shop.stores_are_sound()) note({"the check finds something: " + shop.log()});
    note(differences_of_links(shop.data_directory()));
  } catch (const std::exception& failure) {
    note({string{"the audit ends early: "} + failure.what(), "health: " + ask_health(shop).text,
          "log: " + shop.log()});
    shop.kill();
  }
  note(answers.contradictions());
  return violations;
}

std::vector<Violations> run_trials(std::size_t count, const std::function<Violations(std::size_t)>& trial) {
  std::vector<Violations> all(count);
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        all[i] = trial(i);
      } catch (const std::exception& failure) {
        all[i] = {string{"the trial itself failed: "} + failure.what()};
      }
    }
  };
  std::vector<std::future<void>> workers;
  for (std::uint64_t i = number_from_environment("FAULT_JOBS", 2); i > 0; --i)
    workers.push_back(std::async(std::launch::async, work));
  for (auto& worker : workers) worker.get();
  return all;
}

}  // namespace fault
