#include "banyan/backup/link.hpp"

#include <algorithm>
#include <memory>

#include "banyan/delivery/inbox.hpp"
#include "banyan/delivery/lineage.hpp"
#include "banyan/store/failure.hpp"
#include "banyan/store/maintenance.hpp"
#include "banyan/store/reader.hpp"
#include "neighbours.hpp"

namespace banyan::backup {
namespace {

using delivery::Resumption;
using delivery::RowName;

/// Rows that are told by name; beyond, how many more.
constexpr std::size_t names_max = 20;
constexpr Duration look_max = std::chrono::minutes{1};

/// Reads the store at one moment.
Status read(const ModuleStore& store, const Clock& clock,
            const std::function<void(store::ReadTransaction&)>& work) {
  if (const Status there = store::check_there(store.options); !there.ok()) return there;
  store::Options options = store.options;
  options.read_age_max = look_max;
  const auto reader = store::Reader::open(options, clock);
  return reader.ok() ? reader.value()->read(work) : reader.error();
}

/// A stopped link, looked at from both ends.
class StoppedLink {
 public:
  StoppedLink(const ModuleStore& producer, const ModuleStore& subscriber, const LinkOptions& options,
              const Console& console)
      : producer_(producer), subscriber_(subscriber), options_(options), console_(console) {}

  Status look();
  Status plan();
  void tell() const;
  Status apply() const;
  std::string command() const {
    std::string text = resume_command(producer_.module, subscriber_.module, options_.where, console_);
    if (options_.after) text += " --after " + std::to_string(*options_.after);
    if (options_.lost) text += " --lost " + options_.lost->options.directory;
    return text;
  }

 private:
  Status find_fork();
  void list(const std::string& what, const std::vector<RowName>& rows, std::uint64_t count) const;
  std::string note() const;

  const ModuleStore& producer_;
  const ModuleStore& subscriber_;
  const LinkOptions& options_;
  const Console& console_;
  delivery::Position at_;
  std::optional<std::uint64_t> common_;  // as it was said, or found in the log that is lost
  Resumption plan_;
  std::vector<RowName> lost_;
  std::vector<RowName> parked_;
};

Status StoppedLink::look() {
  return read(subscriber_, console_.clock, [this](store::ReadTransaction& store) {
    delivery::Inbox inbox;
    inbox.open(store);
    at_ = inbox.position(producer_.module);
  });
}

Status StoppedLink::plan() {
  common_ = options_.after;
  if (options_.lost) {
    if (const Status found = find_fork(); !found.ok()) return found;
  }
  Result<Resumption> plan{Resumption{}};
  const Status looked = read(producer_, console_.clock, [&](store::ReadTransaction& log) {
    plan = delivery::resumption(log, subscriber_.module, at_, common_);
  });
  if (!looked.ok()) return looked;
  if (!plan.ok()) return plan.error();
  plan_ = plan.value();
  if (plan_.lost == 0) return success();
  return read(subscriber_, console_.clock, [this](store::ReadTransaction& store) {
    parked_ = delivery::parked_behind(store, producer_.module, plan_.common);
  });
}

Status StoppedLink::find_fork() {
  Result<std::uint64_t> common{std::uint64_t{0}};
  Status nested = success();
  const Status looked = read(producer_, console_.clock, [&](store::ReadTransaction& log) {
    nested = read(*options_.lost, console_.clock, [&](store::ReadTransaction& lost) {
      common = delivery::fork(log, lost, at_);
      if (!common.ok()) return;
      lost_ = delivery::rows_between(lost, common.value(), at_.seq, static_cast<std::int64_t>(names_max));
    });
  });
  if (!looked.ok()) return looked;
  if (!nested.ok()) return nested;
  if (!common.ok()) return common.error();
  common_ = common.value();
  return success();
}

void StoppedLink::list(const std::string& what, const std::vector<RowName>& rows, std::uint64_t count) const {
  if (rows.empty()) return;
  console_.say("  " + what);
  const std::size_t shown = std::min(rows.size(), names_max);
  for (std::size_t i = 0; i < shown; ++i) {
    console_.say("    " + std::to_string(rows[i].seq) + " " + rows[i].type + " " + rows[i].id);
  }
  if (count > shown) console_.say("    and " + std::to_string(count - shown) + " more");
}

void StoppedLink::tell() const {
  backup::tell(plan_, producer_.module, subscriber_.module, console_);
  list("the rows behind that, as the lost log has them:", lost_, plan_.lost);
  list("parked of the rows behind that, and not done; they go:", parked_, parked_.size());
}

std::string StoppedLink::note() const {
  return "link from " + producer_.module + " resumed: was at " + to_string(plan_.at.epoch) + "/" +
         std::to_string(plan_.at.seq) + ", goes on behind " + to_string(plan_.to.epoch) + "/" +
         std::to_string(plan_.to.seq) + "; in common up to " + std::to_string(plan_.common) + ", " +
         std::to_string(plan_.missing) + " missing, " + std::to_string(parked_.size()) + " parked removed";
}

Status StoppedLink::apply() const {
  const auto claim = store::Claim::take(subscriber_.options);
  if (!claim.ok()) return claim.error();
  if (const Status restored = store::check_restored(subscriber_.options); !restored.ok()) return restored;
  bool has_moved = false;
  const Status edited = store::edit(claim.value(), subscriber_.options, [&](store::Transaction& store) {
    has_moved = !delivery::resume_at(store, producer_.module, plan_, note(), console_.clock.utc());
  });
  if (!edited.ok()) return edited;
  if (!has_moved) return success();
  return Error{Errc::conflict, "backup.link_moved", "it moved meanwhile; next: the same again"};
}

const ModuleStore* find(std::span<const ModuleStore> stores, const std::string& module,
                        const Console& console) {
  const auto found = std::ranges::find(stores, module, &ModuleStore::module);
  if (found != stores.end()) return &*found;
  std::string names;
  for (const ModuleStore& store : stores) names += " " + store.module;
  static_cast<void>(console.fail(  // the line is all
      "link",
      Error{Errc::not_found, "backup.unknown_module", "there is no module " + module + ", only" + names}));
  return nullptr;
}

}  // namespace

bool resume_link(std::span<const ModuleStore> stores, const LinkOptions& options, const Console& console) {
  const ModuleStore* producer = find(stores, options.producer, console);
  const ModuleStore* subscriber = find(stores, options.subscriber, console);
  if (producer == nullptr || subscriber == nullptr) return false;
  const std::string link = options.producer + " to " + options.subscriber;
  StoppedLink stopped{*producer, *subscriber, options, console};
  Status status = stopped.look();
  if (status.ok()) status = stopped.plan();
  if (!status.ok()) {
    const Error& why = status.error();
    return console.fail(
        link, Error{why.code(), why.reason(),
                    why.detail() + advice_for(why, resume_command(options.producer, options.subscriber,
                                                                  options.where, console))});
  }
  console.say(link + ":");
  stopped.tell();
  if (!options.is_applied) {
    console.say("nothing was changed; next: stop " + options.subscriber + ", and " + stopped.command() +
                " --apply");
    return true;
  }
  status = stopped.apply();
  if (!status.ok()) return console.fail(link, status.error());
  console.say("it goes on when " + options.subscriber + " is started");
  return true;
}

}  // namespace banyan::backup
