#include "pending.hpp"

#include <algorithm>

#include "banyan/base/assert.hpp"
#include "banyan/json/parse.hpp"
#include "banyan/json/writer.hpp"
#include "banyan/store/maintenance.hpp"
#include "files.hpp"

namespace banyan::backup {
namespace {

constexpr std::size_t bytes_max = 1 << 20;

std::string path_in(const std::string& folder) { return folder + "/" + store::restoring_file; }

std::string text_of(const json::Value* value) {
  const std::string* text = value != nullptr ? value->if_a<std::string>() : nullptr;
  return text != nullptr ? *text : std::string{};
}

std::string to_json(const Pending& pending) {
  std::string text;
  json::Writer writer{text};
  writer.begin_object();
  writer.name("set"), writer.string(to_string(pending.set));
  writer.name("from"), writer.string(pending.from);
  writer.name("epochs");
  writer.begin_object();
  for (const auto& [module, epoch] : pending.logs) {
    writer.escaped_name(module), writer.string(to_string(epoch));
  }
  writer.end_object();
  writer.end_object();
  return text + "\n";
}

std::optional<Pending> parse(const std::string& text) {
  const auto document = json::parse(text, {.bytes_max = bytes_max});
  if (!document.ok()) return std::nullopt;
  const auto set = parse_uuid(text_of(document.value().find("set")));
  const json::Value* epochs = document.value().find("epochs");
  const json::Object* all = epochs != nullptr ? epochs->if_a<json::Object>() : nullptr;
  if (!set.ok() || all == nullptr) return std::nullopt;
  Pending pending{.set = set.value(), .from = text_of(document.value().find("from"))};
  for (const auto& [module, value] : *all) {
    const auto epoch = parse_uuid(text_of(&value));
    if (!epoch.ok()) return std::nullopt;
    pending.logs.push_back({module, epoch.value()});
  }
  return pending;
}

}  // namespace

const Uuid& Pending::epoch_of(const std::string& module) const {
  const auto found = std::ranges::find(logs, module, &Log::module);
  BANYAN_ASSERT(found != logs.end());
  return found->epoch;
}

Result<std::optional<Pending>> read_pending(const std::string& folder) {
  if (!is_there(path_in(folder))) return std::optional<Pending>{};
  const auto text = read_file(path_in(folder), bytes_max);
  if (!text.ok()) return text.error();
  auto pending = parse(text.value());
  if (pending) return pending;
  return Error{Errc::data_loss, "backup.bad_pending",
               path_in(folder) + " is not what a restore has written; next: remove the folder, rm -r " +
                   folder + ", and restore into it anew"};
}

Status write_pending(const std::string& folder, const Pending& pending) {
  return write_file(path_in(folder), to_json(pending));
}

Status remove_pending(const std::string& folder) { return remove_file(path_in(folder)); }

}  // namespace banyan::backup
