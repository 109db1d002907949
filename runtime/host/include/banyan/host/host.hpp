#pragma once
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "banyan/config/schema.hpp"
#include "banyan/message/descriptor.hpp"
#include "banyan/message/edge.hpp"
#include "banyan/message/http_binding.hpp"
#include "banyan/module/module.hpp"

namespace banyan::host {

/// Where a module may keep files of its own, besides its store.
struct ModuleHome {
  std::string directory;
};

/// One module that a binary can run.
struct Entry {
  std::string name;
  /// Called once the settings are known.
  std::function<module::Module(const ModuleHome&)> make;
  /// Declares the module's own settings, "<name>.<key>"; may be empty.
  std::function<void(config::Schema&)> declare = nullptr;
};

/// The facts about a module that hold wherever it runs.
struct Contract {
  std::string name;
  std::span<const message::Descriptor* const> messages = {};
  const message::HttpBinding* http = nullptr;  ///< Nothing if it has no HTTP operations.
};

/// The parts of a binary. The spans point to data that lives as long as the process.
struct Program {
  std::string name;                              ///< "banyan-orders"
  std::vector<Entry> modules = {};               ///< Those that it can run.
  std::vector<Contract> contracts = {};          ///< Of every module of the system.
  std::span<const message::Edge> topology = {};  ///< The messages between modules.
  bool is_gateway = true;                        ///< Serves the modules' HTTP operations.
};

/// The whole of a binary's main(): reads command line and configuration, runs the modules, serves HTTP, and
/// on SIGINT or SIGTERM drains and stops.
///
/// - `banyan [--config FILE] [--data-dir DIR] [--modules LIST] [--listen ADDRESS] [--admin-listen ADDRESS]`
/// - with `--check-config`, `--print-config` or `--print-reference`: only that
/// - `banyan backup --data-dir DIR --to DIR`: a copy of every store, also while it is in use
/// - `banyan check --data-dir DIR`: the integrity of every store
///
/// Returns the process' exit status: 0, 1 (could not start, or a check failed), 2 (wrong usage or
/// configuration).
int run(int argc, char** argv, Program program);

}  // namespace banyan::host
