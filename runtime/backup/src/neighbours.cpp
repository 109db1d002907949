#include "neighbours.hpp"

#include "banyan/delivery/audit.hpp"
#include "banyan/delivery/inbox.hpp"
#include "banyan/store/failure.hpp"
#include "banyan/store/maintenance.hpp"
#include "banyan/store/reader.hpp"

namespace banyan::backup {
namespace {

std::string rows(std::uint64_t count) { return std::to_string(count) + (count == 1 ? " row" : " rows"); }

/// The links between two stores, as they are found in them.
class Pair {
 public:
  Pair(const RestoreOptions& options, const Console& console) : options_(options), console_(console) {}

  void tell(const ModuleStore& producer, const ModuleStore& subscriber) const {
    auto log = store::Reader::open(producer.options, console_.clock);
    auto inbox = store::Reader::open(subscriber.options, console_.clock);
    Status status = log.ok() ? success() : log.error();
    if (status.ok() && !inbox.ok()) status = inbox.error();
    if (status.ok()) {
      Status nested = success();
      status = log.value()->read([&](store::ReadTransaction& of_producer) {
        nested = inbox.value()->read([&](store::ReadTransaction& of_subscriber) {
          tell(producer.module, of_producer, subscriber.module, of_subscriber);
        });
      });
      if (status.ok()) status = nested;
    }
    if (status.ok()) return;
    // The report goes on: the other links can be read all the same.
    static_cast<void>(console_.fail(producer.module + " to " + subscriber.module, status.error()));
  }

 private:
  void tell(const std::string& producer, store::ReadTransaction& log, const std::string& subscriber,
            store::ReadTransaction& of_subscriber) const {
    delivery::Inbox inbox;
    inbox.open(of_subscriber);
    const delivery::Position at = inbox.position(producer);
    if (at.epoch.is_nil()) return;
    const std::string link = producer + " to " + subscriber;
    const auto why = delivery::misplacement(log, subscriber, at);
    if (!why) {
      console_.say(link + ": goes on behind row " + std::to_string(at.seq));
      return;
    }
    console_.say(link + ": has stopped: " + why->detail());
    const auto plan = delivery::resumption(log, subscriber, at, {});
    const std::string command = resume_command(producer, subscriber, options_.where, console_);
    if (plan.ok()) {
      backup::tell(plan.value(), producer, subscriber, console_);
      console_.say("  next: " + command);
    } else {
      console_.say("  " + plan.error().detail() + advice_for(plan.error(), command));
    }
  }

  const RestoreOptions& options_;
  const Console& console_;
};

}  // namespace

void tell_neighbours(const RestoreOptions& options, const Console& console) {
  const Pair pair{options, console};
  for (const ModuleStore& neighbour : options.neighbours) {
    if (!store::check_there(neighbour.options).ok()) {
      console.say(neighbour.module + ": there is no store of it here: its links were not looked at");
      continue;
    }
    for (const ModuleStore& restored : options.targets) {
      pair.tell(restored, neighbour);
      pair.tell(neighbour, restored);
    }
  }
}

void tell(const delivery::Resumption& plan, const std::string& producer, const std::string& subscriber,
          const Console& console) {
  const std::string common = plan.common == 0 ? "no row" : "rows up to " + std::to_string(plan.common);
  console.say("  " + producer + " and " + subscriber + " have " + common + " in common");
  if (plan.lost > 0) {
    console.say("  " + subscriber + " has of " + rows(plan.lost) + " behind that, " +
                std::to_string(plan.common + 1) + " to " + std::to_string(plan.at.seq) +
                ", what concerned it; the log has not: what it did then stays done");
  }
  if (plan.missing > 0) {
    console.say("  missing for ever: " + rows(plan.missing) + ", " + std::to_string(plan.common + 1) +
                " to " + std::to_string(plan.to.seq) + ", which the log has not kept");
  }
  console.say("  it goes on behind row " + std::to_string(plan.to.seq) + ": of " + rows(plan.following) +
              " that the log has there, it gets what concerns it");
}

std::string resume_command(const std::string& producer, const std::string& subscriber,
                           const std::string& where, const Console& console) {
  return console.program + " link resume " + producer + " " + subscriber + " " + where;
}

std::string advice_for(const Error& why, const std::string& command) {
  if (why.reason() == "delivery.unknown_fork") {
    return "; next: with the producer's store as it was before it was set back, " + command +
           " --lost FOLDER, or with the last row that is the same in both, " + command +
           " --after ROW (0: none)";
  }
  if (why.reason() == "delivery.not_stopped")
    return ": there is nothing to resume; if it does not flow, look at /health";
  return "";
}

}  // namespace banyan::backup
