#include <fmt/format.h>

#include "cpp.hpp"
#include "write.hpp"

namespace banyan::contractc {

std::string write_contract_header(const Contract& contract) {
  return banner(contract) + fmt::format(
                                "#pragma once\n#include <span>\n#include <string_view>\n\n#include "
                                "\"banyan/message/descriptor.hpp\"\n"
                                "\nnamespace shop::{0} {{\n\n"
                                "/// Every message type of the contract, for the registry.\n"
                                "std::span<const banyan::message::Descriptor* const> messages();\n\n"
                                "/// The AsyncAPI document as JSON.\n"
                                "std::string_view asyncapi() noexcept;\n"
                                "\n}}  // namespace shop::{0}\n",
                                contract.module);
}

std::string write_contract_source(const Contract& contract) {
  const std::string& module = contract.module;
  std::string out = banner(contract);
  out += fmt::format(
      "#include \"shop/{0}/contract.hpp\"\n\n#include \"shop/{0}/messages.hpp\"\n\nnamespace shop::{0} "
      "{{\n\n",
      module);
  out += "std::span<const banyan::message::Descriptor* const> messages() {\n";
  if (contract.messages.empty()) {
    out += "  return {};\n}\n\n";
  } else {
    out += "  static const banyan::message::Descriptor* const all[] = {\n";
    for (const Message& message : contract.messages)
      out += fmt::format("      &{}::descriptor(),\n", message.name);
    out += "  };\n  return all;\n}\n\n";
  }
  out += fmt::format("std::string_view asyncapi() noexcept {{\n  return {};\n}}\n",
                     raw_literal(to_json(contract.asyncapi->root)));
  return out + fmt::format("\n}}  // namespace shop::{}\n", module);
}

std::vector<GeneratedFile> write_code(const Contract& contract) {
  const std::string include = fmt::format("include/shop/{}/", contract.module);
  return {{include + "messages.hpp", write_messages(contract)},
          {include + "reasons.hpp", write_reasons(contract)},
          {include + "client.hpp", write_client_header(contract)},
          {include + "contract.hpp", write_contract_header(contract)},
          {include + "http.hpp", write_http_header(contract)},
          {"src/codec.cpp", write_codec(contract)},
          {"src/client.cpp", write_client_source(contract)},
          {"src/contract.cpp", write_contract_source(contract)},
          {"src/http.cpp", write_http_source(contract)}};
}

}  // namespace banyan::contractc
