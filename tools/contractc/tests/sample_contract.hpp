#pragma once
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "read_contract.hpp"

/// The contract in tests/sample, as it is or with changes, read from a folder of its own.
class SampleContract {
 public:
  SampleContract() {
    std::string pattern = (std::filesystem::temp_directory_path() / "contractc-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~SampleContract() { std::filesystem::remove_all(folder_); }
  SampleContract(const SampleContract&) = delete;
  SampleContract& operator=(const SampleContract&) = delete;

  std::string asyncapi = text_of("sample.asyncapi.yaml");
  std::string openapi = text_of("sample.openapi.yaml");

  banyan::contractc::Contract read(banyan::contractc::Problems& problems) const {
    std::ofstream{folder_ / "sample.asyncapi.yaml"} << asyncapi;
    std::ofstream{folder_ / "sample.openapi.yaml"} << openapi;
    return banyan::contractc::read_contract(folder_.string(), "sample", problems);
  }

  /// One problem a line, without the folder: "sample.asyncapi.yaml:12:3: …".
  std::string problems() const {
    banyan::contractc::Problems problems;
    read(problems);
    std::istringstream lines{problems.to_text()};
    std::string out;
    for (std::string line; std::getline(lines, line);) out += line.substr(folder_.string().size() + 1) + "\n";
    return out;
  }

 private:
  static std::string text_of(const std::string& name) {
    std::ostringstream out;
    out << std::ifstream{std::string{SAMPLE_FOLDER} + "/" + name}.rdbuf();
    return out.str();
  }

  std::filesystem::path folder_;
};
