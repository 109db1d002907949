#include "company.hpp"

#include <set>
#include <string_view>

#include "health.hpp"
#include "words.hpp"

namespace banyan::host {

std::optional<std::string> why_alone(const Settings& settings, const Program& program,
                                     const std::vector<std::string>& modules) {
  if (!settings.nats_url.empty()) return std::nullopt;
  std::set<std::string_view> here{modules.begin(), modules.end()};
  if (program.is_gateway) here.insert(gateway_identity);
  std::set<std::string> missed;
  for (const message::Edge& edge : program.topology) {
    if (here.contains(edge.from) && !here.contains(edge.to)) missed.emplace(edge.to);
    if (here.contains(edge.to) && !here.contains(edge.from)) missed.emplace(edge.from);
  }
  if (missed.empty()) return std::nullopt;
  const std::vector<std::string> names{missed.begin(), missed.end()};
  return "alone: " + joined(modules, ", ") + " can't reach " + joined(names, ", ") +
         ", since nats.url names no broker; next: start with --nats-url nats://HOST:4222 --pki DIR --keys "
         "DIR, "
         "or, if it is to be alone, with --nats-url none";
}

}  // namespace banyan::host
