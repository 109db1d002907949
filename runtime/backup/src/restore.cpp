#include "banyan/backup/restore.hpp"

#include <algorithm>
#include <optional>

#include "banyan/backup/set.hpp"
#include "banyan/delivery/lineage.hpp"
#include "banyan/store/failure.hpp"
#include "banyan/store/maintenance.hpp"
#include "banyan/store/reader.hpp"
#include "copies.hpp"
#include "manifest.hpp"
#include "neighbours.hpp"
#include "pending.hpp"
#include "snapshots.hpp"

namespace banyan::backup {
namespace {

/// The files beside a database file while it is open, or after its process was killed.
constexpr const char* beside[] = {"", "-wal", "-shm", "-journal"};

/// Until it has its name.
constexpr const char* unnamed = "store.db.restoring";

std::string path_of(const ModuleStore& target, const std::string& file) {
  return target.options.directory + "/" + file;
}

bool has_store(const ModuleStore& target) {
  return std::ranges::any_of(beside, [&](const char* suffix) {
    return is_there(path_of(target, target.options.file_name + suffix));
  });
}

/// One restore, step by step. What a step returns is what ends it.
class Restore {
 public:
  Restore(const RestoreOptions& options, const Console& console) : options_(options), console_(console) {}

  Status choose();
  bool check_source() const;
  Status claim();
  Status plan();
  Status install_all();
  bool check_installed() const;
  Status finish();
  const Manifest& set() const noexcept { return set_; }

 private:
  Status read_links();
  Status check_free(const ModuleStore& target, bool goes_on) const;
  Result<bool> is_installed(const ModuleStore& target) const;
  Status install(const ModuleStore& target, const store::Claim& claim) const;
  void renew(store::Transaction& store, const std::string& module) const;
  bool is_misfit(const std::string& producer, const std::string& subscriber) const;

  const RestoreOptions& options_;
  const Console& console_;
  Manifest set_;
  std::vector<Misfit> misfits_;
  std::vector<store::Claim> claims_;  // of the targets, in their order
  Pending pending_;
};

Status Restore::choose() {
  auto manifest = read_manifest(options_.from);
  if (!manifest.ok()) return manifest.error();
  set_ = std::move(manifest).value();
  for (const ModuleStore& target : options_.targets) {
    if (set_.find(target.module) != nullptr) continue;
    std::string names;
    for (const Copy& copy : set_.copies) names += " " + copy.module;
    return Error{Errc::not_found, "backup.not_in_the_set",
                 options_.from + " has no " + target.module + ", only" + names +
                     "; next: restore these one by one, with --module NAME"};
  }
  return success();
}

bool Restore::check_source() const {
  if (check_set(options_.from, {.program = console_.program,
                                .version = console_.version,
                                .say = [](const std::string&) {},
                                .complain = console_.complain,
                                .pause = console_.pause,
                                .clock = console_.clock,
                                .random = console_.random})) {
    return true;
  }
  if (options_.as_it_is) return true;
  console_.complain(
      "nothing was restored; next: another set, or with what is told above: " + console_.program +
      " restore --from " + options_.from + " " + options_.where + " --as-it-is");
  return false;
}

Status Restore::claim() {
  for (const ModuleStore& target : options_.targets) {
    auto claim = store::Claim::take(target.options);
    if (!claim.ok()) return claim.error();
    claims_.push_back(std::move(claim).value());
  }
  return success();
}

// Any folder's word counts: they were all given the same before the first store was there.
Status Restore::plan() {
  IdSource ids{console_.clock, console_.random};
  pending_ = {.set = set_.id, .from = options_.from};
  for (const ModuleStore& target : options_.targets) pending_.logs.push_back({target.module, ids.next()});
  std::optional<Pending> before;
  for (const ModuleStore& target : options_.targets) {
    auto found = read_pending(target.options.directory);
    if (!found.ok()) return found.error();
    if (!found.value()) continue;
    const bool is_same = found.value()->set == set_.id &&
                         found.value()->logs.size() == pending_.logs.size() &&
                         (!before || before->logs == found.value()->logs) &&
                         std::ranges::equal(found.value()->logs, pending_.logs, {}, &Pending::Log::module,
                                            &Pending::Log::module);
    if (!is_same) {
      return Error{Errc::conflict, "backup.other_restore",
                   "another restore into " + target.options.directory + " was not finished, of " +
                       found.value()->from + "; next: run that one again, or remove the folder, rm -r " +
                       target.options.directory};
    }
    before = std::move(found).value();
  }
  if (before) pending_ = *before;
  for (const ModuleStore& target : options_.targets) {
    if (const Status free = check_free(target, before.has_value()); !free.ok()) return free;
  }
  for (const ModuleStore& target : options_.targets) {
    const Status written = write_pending(target.options.directory, pending_);
    if (!written.ok()) return written;
  }
  return read_links();
}

// The positions that fit no log are left alone: their links stop, and can be resumed.
Status Restore::read_links() {
  const std::vector<ModuleStore> copies = stores_in(set_, options_.from);
  auto taken = Snapshots::take(copies, console_);
  if (!taken.ok()) return taken.error();
  misfits_ = taken.value().stopped();
  return success();
}

Status Restore::check_free(const ModuleStore& target, bool goes_on) const {
  if (!has_store(target)) return success();
  if (goes_on) {
    const auto installed = is_installed(target);
    if (!installed.ok()) return installed.error();
    if (installed.value()) return success();
  }
  return Error{Errc::already_exists, "backup.in_the_way",
               target.options.directory + " has a store; next: put it aside, mv " + target.options.directory +
                   " " + target.options.directory + ".before, or restore into another folder"};
}

/// Whether an earlier run of this restore has done so.
Result<bool> Restore::is_installed(const ModuleStore& target) const {
  if (!is_there(path_of(target, target.options.file_name))) return false;
  auto reader = store::Reader::open(target.options, console_.clock);
  if (!reader.ok()) return reader.error();
  std::optional<Uuid> epoch;
  const Status read = reader.value()->read(
      [&](store::ReadTransaction& store) { epoch = store.find<Uuid>("SELECT epoch FROM banyan_log"); });
  if (!read.ok()) return read.error();
  return epoch == pending_.epoch_of(target.module);
}

Status Restore::install_all() {
  for (std::size_t i = 0; i < options_.targets.size(); ++i) {
    const ModuleStore& target = options_.targets[i];
    const auto installed = is_installed(target);
    if (!installed.ok()) return installed.error();
    if (installed.value()) continue;
    if (const Status done = install(target, claims_[i]); !done.ok()) {
      return Error{done.error().code(), done.error().reason(), target.module + ": " + done.error().detail()};
    }
  }
  return success();
}

// It gets its name when it is whole, durable, and of its new incarnation.
Status Restore::install(const ModuleStore& target, const store::Claim& claim) const {
  const Copy& copy = *set_.find(target.module);
  const std::string source = options_.from + "/" + copy.file;
  const std::string partial = path_of(target, unnamed);
  for (const char* suffix : beside) {
    if (const Status gone = remove_file(partial + suffix); !gone.ok()) return gone;
  }
  const auto sum = copy_file(source, partial);
  if (!sum.ok()) return sum.error();
  if (const Status same = check_sum(copy, sum.value(), source); !same.ok()) return same;
  store::Options options = target.options;
  options.file_name = unnamed;
  options.durability = store::Durability::full;
  const Status renewed =
      store::edit(claim, options, [&](store::Transaction& store) { renew(store, target.module); });
  if (!renewed.ok()) return renewed;
  if (is_there(partial + "-wal")) {
    return Error{Errc::unavailable, "backup.file", partial + "-wal: it could not be emptied"};
  }
  return rename_file(partial, path_of(target, target.options.file_name));
}

void Restore::renew(store::Transaction& store, const std::string& module) const {
  delivery::renew(store, pending_.epoch_of(module), console_.clock.utc());
  for (const auto& [producer, epoch] : pending_.logs) {
    if (is_misfit(producer, module)) continue;
    delivery::follow(store, producer, set_.find(producer)->epoch, epoch);
    const bool is_linked = std::ranges::count(options_.links, Link{producer, module}) > 0;
    if (is_linked) delivery::begin_with(store, producer, epoch);
  }
}

bool Restore::is_misfit(const std::string& producer, const std::string& subscriber) const {
  return std::ranges::any_of(misfits_, [&](const Misfit& misfit) {
    return misfit.producer == producer && misfit.subscriber == subscriber;
  });
}

bool Restore::check_installed() const {
  bool all_well = true;
  for (const ModuleStore& target : options_.targets) {
    if (is_whole(target, options_.targets, console_.clock, console_.complain)) {
      console_.say(target.module + ": ok");
    } else {
      all_well = false;
    }
  }
  return all_well || options_.as_it_is;
}

Status Restore::finish() {
  for (const ModuleStore& target : options_.targets) {
    if (const Status gone = remove_pending(target.options.directory); !gone.ok()) return gone;
  }
  return success();
}

}  // namespace

bool restore(const RestoreOptions& options, const Console& console) {
  Restore work{options, console};
  Status status = work.choose();
  if (!status.ok()) return console.fail("restore", status.error());
  if (!work.check_source()) return false;
  status = work.claim();
  if (status.ok()) status = work.plan();
  if (status.ok()) status = work.install_all();
  if (!status.ok()) return console.fail("restore", status.error());
  if (!work.check_installed()) {
    console.complain("no process serves it as it is; next: remove it, and restore another set");
    return false;
  }
  status = work.finish();
  if (!status.ok()) return console.fail("restore", status.error());
  console.say("restored from " + options.from + ", of " + to_rfc3339(work.set().made_at));
  tell_neighbours(options, console);
  return true;
}

}  // namespace banyan::backup
