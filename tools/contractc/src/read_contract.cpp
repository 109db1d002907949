#include "read_contract.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "names.hpp"

namespace banyan::contractc {
namespace {

void check_use(std::span<const Contract> contracts, const Use& use, Problems& problems) {
  const auto owner = std::find_if(contracts.begin(), contracts.end(),
                                  [&](const Contract& contract) { return contract.module == use.module; });
  if (owner == contracts.end()) {
    problems.add(use.place, "there is no module '{}'; correct the name, or remove it", use.module);
    return;
  }
  const Message* message = owner->find_message(use.message);
  if (message == nullptr) {
    problems.add(use.place, "module '{}' has no message '{}'; correct the name, or add it to its contract",
                 use.module, use.message);
  } else if (message->kind != use.kind) {
    problems.add(use.place, "module '{2}' has '{0}' as {1}, not as {3}; list it under its kind", use.message,
                 to_string(message->kind), use.module, to_string(use.kind));
  }
}

}  // namespace

Contract read_contract(const std::string& folder, const std::string& module, Problems& problems) {
  Contract contract;
  contract.module = module;
  const std::string stem = (std::filesystem::path{folder} / module).string();
  contract.asyncapi = read_document(stem + ".asyncapi.yaml", problems);
  if (contract.asyncapi == nullptr) return contract;
  if (!is_snake_name(module)) {
    problems.add(contract.asyncapi->root.place, "'{}' becomes a C++ namespace: name the module in snake_case",
                 module);
  }
  read_asyncapi(contract, problems);
  std::error_code error;  // of a file that can't be looked at, to be told when it is read
  if (!std::filesystem::exists(stem + ".openapi.yaml", error) && !error) return contract;
  contract.openapi = read_document(stem + ".openapi.yaml", problems);
  if (contract.openapi != nullptr) read_openapi(contract, problems);
  return contract;
}

void check_together(std::span<const Contract> contracts, Problems& problems) {
  std::map<std::string, const Route*> operations;
  std::map<std::string, const Contract*> paths;
  for (const Contract& contract : contracts) {
    for (const Use& use : contract.uses) check_use(contracts, use, problems);
    for (const Route& route : contract.routes) {
      if (!operations.emplace(route.operation, &route).second) {
        problems.add(route.place, "the operationId '{}' is taken by another module; rename one",
                     route.operation);
      }
      const auto [owner, is_new] = paths.emplace(route.shape, &contract);
      if (!is_new && owner->second != &contract) {
        problems.add(route.place, "the path '{}' is taken by module '{}'; choose another", route.path,
                     owner->second->module);
      }
    }
  }
}

}  // namespace banyan::contractc
