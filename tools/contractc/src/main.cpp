#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "read_contract.hpp"
#include "write.hpp"

namespace {

using namespace banyan::contractc;
namespace fs = std::filesystem;

constexpr int wrong_usage = 2;

/// A folder `modules/<module>/contract`, given as such, or any folder given as `<module>=<folder>`.
struct Source {
  std::string module;
  std::string folder;
};

Source parse_source(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals != std::string::npos) return {text.substr(0, equals), text.substr(equals + 1)};
  const fs::path folder = fs::path{text + "/"}.lexically_normal().parent_path();
  return {folder.parent_path().filename().string(), folder.string()};
}

std::vector<Contract> read_all(const std::vector<std::string>& sources, Problems& problems) {
  std::vector<Contract> contracts;
  for (const std::string& text : sources) {
    const Source source = parse_source(text);
    contracts.push_back(read_contract(source.folder, source.module, problems));
  }
  return contracts;
}

/// Leaves a file that has this content already alone, so that nothing is built again because of it.
bool write_if_changed(const fs::path& path, const std::string& text) {
  std::ifstream old{path, std::ios::binary};
  std::ostringstream content;
  if (old) content << old.rdbuf();
  if (old && content.str() == text) return true;
  std::error_code ignored;
  fs::create_directories(path.parent_path(), ignored);
  std::ofstream file{path, std::ios::binary | std::ios::trunc};
  file << text;
  file.close();
  if (!file) std::cerr << fmt::format("{}: cannot be written\n", path.string());
  return static_cast<bool>(file);
}

bool write_output(const std::string& path, const std::string& text) {
  if (!path.empty()) return write_if_changed(path, text);
  std::cout << text;
  return true;
}

int report(const Problems& problems) {
  std::cerr << problems.to_text();
  return 1;
}

bool write_files(const std::string& folder, const std::vector<GeneratedFile>& files) {
  bool is_written = true;
  for (const GeneratedFile& file : files) {
    is_written = write_if_changed(fs::path{folder} / file.path, file.text) && is_written;
  }
  return is_written;
}

int generate(const std::vector<std::string>& sources, const std::string& folder) {
  Problems problems;
  const std::vector<Contract> contracts = read_all(sources, problems);
  if (!problems.empty()) return report(problems);
  bool is_written = true;
  for (const Contract& contract : contracts) {
    is_written = write_files(folder, write_code(contract)) && is_written;
  }
  return is_written ? 0 : 1;
}

int generate_topology(const std::vector<std::string>& sources, const std::string& folder) {
  Problems problems;
  const std::vector<Contract> contracts = read_all(sources, problems);
  check_together(contracts, problems);
  if (!problems.empty()) return report(problems);
  return write_files(folder, write_topology(contracts)) ? 0 : 1;
}

/// Reads all contracts, checks them together, and writes what `make` makes of them.
template <class Make>
int print(const std::vector<std::string>& sources, const std::string& output, Make make) {
  Problems problems;
  const std::vector<Contract> contracts = read_all(sources, problems);
  check_together(contracts, problems);
  if (!problems.empty()) return report(problems);
  return write_output(output, make(contracts)) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Reads the contracts of modules and writes what follows from them."};
  app.require_subcommand(1);
  std::vector<std::string> sources;
  std::string output;
  std::string title = "Banyan";
  std::string version = "1.0.0";
  int status = 0;
  const auto add = [&](const std::string& name, const std::string& text, const std::function<int()>& run) {
    CLI::App* command = app.add_subcommand(name, text);
    command->add_option("contracts", sources, "modules/<module>/contract, or <module>=<folder>")->required();
    command->callback([&status, run] { status = run(); });
    return command;
  };
  const auto add_output = [&](CLI::App* command) {
    command->add_option("-o,--output", output, "File; else standard output");
  };

  add("generate", "C++ of each module", [&] { return generate(sources, output); })
      ->add_option("-o,--output", output, "Folder")
      ->required();
  add("topology", "C++ of who sends what to whom", [&] { return generate_topology(sources, output); })
      ->add_option("-o,--output", output, "Folder")
      ->required();
  add("check", "Only look for problems, in each contract and between them",
      [&] { return print(sources, "", [](const auto&) { return std::string{}; }); });
  CLI::App* merge = add("merge-openapi", "One OpenAPI document of all modules, as JSON", [&] {
    return print(sources, output, [&](const auto& contracts) {
      return to_json(merge_openapi(contracts, title, version)) + "\n";
    });
  });
  merge->add_option("--title", title, "info.title");
  merge->add_option("--api-version", version, "info.version");
  add_output(merge);
  add_output(add("catalogue", "Every message, as Markdown",
                 [&] { return print(sources, output, write_catalogue); }));
  add_output(add("diagram", "Who sends what to whom, as Markdown with Mermaid",
                 [&] { return print(sources, output, write_diagram); }));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : wrong_usage;
  } catch (const std::exception& error) {
    std::cerr << "contractc: " << error.what() << '\n';
    return 1;
  }
  return status;
}
