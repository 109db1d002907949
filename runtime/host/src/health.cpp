#include "health.hpp"

#include <algorithm>

#include "banyan/json/encode.hpp"
#include "words.hpp"

namespace banyan::host {
namespace {

http::Response text(int status, std::string body) {
  return {
      .status = status, .headers = {{"Content-Type", "text/plain; charset=utf-8"}}, .body = std::move(body)};
}

std::string in_words(const Error& error) { return error.reason() + ": " + error.detail(); }

void write(json::Writer& out, std::string_view name, const std::vector<delivery::LinkState>& links) {
  if (links.empty()) return;
  out.name(name);
  out.begin_array();
  for (const delivery::LinkState& link : links) {
    out.begin_object();
    json::member(out, "subscriber", link.subscriber);
    json::member(out, "cause", in_words(link.stopped ? *link.stopped : *link.waits));
    out.end_object();
  }
  out.end_array();
}

void write(json::Writer& out, const module::Expired& expired) {
  out.name("expired");
  out.begin_object();
  json::member(out, "commands", static_cast<std::int64_t>(expired.commands));
  json::member(out, "since", expired.since);
  out.end_object();
}

// The first one is why no commands are taken, if that is so.
void write_troubles(json::Writer& out, const module::Health& health) {
  if (health.state.ok() && health.troubles.empty()) return;
  out.name("troubles");
  out.begin_array();
  if (!health.state.ok()) out.string(in_words(health.state.error()));
  for (const Error& trouble : health.troubles) out.string(in_words(trouble));
  out.end_array();
}

bool lacks_nothing(const module::Health& health) {
  return health.state.ok() && health.troubles.empty() && health.stopped_links.empty() &&
         health.waiting_links.empty() && !health.expired;
}

std::string status_of(const module::Health& health) {
  if (!health.state.ok()) return health.state.error().reason();
  return health.troubles.empty() ? "ok" : health.troubles.front().reason();
}

void write(json::Writer& out, const module::Instance& instance, const module::Health& health) {
  const auto count = [&](std::string_view name, std::uint64_t value) {
    json::member(out, name, static_cast<std::int64_t>(value));
  };
  out.begin_object();
  json::member(out, "module", instance.definition().name());
  json::member(out, "status", status_of(health));
  count("owner_epoch", health.owner_epoch);
  count("waiting_commands", health.writer_depth);
  count("waiting_queries", health.reader_depth);
  count("outbox_depth", health.outbox_head - std::min(health.outbox_confirmed, health.outbox_head));
  count("parked", health.parked);
  count("dead_letters", health.dead);
  if (health.expired) write(out, *health.expired);
  write_troubles(out, health);
  write(out, "stopped_links", health.stopped_links);
  write(out, "waiting_links", health.waiting_links);
  out.end_object();
}

bool is_well(const module::Instance* instance) { return instance->health().state.ok(); }
bool is_connected(const NeighbourHealth& neighbour) {
  return neighbour.health.broker == nats::State::connected;
}
bool is_flowing(const remote::LinkHealth& link) { return link.is_flowing; }
// Half-open is not refusing: only calls can show whether the module is back, and perhaps there are none.
bool is_refusing(const resilience::GuardStatus& dependency) {
  return dependency.breaker == resilience::BreakerState::open;
}
bool is_served(const NeighbourHealth& neighbour) {
  return !neighbour.owner || neighbour.owner->self.state == OwnerCard::State::serving;
}
bool is_whole(const NeighbourHealth& neighbour) {
  return is_connected(neighbour) && is_served(neighbour) && neighbour.health.two_logs.empty() &&
         std::ranges::all_of(neighbour.health.links, is_flowing) &&
         std::ranges::none_of(neighbour.dependencies, is_refusing);
}

void write(json::Writer& out, const remote::LinkHealth& link) {
  out.begin_object();
  json::member(out, "producer", link.producer);
  json::member(out, "subscriber", link.subscriber);
  json::member(out, "status", link.second_log ? "two logs" : link.is_flowing ? "ok" : "waiting");
  if (link.second_log) json::member(out, "second_log", *link.second_log);
  json::member(out, "passed", static_cast<std::int64_t>(link.passed));
  json::member(out, "confirmed", static_cast<std::int64_t>(link.confirmed));
  out.end_object();
}

void write(json::Writer& out, const resilience::GuardStatus& dependency) {
  const auto count = [&](std::string_view name, std::size_t value) {
    json::member(out, name, static_cast<std::int64_t>(value));
  };
  out.begin_object();
  json::member(out, "module", dependency.dependency);
  json::member(out, "breaker", to_string(dependency.breaker));
  count("calls", static_cast<std::size_t>(dependency.calls));
  count("failures", static_cast<std::size_t>(dependency.failures));
  count("running", dependency.running);
  count("waiting", dependency.waiting);
  out.end_object();
}

void write(json::Writer& out, const OwnerHealth& owner) {
  out.name("owner");
  out.begin_object();
  json::member(out, "state", to_string(owner.self.state));
  json::member(out, "this", place_of(owner.self));
  if (owner.other) json::member(out, "other", place_of(*owner.other));
  out.end_object();
}

void write(json::Writer& out, const remote::TwoLogs& two) {
  out.begin_object();
  json::member(out, "module", two.module);
  json::member(out, "first", two.first);
  json::member(out, "second", two.second);
  out.end_object();
}

template <class T>
void write_all(json::Writer& out, std::string_view name, const std::vector<T>& all) {
  out.name(name);
  out.begin_array();
  for (const T& one : all) write(out, one);
  out.end_array();
}

void write(json::Writer& out, const NeighbourHealth& neighbour) {
  out.begin_object();
  json::member(out, "identity", neighbour.identity);
  json::member(out, "broker", to_string(neighbour.health.broker));
  if (neighbour.health.trouble) {
    json::member(out, "trouble",
                 neighbour.health.trouble->reason() + ": " + neighbour.health.trouble->detail());
  }
  if (neighbour.owner) write(out, *neighbour.owner);
  write_all(out, "links", neighbour.health.links);
  if (!neighbour.dependencies.empty()) write_all(out, "dependencies", neighbour.dependencies);
  if (!neighbour.health.two_logs.empty()) write_all(out, "two_logs", neighbour.health.two_logs);
  out.end_object();
}

// Readable and complete also while something is missing: what is degraded still works for the rest.
http::Response overview(const HealthSources& sources) {
  const auto neighbours = sources.neighbours();
  std::string body;
  json::Writer out{body};
  const auto hindrances = sources.hindrances();
  bool all_well = sources.is_ready && hindrances.empty() && std::ranges::all_of(neighbours, is_whole);
  out.begin_object();
  out.name("modules");
  out.begin_array();
  for (const module::Instance* instance : sources.instances) {
    const module::Health health = instance->health();
    all_well = all_well && lacks_nothing(health);
    write(out, *instance, health);
  }
  out.end_array();
  if (!neighbours.empty()) {
    out.name("neighbours");
    out.begin_array();
    for (const NeighbourHealth& neighbour : neighbours) write(out, neighbour);
    out.end_array();
  }
  if (!hindrances.empty()) {
    out.name("not_ready");
    out.begin_array();
    for (const std::string& hindrance : hindrances) out.string(hindrance);
    out.end_array();
  }
  json::member(out, "status", all_well ? "ok" : "degraded");
  out.end_object();
  return {.status = all_well ? 200 : 503,
          .headers = {{"Content-Type", "application/json"}},
          .body = std::move(body)};
}

bool takes_work(const HealthSources& sources) {
  if (!sources.is_ready || !std::ranges::all_of(sources.instances, is_well)) return false;
  const auto neighbours = sources.neighbours();
  const bool serves_clients_itself =
      !sources.instances.empty() && (neighbours.empty() || neighbours.back().identity == gateway_identity);
  if (serves_clients_itself) return true;
  return std::ranges::all_of(neighbours, is_connected) && std::ranges::all_of(neighbours, is_served);
}

http::Response readiness(const HealthSources& sources) {
  const auto hindrances = sources.hindrances();
  if (!hindrances.empty()) return text(503, "not ready: " + joined(hindrances, "\n") + "\n");
  if (!takes_work(sources)) return text(503, "not ready; see /health\n");
  std::string body = "ok\n";
  for (const NeighbourHealth& neighbour : sources.neighbours()) {
    for (const resilience::GuardStatus& dependency : neighbour.dependencies) {
      if (is_refusing(dependency)) body += "degraded: calls to " + dependency.dependency + " are refused\n";
    }
  }
  return text(200, std::move(body));
}

}  // namespace

std::vector<gateway::Page> health_pages(const HealthSources& sources) {
  return {
      {"GET", "/health/live",
       [](const auto&, const auto&, const auto& respond) { respond(text(200, "ok\n")); }},
      {"GET", "/health/ready",
       [sources](const auto&, const auto&, const auto& respond) { respond(readiness(sources)); }},
      {"GET", "/health",
       [sources](const auto&, const auto&, const auto& respond) { respond(overview(sources)); }},
  };
}

}  // namespace banyan::host
