#pragma once
#include <span>
#include <string>
#include <vector>

#include "model.hpp"

namespace banyan::contractc {

struct GeneratedFile {
  std::string path;  ///< Below the output folder.
  std::string text;
};

/// All C++ of one module. Needs a contract without problems; equal contracts give equal text.
std::vector<GeneratedFile> write_code(const Contract& contract);

/// The parts of write_code.
std::string write_messages(const Contract& contract);
std::string write_codec(const Contract& contract);
std::string write_reasons(const Contract& contract);
std::string write_client_header(const Contract& contract);
std::string write_client_source(const Contract& contract);
std::string write_contract_header(const Contract& contract);
std::string write_contract_source(const Contract& contract);
std::string write_http_header(const Contract& contract);
std::string write_http_source(const Contract& contract);

/// C++ of all modules together: the list of edges between them.
std::vector<GeneratedFile> write_topology(std::span<const Contract> contracts);

/// The module's OpenAPI document by itself: every $ref leads into the document, every component's name begins
/// with the module's, and no x-banyan keyword is left. So the documents of several modules are merged by a
/// plain union.
Node to_standalone_openapi(const Contract& contract);
/// The union of the modules' documents.
Node merge_openapi(std::span<const Contract> contracts, const std::string& title, const std::string& version);

/// Markdown: every message with its kind, owner, key, senders, listeners and members.
std::string write_catalogue(std::span<const Contract> contracts);
/// A Mermaid flowchart: who sends commands to whom, whose events go where.
std::string write_diagram(std::span<const Contract> contracts);

}  // namespace banyan::contractc
