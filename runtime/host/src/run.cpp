#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <optional>

#include "banyan/backup/commands.hpp"
#include "banyan/config/load.hpp"
#include "banyan/host/host.hpp"
#include "process.hpp"
#include "service_manager.hpp"
#include "standby.hpp"
#include "words.hpp"

namespace banyan::host {
namespace {

constexpr int could_not_start = 1;
constexpr int wrong_usage = 2;
constexpr int not_closed = 3;

struct CommandLine {
  std::string config = {};
  config::Variables settings = {};
  bool check_config = false;
  bool print_config = false;
  bool print_reference = false;
  backup::Commands commands = {};
};

void complain(const std::string& text) {
  std::fprintf(stderr, "%s: %s\n", program_invocation_short_name, text.c_str());
}

std::string purpose_of(const Program& program) {
  if (program.modules.empty()) return "Serves the HTTP operations of modules that run in other processes.";
  if (program.modules.size() > 1) return "Runs modules of the shop in one process.";
  return "Runs the module " + program.modules.front().name + " in a process of its own.";
}

/// An option that stands for a setting.
void add_setting(CLI::App& app, CommandLine& line, const std::string& flag, const std::string& key,
                 const std::string& help) {
  app.add_option_function<std::string>(
      flag, [&line, key](const std::string& value) { line.settings[key] = value; }, help);
}

/// A program knows what makes sense for it: one module has no HTTP operations to serve, a gateway no store.
void declare(CLI::App& app, CommandLine& line, const Program& program) {
  const auto setting = [&](const std::string& flag, const std::string& key, const std::string& help) {
    add_setting(app, line, flag, key, help);
  };
  app.set_version_flag("--version", program.name + " " BANYAN_VERSION);
  app.add_option("--config", line.config, "TOML file with settings")->check(CLI::ExistingFile);
  if (program.modules.size() > 1) {
    setting("--modules", "process.modules", "which modules to run, separated by commas [all]");
  }
  if (program.is_gateway) {
    setting("--listen", "http.listen", "address and port of the gateway [127.0.0.1:8080]");
  }
  setting("--admin-listen", "process.admin_listen", "address and port of administration [127.0.0.1:8081]");
  setting("--nats-url", "nats.url", "the NATS server between processes [none]");
  setting("--pki", "nats.pki", "folder of the certificates for it");
  setting("--keys", "nats.keys", "folder of the keys that calls are signed with");
  app.add_flag("--check-config", line.check_config, "say what is wrong with the configuration, and end");
  app.add_flag("--print-config", line.print_config, "print the configuration in effect, and end");
  app.add_flag("--print-reference", line.print_reference,
               "print all settings and their meaning as Markdown, and end");
  if (program.modules.empty()) return;
  setting("--data-dir", "process.data_dir", "where the modules' stores lie [data]");
  app.add_flag_callback(
      "--standby", [&line] { line.settings["process.standby"] = "true"; },
      "wait while another process has the stores, and take over when it ends");
  setting("--create", "process.create", "which stores to make: missing, or never any [missing]");
  line.commands.declare(app, program.modules.size() == 1,
                        [&line](CLI::App& command, const std::string& text) {
                          add_setting(command, line, "--data-dir", "process.data_dir", text + " [data]");
                        });
}

std::vector<const Entry*> chosen(const std::vector<Entry>& entries, const std::vector<std::string>& names) {
  std::vector<const Entry*> chosen;
  for (const Entry& entry : entries) {
    if (names.empty() || std::count(names.begin(), names.end(), entry.name) > 0) chosen.push_back(&entry);
  }
  return chosen;
}

/// Of entries or contracts.
template <class T>
std::vector<std::string> names_of(const std::vector<T>& all) {
  std::vector<std::string> names;
  for (const T& one : all) names.push_back(one.name);
  return names;
}

store::Options store_of(const Settings& settings, const std::string& module) {
  store::Options options = settings.module.store;
  options.directory = settings.data_dir + "/" + module;
  return options;
}

backup::Places places_of(const Settings& settings, const Program& program,
                         const std::vector<const Entry*>& entries) {
  backup::Places places{.program = program.name,
                        .version = BANYAN_VERSION,
                        .stores = {},
                        .neighbours = {},
                        .links = {},
                        .where = "--data-dir " + settings.data_dir};
  const auto is_chosen = [&](const std::string& name) {
    return std::ranges::any_of(entries, [&](const Entry* entry) { return entry->name == name; });
  };
  for (const Entry* entry : entries) places.stores.push_back({entry->name, store_of(settings, entry->name)});
  for (const Contract& contract : program.contracts) {
    if (is_chosen(contract.name)) continue;
    places.neighbours.push_back({contract.name, store_of(settings, contract.name)});
  }
  for (const message::Edge& edge : program.topology) {
    if (!edge.messages.empty()) places.links.push_back({std::string{edge.from}, std::string{edge.to}});
  }
  return places;
}

void say_where(const Process& process) {
  if (const auto url = process.url()) std::printf("serving %s\n", url->c_str());
  std::printf("administration %s\nmodules %s\n", process.admin_url().c_str(),
              joined(process.modules(), " ").c_str());
  if (!process.new_stores().empty()) {
    std::printf("new stores in %s: %s\n", process.folder().c_str(),
                joined(process.new_stores(), " ").c_str());
  }
  if (process.unreached()) complain(*process.unreached());
  std::fflush(stdout);
}

/// Until it is told to stop.
void obey(const sigset_t& signals, Process& process) {
  for (int signal = 0; sigwait(&signals, &signal) == 0 && signal == SIGHUP;) {
    tell_service_manager("RELOADING=1");
    process.reload();
    tell_service_manager("READY=1");
  }
}

/// Waits until no other process has the stores. False if it was told to stop meanwhile.
Result<bool> stand_by(const sigset_t& signals, const Settings& settings,
                      const std::vector<const Entry*>& entries) {
  std::vector<store::Options> stores;
  for (const Entry* entry : entries) stores.push_back(store_of(settings, entry->name));
  Standby standby{settings, std::move(stores)};
  Status seen = standby.look();
  if (seen.ok()) return true;
  if (const Status listening = standby.listen(); !listening.ok()) return listening.error();
  std::printf("administration %s\nstanding by: %s\n", standby.admin_url().c_str(),
              seen.error().detail().c_str());
  std::fflush(stdout);
  tell_service_manager("READY=1\nSTATUS=standby");
  constexpr timespec look_again{.tv_sec = 0, .tv_nsec = 100'000'000};
  for (; !seen.ok(); seen = standby.look()) {
    if (seen.error().code() != Errc::conflict) return seen.error();
    const int signal = sigtimedwait(&signals, nullptr, &look_again);
    if (signal == SIGINT || signal == SIGTERM) return false;
  }
  return true;
}

/// For a standby: another one may have been faster. Its port is taken a moment before its stores are, and is
/// somebody else's if that lasts.
bool may_try_again(const Error& error, int tries) {
  constexpr int tries_max = 20;
  return error.reason() == "store.in_use" || (error.reason() == "http.port_taken" && tries < tries_max);
}

/// Starts, as a standby once it can. False if it was told to stop before that.
Result<bool> start(std::optional<Process>& process, const sigset_t& signals, const Settings& settings,
                   const Program& program, telemetry::AsyncLogSink& sink,
                   const std::vector<const Entry*>& entries) {
  constexpr timespec pause{.tv_sec = 0, .tv_nsec = 100'000'000};
  for (int tries = 1;; ++tries) {
    if (settings.standby) {
      const auto may_start = stand_by(signals, settings, entries);
      if (!may_start.ok() || !may_start.value()) return may_start;
    }
    process.emplace(settings, program, sink);
    const Status started = process->start(entries);
    if (started.ok()) return true;
    process.reset();
    if (!settings.standby || !may_try_again(started.error(), tries)) return started.error();
    const int signal = sigtimedwait(&signals, nullptr, &pause);
    if (signal == SIGINT || signal == SIGTERM) return false;
  }
}

// The usual 1024 is there for programs that use select(). It would be used up by connections alone, and then
// a store that opens a file fails.
void allow_all_files() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);  // with the lower limit it works too, for fewer clients
}

int serve(const Settings& settings, const Program& program, const std::vector<const Entry*>& entries) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  allow_all_files();

  auto sink = telemetry::AsyncLogSink::open({.destination = settings.log_destination});
  if (!sink.ok()) return complain(sink.error().detail()), could_not_start;
  std::optional<Process> process;
  const auto started = start(process, signals, settings, program, *sink.value(), entries);
  if (!started.ok()) {
    return complain(started.error().reason() + ": " + started.error().detail()), could_not_start;
  }
  if (!started.value()) return 0;
  say_where(*process);
  tell_service_manager(settings.standby ? "READY=1\nSTATUS=owner" : "READY=1");
  obey(signals, *process);
  tell_service_manager("STOPPING=1");
  // A second signal means: now. But not one that is about certificates.
  sigdelset(&signals, SIGHUP);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  process->stop();
  const Status closed = process->closed();
  if (!closed.ok()) complain(closed.error().reason() + ": " + closed.error().detail());
  return closed.ok() ? 0 : not_closed;
}

}  // namespace

int run(int argc, char** argv, Program program) {
  ::umask(0077);  // what is stored is the owner's alone
  CLI::App app{purpose_of(program)};
  CommandLine line;
  declare(app, line, program);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : wrong_usage;
  }
  Settings settings;
  config::Schema schema;
  declare(schema, settings, names_of(program.modules));
  for (const Entry& entry : program.modules) {
    if (entry.declare) entry.declare(schema);
  }
  if (program.is_gateway) declare_guards(schema, settings, names_of(program.contracts));
  if (line.print_reference) return std::fputs(config::reference(schema).c_str(), stdout), 0;
  const config::Loaded loaded =
      config::load(schema, {line.config, config::process_environment(), line.settings});
  for (const config::Problem& problem : loaded.problems) complain(config::to_string(problem));
  if (!loaded.ok()) return wrong_usage;
  if (line.print_config) return std::fputs(config::print(loaded).c_str(), stdout), 0;

  const auto modules = chosen(program.modules, settings.modules);
  settings.command_line.assign(argv, argv + argc);
  if (line.commands.is_called()) return line.commands.run(places_of(settings, program, modules));
  const std::vector<std::string> wrong = contradictions(settings, !program.modules.empty());
  for (const std::string& what : wrong) complain(what);
  if (!wrong.empty()) return wrong_usage;
  if (line.check_config) return std::puts("the configuration is right"), 0;
  return serve(settings, program, modules);
}

}  // namespace banyan::host
