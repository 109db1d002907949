// Certificates, keys, the configuration of nats-server, and the stores of all modules.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>

#include "banyan/security/certificate.hpp"
#include "identities.hpp"
#include "keys.hpp"
#include "nats_config.hpp"
#include "pki.hpp"
#include "provision_command.hpp"
#include "shop/topology.hpp"
#include "stores_command.hpp"

namespace {

using namespace banyan;

constexpr int failed = 1;
constexpr int wrong_usage = 2;

/// Zero, which nothing is good for, if it is more than a certificate may have or no number.
Duration to_life(double days) {
  if (!(days >= 0 && days * std::chrono::hours{24} <= security::life_max)) return Duration::zero();
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::ratio<86'400>>{days});
}

bool consists_of(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == text.npos;
}

/// Text that goes into the server's configuration as it is.
std::string address_problem(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  const bool is_one = colon != text.npos && consists_of(text.substr(colon + 1), "0123456789") &&
                      consists_of(text.substr(0, colon), "0123456789abcdefghijklmnopqrstuvwxyz.:[]-");
  return is_one ? "" : "'" + text + "' is no ADDRESS:PORT; for example 127.0.0.1:4222";
}

std::string size_problem(const std::string& text) {
  const std::size_t unit = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string_view units[] = {"KB", "MB", "GB", "TB"};
  const bool is_one = unit > 0 && std::count(std::begin(units), std::end(units), text.substr(unit)) == 1;
  return is_one ? "" : "'" + text + "' is no size in KB, MB, GB or TB; for example 1GB";
}

/// The options of all commands are read into this.
struct Arguments {
  std::string folder = "pki";
  std::string keys_folder = "keys";
  bool is_revoking = false;
  std::vector<std::string> names;
  double days = 1;
  double authority_days = 365;
  std::string format = "table";
  ctl::ServerOptions server;
  ctl::ProvisionOptions provision;
  ctl::StoreOptions stores;
  std::string output;
};

/// Adds commands whose exit status is `status`.
class Commands {
 public:
  Commands(CLI::App& app, Arguments& arguments, int& status)
      : app_(app), arguments_(arguments), status_(status) {}

  void add_pki(const Clock& clock);
  void add_keys(const Clock& clock);
  void add_nats(const Clock& clock);
  void add_config(CLI::App& group);
  void add_provision(CLI::App& group, const Clock& clock);
  void add_stores();
  bool works_on_stores() const noexcept { return stores_.is_called(); }
  int work_on_stores() const {
    return stores_.run(ctl::places_of(arguments_.stores, shop::topology(), BANYAN_VERSION));
  }

 private:
  CLI::App& add(CLI::App& group, const std::string& name, const std::string& text, std::function<int()> run) {
    CLI::App& command = *group.add_subcommand(name, text);
    command.callback([this, run = std::move(run)] { status_ = run(); });
    return command;
  }
  void add_folder(CLI::App& command) {
    command.add_option("--dir", arguments_.folder, "folder of the certificates")->capture_default_str();
  }
  void add_life(CLI::App& command) {
    command.add_option("--days", arguments_.days, "how long certificates are good")->capture_default_str();
  }
  void add_format(CLI::App& command) {
    command.add_option("-o,--output", arguments_.format, "how")
        ->check(CLI::IsMember({"table", "json"}))
        ->capture_default_str();
  }

  CLI::App& app_;
  Arguments& arguments_;
  int& status_;
  backup::Commands stores_;
};

void Commands::add_pki(const Clock& clock) {
  CLI::App& group = *app_.add_subcommand("pki", "certificates of modules, servers and tools");
  group.require_subcommand(1);
  const auto pki = [this, &clock] { return ctl::Pki{arguments_.folder, shop::topology(), clock}; };

  CLI::App& init = add(group, "init", "make an authority",
                       [this, pki] { return pki().init(to_life(arguments_.authority_days)); });
  init.add_option("--days", arguments_.authority_days, "how long it is good")->capture_default_str();
  CLI::App& issue = add(group, "issue", "make a key and a certificate",
                        [this, pki] { return pki().issue(arguments_.names, to_life(arguments_.days)); });
  issue.add_option("MODULE", arguments_.names, "for whom [everybody in the contracts, and the tools]");
  CLI::App& rotate = add(group, "rotate", "replace keys and certificates",
                         [this, pki] { return pki().rotate(arguments_.names, to_life(arguments_.days)); });
  rotate.add_option("MODULE", arguments_.names, "whose [all that were issued]");
  CLI::App& show = add(group, "show", "tell what there is, and until when it is good",
                       [this, pki] { return pki().show(arguments_.format == "json"); });
  add_format(show);
  CLI::App& check = add(group, "check", "tell what is wrong and what to do; 1 if something is",
                        [pki] { return pki().check(); });
  for (CLI::App* command : {&init, &issue, &rotate, &show, &check}) add_folder(*command);
  for (CLI::App* command : {&issue, &rotate}) add_life(*command);
}

void Commands::add_keys(const Clock& clock) {
  CLI::App& group = *app_.add_subcommand("keys", "keys with which service accounts sign their tokens");
  group.require_subcommand(1);
  const auto keys = [this, &clock] { return ctl::Keys{arguments_.keys_folder, shop::topology(), clock}; };

  CLI::App& init =
      add(group, "init", "make first keys", [this, keys] { return keys().init(arguments_.names); });
  init.add_option("ACCOUNT", arguments_.names, "for whom [every module, and the gateway]");
  CLI::App& rotate = add(group, "rotate", "replace keys; those before are believed for a while",
                         [this, keys] { return keys().rotate(arguments_.names, arguments_.is_revoking); });
  rotate.add_option("ACCOUNT", arguments_.names, "whose [all that have one]");
  rotate.add_flag("--revoke", arguments_.is_revoking, "believe nothing that was signed before");
  CLI::App& show = add(group, "show", "tell which keys there are",
                       [this, keys] { return keys().show(arguments_.format == "json"); });
  add_format(show);
  for (CLI::App* command : {&init, &rotate, &show}) {
    command->add_option("--dir", arguments_.keys_folder, "folder of the keys")->capture_default_str();
  }
}

int complain(std::string_view text) {
  fmt::print(stderr, "banyanctl: {}\n", text);
  return failed;
}

int write_config(Arguments& arguments) {
  ctl::ServerOptions& options = arguments.server;
  options.pki = std::filesystem::absolute(arguments.folder).lexically_normal().string();
  options.store_dir = std::filesystem::absolute(options.store_dir).lexically_normal().string();
  const auto& members = options.members;
  if (!members.empty() && std::find(members.begin(), members.end(), options.name) == members.end()) {
    return complain(fmt::format("--cluster does not name this server, {}", options.name));
  }
  const std::string text = ctl::nats_config(ctl::accounts_of(shop::topology()), options);
  if (arguments.output.empty()) return fmt::print("{}", text), 0;
  std::ofstream file{arguments.output, std::ios::trunc};
  file << text;
  file.close();
  return file ? 0 : complain(arguments.output + " can't be written");
}

void Commands::add_nats(const Clock& clock) {
  CLI::App& group = *app_.add_subcommand("nats", "the broker between the modules");
  group.require_subcommand(1);
  add_config(group);
  add_provision(group, clock);
}

void Commands::add_provision(CLI::App& group, const Clock& clock) {
  ctl::ProvisionOptions& options = arguments_.provision;
  CLI::App& provision =
      add(group, "provision", "make the streams and consumers of all links", [this, &clock] {
        arguments_.provision.pki = arguments_.folder;
        return ctl::provision(arguments_.provision, shop::topology(), clock);
      });
  provision.add_option("--pki", arguments_.folder, "folder of the certificates")->capture_default_str();
  provision.add_option("--url", options.url, "the server, or several separated by commas")
      ->capture_default_str();
  provision
      .add_option("--stream-max-bytes", options.stream_max_bytes, "what each stream may take of the disk")
      ->capture_default_str();
  provision.add_flag("--watch", options.is_watching, "go on, and repair what the broker loses");
}

void Commands::add_stores() {
  stores_.declare(app_, false, [this](CLI::App& command, const std::string& text) {
    ctl::StoreOptions& options = arguments_.stores;
    command.add_option("--data-dir", options.data_dir, text + ", one folder for each module")
        ->capture_default_str();
    command
        .add_option("--store", options.stores,
                    "MODULE=FOLDER: the store that lies elsewhere; may be repeated")
        ->check([](const std::string& place) { return ctl::place_problem(place, shop::topology()); });
  });
}

void Commands::add_config(CLI::App& group) {
  CLI::App& config = add(group, "config", "write the configuration of a nats-server",
                         [this] { return write_config(arguments_); });
  ctl::ServerOptions& server = arguments_.server;
  server.store_dir = "nats";
  config.add_option("--pki", arguments_.folder, "folder of the certificates")->capture_default_str();
  config.add_option("--out", arguments_.output, "file [standard output]");
  config.add_option("--listen", server.listen, "address and port for clients")
      ->check(address_problem)
      ->capture_default_str();
  config.add_option("--store-dir", server.store_dir, "folder of the streams")->capture_default_str();
  config.add_option("--store-max", server.store_max, "what the streams may take of the disk")
      ->check(size_problem)
      ->capture_default_str();
  config.add_option("--monitor", server.monitor_port, "port for monitoring, on loopback [none]");
  config.add_option("--name", server.name, "of this server")->capture_default_str();
  config.add_option("--cluster", server.members, "names of all servers of a cluster: nats-1,nats-2,nats-3")
      ->delimiter(',');
  config.add_option("--cluster-listen", server.cluster_listen, "address and port for the other servers")
      ->check(address_problem)
      ->capture_default_str();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Certificates, keys, the configuration of nats-server, and the stores of all modules."};
  app.require_subcommand(1);
  app.set_version_flag("--version", "banyanctl " BANYAN_VERSION);
  const SystemClock clock;
  Arguments arguments;
  int status = 0;
  Commands commands{app, arguments, status};
  commands.add_pki(clock);
  commands.add_keys(clock);
  commands.add_nats(clock);
  commands.add_stores();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : wrong_usage;
  } catch (const std::exception& error) {
    return complain(error.what());
  }
  return commands.works_on_stores() ? commands.work_on_stores() : status;
}
