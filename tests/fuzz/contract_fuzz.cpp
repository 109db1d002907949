/// Contracts: an AsyncAPI document, then after a line "--" an OpenAPI document, if there is one. What has no
/// problem becomes C++ whose literals are whole.
#include <filesystem>
#include <fstream>

#include "banyan/json/parse.hpp"
#include "banyan/testing/temporary_directory.hpp"
#include "contractc/src/read_contract.hpp"
#include "contractc/src/write.hpp"
#include "cpp_tokens.hpp"
#include "fuzz.hpp"

namespace {

using namespace banyan;
using namespace banyan::contractc;

const std::string& folder() {
  static const testing::TemporaryDirectory disk;
  return disk.path();
}

void write_file(const std::string& path, std::string_view text) {
  std::ofstream{path, std::ios::binary | std::ios::trunc} << text;
}

Contract read(std::string_view asyncapi, std::string_view openapi, Problems& problems) {
  const std::string stem = folder() + "/sample";
  write_file(stem + ".asyncapi.yaml", asyncapi);
  std::filesystem::remove(stem + ".openapi.yaml");
  if (!openapi.empty()) write_file(stem + ".openapi.yaml", openapi);
  return read_contract(folder(), "sample", problems);
}

void check(const std::vector<Contract>& contracts) {
  for (const GeneratedFile& file : write_code(contracts.front())) {
    const std::string fault = fuzz::fault_in_cpp(file.text);
    fuzz::require(fault.empty(), "generated code consists of whole tokens",
                  file.path + ": " + fault + '\n' + file.text);
  }
  for (const GeneratedFile& file : write_topology(contracts)) {
    fuzz::require(fuzz::fault_in_cpp(file.text).empty(), "generated code consists of whole tokens",
                  file.text);
  }
  static_cast<void>(write_catalogue(contracts) + write_diagram(contracts));
  const std::string merged = to_json(merge_openapi(contracts, "Banyan", "1.0.0"));
  const json::ParseLimits wide{.bytes_max = 64 << 20, .depth_max = 1000, .elements_max = 10'000'000};
  const auto document = json::parse(merged, wide);
  fuzz::require(document.ok(), "the merged document is JSON",
                document.ok() ? "" : document.error().detail() + '\n' + merged);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Parts parts{data, size};
  const std::string_view asyncapi = parts.until("--");
  Problems problems;
  std::vector<Contract> contracts;
  contracts.push_back(read(asyncapi, parts.rest(), problems));
  if (problems.empty()) check_together(contracts, problems);
  if (problems.empty()) {
    check(contracts);
  } else {
    static_cast<void>(problems.to_text());
  }
  return 0;
}
