#include "folder_check.hpp"

#include <filesystem>
#include <system_error>

#include "words.hpp"

namespace banyan::host {
namespace {

namespace fs = std::filesystem;

fs::path store_of(const Settings& settings, const std::string& module) {
  return fs::path{settings.data_dir} / module / "store.db";
}

// A path that may not be looked at counts as there: to open it tells the reason.
bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error) || error;
}

std::vector<std::string> copies_in(const std::string& folder, const Program& program) {
  std::vector<std::string> copies;
  for (const Contract& contract : program.contracts) {
    const std::string name = contract.name + ".db";
    std::error_code ignored;
    if (fs::is_regular_file(fs::path{folder} / name, ignored)) copies.push_back(name);
  }
  return copies;
}

Error no_store(const Settings& settings, const std::vector<std::string>& missing) {
  return {Errc::not_found, "host.no_store",
          "there is no store of " + joined(missing, ", ") + " in " + whole_path(settings.data_dir) +
              ", and process.create is never; next: start with --data-dir and the folder that has it, or, "
              "if it is to begin empty, with --create missing"};
}

Error is_backup(const Settings& settings, const Program& program, const std::vector<std::string>& copies) {
  const std::string folder = whole_path(settings.data_dir);
  return {Errc::rejected, "host.is_backup",
          folder + " holds a backup (" + joined(copies, ", ") +
              ") and not the stores; next: " + program.name + " restore --from " + shell_word(folder) +
              " --data-dir FOLDER, and start with that --data-dir"};
}

}  // namespace

Result<std::vector<std::string>> missing_stores(const Settings& settings, const Program& program,
                                                const std::vector<std::string>& modules) {
  std::vector<std::string> missing;
  for (const std::string& module : modules) {
    if (!is_there(store_of(settings, module))) missing.push_back(module);
  }
  if (missing.empty()) return missing;
  const std::vector<std::string> copies = copies_in(settings.data_dir, program);
  if (!copies.empty()) return is_backup(settings, program, copies);
  if (settings.create == "never") return no_store(settings, missing);
  return missing;
}

std::vector<std::string> present_stores(const Settings& settings, const std::vector<std::string>& modules) {
  std::vector<std::string> present;
  for (const std::string& module : modules) {
    if (is_there(store_of(settings, module))) present.push_back(module);
  }
  return present;
}

std::string whole_path(const std::string& folder) {
  std::error_code error;
  const fs::path whole = fs::weakly_canonical(fs::absolute(folder), error);
  return error ? fs::absolute(folder).lexically_normal().string() : whole.string();
}

}  // namespace banyan::host
