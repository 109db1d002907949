#include "manifest.hpp"

#include <algorithm>

#include "banyan/backup/set.hpp"
#include "banyan/json/parse.hpp"
#include "banyan/json/writer.hpp"
#include "files.hpp"

namespace banyan::backup {
namespace {

constexpr std::int64_t format = 1;
constexpr std::size_t bytes_max = 1 << 20;

Error bad(const std::string& why) { return {Errc::invalid_argument, "backup.bad_manifest", why}; }

std::string text_of(const json::Value& object, std::string_view name) {
  const json::Value* value = object.find(name);
  const std::string* text = value != nullptr ? value->if_a<std::string>() : nullptr;
  return text != nullptr ? *text : std::string{};
}

std::int64_t number_of(const json::Value& object, std::string_view name) {
  const json::Value* value = object.find(name);
  const std::int64_t* number = value != nullptr ? value->if_a<std::int64_t>() : nullptr;
  return number != nullptr ? *number : -1;
}

/// A plain name: nothing that leads out of the set's folder.
bool is_name(std::string_view text) {
  return !text.empty() && text.front() != '.' &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-.") == text.npos;
}

Result<Copy> parse_copy(const json::Value& object) {
  const auto epoch = parse_uuid(text_of(object, "epoch"));
  const std::int64_t bytes = number_of(object, "bytes");
  const std::int64_t head = number_of(object, "head");
  Copy copy{.module = text_of(object, "module"),
            .file = text_of(object, "file"),
            .sha256 = text_of(object, "sha256")};
  if (!is_name(copy.module) || !is_name(copy.file)) return bad("a module or file without a plain name");
  if (!epoch.ok() || bytes < 0 || head < 0 || copy.sha256.empty()) {
    return bad(copy.module + " without its epoch, bytes, head or sha256");
  }
  copy.epoch = epoch.value();
  copy.bytes = static_cast<std::uint64_t>(bytes);
  copy.head = static_cast<std::uint64_t>(head);
  return copy;
}

}  // namespace

const Copy* Manifest::find(std::string_view module) const {
  const auto found = std::ranges::find(copies, module, &Copy::module);
  return found == copies.end() ? nullptr : &*found;
}

std::string to_json(const Manifest& manifest) {
  std::string text;
  json::Writer writer{text};
  writer.begin_object();
  writer.name("format"), writer.integer(format);
  writer.name("id"), writer.string(to_string(manifest.id));
  writer.name("version"), writer.string(manifest.version);
  writer.name("made_at"), writer.string(to_rfc3339(manifest.made_at));
  writer.name("modules");
  writer.begin_array();
  for (const Copy& copy : manifest.copies) {
    writer.begin_object();
    writer.name("module"), writer.string(copy.module);
    writer.name("file"), writer.string(copy.file);
    writer.name("bytes"), writer.integer(static_cast<std::int64_t>(copy.bytes));
    writer.name("sha256"), writer.string(copy.sha256);
    writer.name("epoch"), writer.string(to_string(copy.epoch));
    writer.name("head"), writer.integer(static_cast<std::int64_t>(copy.head));
    writer.end_object();
  }
  writer.end_array();
  writer.end_object();
  return text + "\n";
}

Result<Manifest> parse_manifest(std::string_view text) {
  const auto document = json::parse(text, {.bytes_max = bytes_max});
  if (!document.ok()) return bad(document.error().detail());
  const json::Value& root = document.value();
  const std::int64_t written = number_of(root, "format");
  if (written > format) {
    return Error{Errc::conflict, "backup.newer_format",
                 "format " + std::to_string(written) + " is newer than this program: use that of version " +
                     text_of(root, "version")};
  }
  const auto id = parse_uuid(text_of(root, "id"));
  const auto made_at = parse_rfc3339(text_of(root, "made_at"));
  const json::Value* modules = root.find("modules");
  const json::Array* all = modules != nullptr ? modules->if_a<json::Array>() : nullptr;
  if (written != format || !id.ok() || !made_at.ok() || all == nullptr || all->empty()) {
    return bad("it lacks format, id, made_at or modules");
  }
  Manifest manifest{.id = id.value(), .version = text_of(root, "version"), .made_at = made_at.value()};
  for (const json::Value& one : *all) {
    auto copy = parse_copy(one);
    if (!copy.ok()) return copy.error();
    if (manifest.find(copy.value().module) != nullptr) return bad(copy.value().module + " is named twice");
    manifest.copies.push_back(std::move(copy).value());
  }
  return manifest;
}

Result<Manifest> read_manifest(const std::string& folder) {
  const std::string path = folder + "/" + std::string{manifest_name};
  if (!is_there(path)) {
    return Error{Errc::not_found, "backup.not_a_set",
                 "there is no " + path + ": the folder holds no backup, or one that was not finished"};
  }
  const auto text = read_file(path, bytes_max);
  if (!text.ok()) return text.error();
  auto manifest = parse_manifest(text.value());
  if (manifest.ok()) return manifest;
  return Error{manifest.error().code(), manifest.error().reason(), path + ": " + manifest.error().detail()};
}

Status write_manifest(const std::string& folder, const Manifest& manifest) {
  return write_file(folder + "/" + std::string{manifest_name}, to_json(manifest));
}

}  // namespace banyan::backup
