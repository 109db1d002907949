#include "health.hpp"

#include <algorithm>

#include "banyan/json/writer.hpp"

namespace banyan::host {
namespace {

http::Response text(int status, std::string body) {
  return {
      .status = status, .headers = {{"Content-Type", "text/plain; charset=utf-8"}}, .body = std::move(body)};
}

void write(json::Writer& out, const module::Instance& instance, const module::Health& health) {
  const auto count = [&](std::string_view name, std::uint64_t value) {
    out.name(name);
    out.integer(static_cast<std::int64_t>(value));
  };
  out.begin_object();
  out.name("module");
  out.string(instance.definition().name());
  out.name("status");
  out.string(health.state.ok() ? "ok" : health.state.error().reason());
  count("waiting_commands", health.writer_depth);
  count("waiting_queries", health.reader_depth);
  count("outbox_depth", health.outbox_head - std::min(health.outbox_confirmed, health.outbox_head));
  count("parked", health.parked);
  count("dead_letters", health.dead);
  out.end_object();
}

http::Response overview(const Instances& instances, bool is_ready) {
  std::string body;
  json::Writer out{body};
  bool all_well = is_ready;
  out.begin_object();
  out.name("modules");
  out.begin_array();
  for (const module::Instance* instance : instances) {
    const module::Health health = instance->health();
    all_well = all_well && health.state.ok();
    write(out, *instance, health);
  }
  out.end_array();
  out.name("status");
  out.string(all_well ? "ok" : "degraded");
  out.end_object();
  return {.status = all_well ? 200 : 503,
          .headers = {{"Content-Type", "application/json"}},
          .body = std::move(body)};
}

}  // namespace

std::vector<gateway::Page> health_pages(const Instances& instances, const std::atomic<bool>& is_ready) {
  const auto is_well = [](const module::Instance* instance) { return instance->health().state.ok(); };
  return {
      {"GET", "/health/live",
       [](const auto&, const auto&, const auto& respond) { respond(text(200, "ok\n")); }},
      {"GET", "/health/ready",
       [instances, &is_ready, is_well](const auto&, const auto&, const auto& respond) {
         const bool ready = is_ready && std::all_of(instances.begin(), instances.end(), is_well);
         respond(ready ? text(200, "ok\n") : text(503, "not ready; see /health\n"));
       }},
      {"GET", "/health",
       [instances, &is_ready](const auto&, const auto&, const auto& respond) {
         respond(overview(instances, is_ready));
       }},
  };
}

}  // namespace banyan::host
