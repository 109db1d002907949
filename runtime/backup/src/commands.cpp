#include "banyan/backup/commands.hpp"

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <thread>

#include "banyan/backup/console.hpp"
#include "banyan/backup/link.hpp"
#include "banyan/backup/restore.hpp"
#include "banyan/backup/set.hpp"
#include "banyan/store/maintenance.hpp"

namespace banyan::backup {
namespace {

void say(const std::string& text) { std::printf("%s\n", text.c_str()); }

void complain(const std::string& text) {
  std::fprintf(stderr, "%s: %s\n", program_invocation_short_name, text.c_str());
}

}  // namespace

void Commands::declare(CLI::App& app, bool is_one_module, const AddPlaces& add_places) {
  declare_backup(app, add_places);
  declare_restore(app, is_one_module, add_places);
  if (!is_one_module) declare_link(app, add_places);
}

void Commands::declare_backup(CLI::App& app, const AddPlaces& add_places) {
  CLI::App& backup =
      *app.add_subcommand("backup", "copy every store, all as of one moment, also while they are in use");
  backup.add_option("--to", to_, "a folder for the copies, new or empty")->required();
  backup.callback([this] { called_ = &Commands::back_up; });
  add_places(backup, "where the modules' stores lie");
  CLI::App& check =
      *app.add_subcommand("check", "check every store: its file, its log, its places in the others' logs");
  check.add_option("--from", from_, "the folder of a backup, to check that instead");
  check.callback([this] { called_ = &Commands::check; });
  add_places(check, "where the modules' stores lie");
}

void Commands::declare_restore(CLI::App& app, bool is_one_module, const AddPlaces& add_places) {
  CLI::App& restore = *app.add_subcommand("restore", "put the copies of a backup into the place of stores");
  restore.add_option("--from", from_, "the folder of the backup")->required();
  if (!is_one_module) restore.add_option("--module", module_, "only this one; the others stay as they are");
  restore.add_flag("--as-it-is", as_it_is_, "also what the check of the backup finds something in");
  restore.callback([this] { called_ = &Commands::restore; });
  add_places(restore, "where the modules' stores are to lie");
}

void Commands::declare_link(CLI::App& app, const AddPlaces& add_places) {
  CLI::App& group = *app.add_subcommand("link", "what one module sends to another");
  group.require_subcommand(1);
  CLI::App& resume =
      *group.add_subcommand("resume", "let a link go on that has stopped; by itself only says how");
  resume.add_option("PRODUCER", producer_, "the module that sends")->required();
  resume.add_option("SUBSCRIBER", subscriber_, "the module that gets it")->required();
  resume.add_option("--after", after_, "the last row that both have in common, if nothing tells it; 0: none");
  resume.add_option("--lost", lost_, "folder of the producer's store as it was before it was set back");
  resume.add_flag("--apply", is_applied_, "do it");
  resume.callback([this] { called_ = &Commands::resume; });
  add_places(resume, "where the modules' stores lie");
}

int Commands::run(const Places& places) const {
  const SystemClock clock;
  SystemRandom random;
  const Console console{.program = places.program,
                        .version = places.version,
                        .say = say,
                        .complain = complain,
                        .pause = [](Duration time) { std::this_thread::sleep_for(time); },
                        .clock = clock,
                        .random = random};
  return (this->*called_)(places, console) ? 0 : 1;
}

bool Commands::back_up(const Places& places, const Console& console) const {
  return backup::back_up(places.stores, to_, console);
}

bool Commands::check(const Places& places, const Console& console) const {
  if (!from_.empty()) return check_set(from_, console);
  bool all_well = true;
  for (const ModuleStore& store : places.stores) {
    const Status restored = store::check_restored(store.options);
    if (!restored.ok()) {
      all_well = console.fail(store.module, restored.error());
    } else if (is_whole(store, places.stores, console.clock, console.complain)) {
      console.say(store.module + ": ok");
    } else {
      all_well = false;
    }
  }
  return all_well;
}

bool Commands::restore(const Places& places, const Console& console) const {
  RestoreOptions options{.from = from_,
                         .targets = {},
                         .neighbours = places.neighbours,
                         .where = places.where,
                         .links = places.links,
                         .as_it_is = as_it_is_};
  for (const ModuleStore& store : places.stores) {
    const bool is_target = module_.empty() || store.module == module_;
    (is_target ? options.targets : options.neighbours).push_back(store);
  }
  if (!options.targets.empty()) return backup::restore(options, console);
  return console.fail("restore", {Errc::not_found, "backup.unknown_module", "there is no module " + module_});
}

bool Commands::resume(const Places& places, const Console& console) const {
  LinkOptions options{.producer = producer_,
                      .subscriber = subscriber_,
                      .after = after_,
                      .is_applied = is_applied_,
                      .where = places.where};
  if (!lost_.empty()) options.lost = ModuleStore{producer_, {.directory = lost_}};
  return resume_link(places.stores, options, console);
}

}  // namespace banyan::backup
