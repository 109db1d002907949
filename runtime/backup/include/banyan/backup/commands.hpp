#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "banyan/backup/check.hpp"
#include "banyan/backup/restore.hpp"

namespace CLI {
class App;
}

namespace banyan::backup {

struct Console;

/// The stores and options of the commands, once the command line is read.
struct Places {
  std::string program;  ///< As it is typed.
  std::string version;
  std::vector<ModuleStore> stores;      ///< Of the modules that the program has to do with.
  std::vector<ModuleStore> neighbours;  ///< Of all other modules, where they would lie.
  std::vector<Link> links;              ///< Of all modules.
  std::string where;                    ///< The options that lead to them, as they were typed.
};

/// The commands of a program that work on stores and end: backup, check, restore, link resume.
class Commands {
 public:
  /// Adds the options that say where stores lie to a command; the text says what for.
  using AddPlaces = std::function<void(CLI::App& command, const std::string& text)>;

  /// `is_one_module`: the program has to do with one module, and with no link between two. This outlives
  /// `app`'s parsing.
  void declare(CLI::App& app, bool is_one_module, const AddPlaces& add_places);

  bool is_called() const noexcept { return called_ != nullptr; }
  /// Does what was called. The process' exit status: 0, or 1 with a line on standard error for each reason.
  int run(const Places& places) const;

 private:
  using Command = bool (Commands::*)(const Places&, const Console&) const;

  void declare_backup(CLI::App& app, const AddPlaces& add_places);
  void declare_restore(CLI::App& app, bool is_one_module, const AddPlaces& add_places);
  void declare_link(CLI::App& app, const AddPlaces& add_places);
  bool back_up(const Places& places, const Console& console) const;
  bool check(const Places& places, const Console& console) const;
  bool restore(const Places& places, const Console& console) const;
  bool resume(const Places& places, const Console& console) const;

  Command called_ = nullptr;
  std::string to_;
  std::string from_;
  std::string module_;
  bool as_it_is_ = false;
  std::string producer_;
  std::string subscriber_;
  std::optional<std::uint64_t> after_;
  std::string lost_;
  bool is_applied_ = false;
};

}  // namespace banyan::backup
