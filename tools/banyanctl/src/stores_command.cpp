#include "stores_command.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

namespace banyan::ctl {
namespace {

std::set<std::string> modules_of(std::span<const message::Edge> edges) {
  std::set<std::string> modules;
  for (const message::Edge& edge : edges) {
    for (const std::string_view end : {edge.from, edge.to}) modules.emplace(end);
  }
  modules.erase("gateway");  // it keeps nothing
  return modules;
}

}  // namespace

std::string place_problem(const std::string& text, std::span<const message::Edge> edges) {
  const std::size_t end = text.find('=');
  const std::set<std::string> modules = modules_of(edges);
  if (end != text.npos && end + 1 < text.size() && modules.contains(text.substr(0, end))) return "";
  return fmt::format("'{}' is no MODULE=FOLDER; for example {}=/srv/{}", text, *modules.begin(),
                     *modules.begin());
}

backup::Places places_of(const StoreOptions& options, std::span<const message::Edge> edges,
                         const std::string& version) {
  backup::Places places{.program = "banyanctl",
                        .version = version,
                        .stores = {},
                        .neighbours = {},
                        .links = {},
                        .where = "--data-dir " + options.data_dir};
  for (const message::Edge& edge : edges) {
    if (!edge.messages.empty()) places.links.push_back({std::string{edge.from}, std::string{edge.to}});
  }
  std::map<std::string, std::string> elsewhere;
  for (const std::string& place : options.stores) {
    const std::size_t end = place.find('=');
    elsewhere[place.substr(0, end)] = place.substr(end + 1);
    places.where += " --store " + place;
  }
  for (const std::string& module : modules_of(edges)) {
    const auto found = elsewhere.find(module);
    const std::string folder = found == elsewhere.end() ? options.data_dir + "/" + module : found->second;
    places.stores.push_back({module, {.directory = folder}});
  }
  return places;
}

}  // namespace banyan::ctl
