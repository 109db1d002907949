#pragma once
#include <optional>
#include <span>
#include <string>

#include "model.hpp"

namespace banyan::contractc {

/// Reads the contract of one module from its folder: `<module>.asyncapi.yaml` and, if there is one,
/// `<module>.openapi.yaml`. All that is wrong goes to `problems`; then what is returned is of no use.
Contract read_contract(const std::string& folder, const std::string& module, Problems& problems);

/// Checks that need all contracts at hand: names that other modules use, and names that occur
/// twice.
void check_together(std::span<const Contract> contracts, Problems& problems);

/// The parts of read_contract: `contract.asyncapi` and, for the second, `contract.openapi` are there already.
void read_asyncapi(Contract& contract, Problems& problems);
void read_openapi(Contract& contract, Problems& problems);

}  // namespace banyan::contractc
