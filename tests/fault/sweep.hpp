#pragma once
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "acceptance/replay.hpp"
#include "acceptance/shop_process.hpp"

namespace fault {

/// The violations after a fault, in words. Empty: none.
using Violations = std::vector<std::string>;

/// The answers that clients got: the id under each Idempotency-Key. Threads: any.
class Answers {
 public:
  Answers() = default;
  Answers(const Answers& other) : ids_(other.ids_), contradictions_(other.contradictions_) {}
  Answers& operator=(const Answers&) = delete;

  void note(const std::string& key, const std::string& id);
  /// The keys under which two ids were answered.
  const Violations& contradictions() const { return contradictions_; }

 private:
  std::mutex mutex_;
  std::map<std::string, std::string> ids_;
  Violations contradictions_;
};

/// Settings of a shop that is started thousands of times: small files, short waits.
acceptance::ShopProcess::Environment sweep_settings();

/// The folder that everything of a shop lies below, and that is the disk of FaultyDisk.
std::string disk_of(const acceptance::ShopProcess& shop);

/// How the whole process says that it does: what GET /health answers, and whether that is 200.
struct SaidHealth {
  bool is_ok = false;
  std::string text;  ///< Empty: it did not answer.
};
SaidHealth ask_health(acceptance::ShopProcess& shop);

/// Registers the stream's customers and products and places its orders, `in_flight` at a time, as long as
/// `patience` lasts for each. Throws what the first failure was.
void sell(acceptance::ShopProcess& shop, const acceptance::Stream& stream, int in_flight, Answers& answers,
          std::chrono::milliseconds patience,
          const std::function<void(const std::string& key, const std::string& id)>& on_answer = {});

/// Starts the shop on what its disk holds, sells the whole stream once more under the same keys, and holds
/// all of it against a plain count and against what was answered `before`: nothing of that is missing or done
/// twice, no link has stopped, the stores are sound and agree. The shop is stopped then.
Violations audit(acceptance::ShopProcess& shop, const acceptance::Stream& stream, int in_flight,
                 const Answers& before);

/// Calls `trial` for 0 to `count` - 1, $FAULT_JOBS (2) at a time, and returns what it returned, in that
/// order.
std::vector<Violations> run_trials(std::size_t count, const std::function<Violations(std::size_t)>& trial);

}  // namespace fault
