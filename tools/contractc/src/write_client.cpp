#include <fmt/format.h>

#include "cpp.hpp"
#include "names.hpp"
#include "write.hpp"

namespace banyan::contractc {
namespace {

bool is_called(const Message& message) {
  return message.kind == Kind::command || message.kind == Kind::query;
}

/// "RegisterCustomer command, const CallOptions& options, …" with `qualifier` before the framework's names.
std::string signature(const Message& message, std::string_view owner, std::size_t indent) {
  const std::string head = fmt::format("void {}{}(", owner, to_snake_case(message.name));
  const std::vector<std::string> parameters{
      fmt::format("{} {}", message.name, to_string(message.kind)),
      "const banyan::message::CallOptions& options",
      fmt::format("std::function<void(banyan::Result<{}>)> done", message.reply)};
  const std::size_t column = indent + head.size();
  return head + wrapped(parameters, column, column) + ")";
}

std::string write_declaration(const Contract& contract, const Message& message) {
  std::string text = message.summary;
  if (!message.refusals.empty()) {
    text += " Refusals:";
    for (const std::string& refusal : message.refusals) {
      text +=
          fmt::format(" {}.{}{}", contract.module, refusal, refusal == message.refusals.back() ? "." : ",");
    }
  }
  return comment(text, 2) + "  " + signature(message, "", 2) + ";\n";
}

}  // namespace

std::string write_client_header(const Contract& contract) {
  std::string out =
      banner(contract) + "#pragma once\n#include <functional>\n\n#include \"banyan/message/call.hpp\"\n";
  out += fmt::format("#include \"shop/{0}/messages.hpp\"\n\nnamespace shop::{0} {{\n\n", contract.module);
  out += comment(
      fmt::format(
          "Typed calls to module {}, wherever it runs. `done` is called exactly once, on any thread, and "
          "must not block. Threads: safe. Lifetime: keep the endpoint alive longer.",
          contract.module),
      0);
  out +=
      "class Client {\n public:\n"
      "  explicit Client(banyan::message::Endpoint& endpoint) : endpoint_(endpoint) {}\n\n";
  for (const Message& message : contract.messages) {
    if (is_called(message)) out += write_declaration(contract, message);
  }
  out += "\n private:\n  banyan::message::Endpoint& endpoint_;\n};\n";
  return out + fmt::format("\n}}  // namespace shop::{}\n", contract.module);
}

std::string write_client_source(const Contract& contract) {
  std::string out = banner(contract);
  out += fmt::format("#include \"shop/{0}/client.hpp\"\n\n#include <utility>\n\nnamespace shop::{0} {{\n",
                     contract.module);
  for (const Message& message : contract.messages) {
    if (!is_called(message)) continue;
    out += fmt::format(
        "\n{} {{\n  banyan::message::call<{}>(endpoint_, std::move({}), options, std::move(done));\n}}\n",
        signature(message, "Client::", 0), message.reply, to_string(message.kind));
  }
  return out + fmt::format("\n}}  // namespace shop::{}\n", contract.module);
}

}  // namespace banyan::contractc
