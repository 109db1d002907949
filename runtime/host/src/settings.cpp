#include "settings.hpp"

#include <arpa/inet.h>

#include "banyan/base/numbers.hpp"
#include "banyan/nats/connection.hpp"
#include "banyan/resilience/guard_settings.hpp"
#include "operators_only.hpp"

namespace banyan::host {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kib = 1 << 10;
constexpr std::size_t mib = 1 << 20;
constexpr std::size_t gib = 1 << 30;

Status is_address(const std::string& text) {
  const auto address = parse_address(text);
  return address.ok() ? success() : address.error();
}

Status is_network(const std::string& text) {
  const auto network = http::Networks::parse({text});
  return network.ok() ? success() : network.error();
}

Status is_path(const std::string& text) {
  if (!text.empty()) return success();
  return Error{Errc::invalid_argument, "host.no_path", "must be the path of a folder"};
}

Status is_broker(const std::string& url) {
  return url.empty() || url == "none" ? success() : nats::check_url(url);
}

bool is_numeric(const std::string& host, int family) {
  in6_addr room;
  return ::inet_pton(family, host.c_str(), &room) == 1;
}

void declare_http(config::Schema& schema, Settings& settings) {
  http::Server::Options& http = settings.http;
  schema.text("http.listen", &settings.listen,
              "Address and port of the gateway; port 0 lets the system choose.", is_address);
  schema.list(
      "http.trusted_peers", &settings.trusted_peers,
      "Addresses and networks whose traceparent, tracestate and baggage are believed, and of which each "
      "has as many connections as it likes: proxies and clients of your own.",
      is_network);
  schema.integer("http.threads", &http.threads, {1, 64}, "Threads that read requests and write answers.");
  schema.integer("http.connections_max", &http.connections_max, {1, 100'000},
                 "Open connections; more get 503.");
  schema.integer(
      "http.connections_per_client_max", &http.connections_per_client_max, {1, 100'000},
      "Open connections of one IPv4 address or IPv6 /64, but for trusted peers; more are closed at "
      "once.");
  schema.integer("http.pipeline_max", &http.pipeline_max, {1, 1000}, "Requests in flight on one connection.");
  schema.bytes("http.header_bytes_max", &http.header_bytes_max, {1 * kib, 1 * mib},
               "Request line and fields.");
  schema.bytes("http.body_bytes_max", &http.body_bytes_max, {1 * kib, 64 * mib}, "Body of a request.");
  schema.duration("http.header_timeout", &http.header_timeout, {100ms, 10min}, "For a request's head.");
  schema.duration("http.body_timeout", &http.body_timeout, {100ms, 10min},
                  "For a body, besides its size's share.");
  schema.duration(
      "http.answer_timeout", &http.answer_timeout, {100ms, 1h},
      "From a whole request to its answer, whatever its module does; then it is answered by 504.");
  schema.duration("http.idle_timeout", &http.idle_timeout, {100ms, 1h},
                  "How long a connection may be silent.");
  schema.duration("http.request_timeout", &settings.gateway.request_timeout, {10ms, 10min},
                  "Deadline of a request and of the work that it starts.");
  schema.boolean("http.log_requests", &settings.gateway.log_requests,
                 "Whether each request is a line of the log.");
}

void declare_store(config::Schema& schema, Settings& settings) {
  module::InstanceOptions& module = settings.module;
  schema.choice("store.durability", &settings.durability, {"full", "normal"},
                "full: an answer survives power loss. normal, for development only: an answer survives the "
                "end of the process; after a power loss the stores of a shop have come apart (positions are "
                "ahead of their logs, links stop), and all of them have to be restored from one backup.");
  schema.bytes("store.page_cache", &module.store.page_cache_bytes, {64 * kib, 16 * gib},
               "Of each connection.");
  schema.bytes("store.free_min", &module.store.free_min_bytes, {1 * mib, 1024 * gib},
               "With less free disk space new work is refused.");
  schema.bytes("store.ballast", &module.store.ballast_bytes, {1 * mib, 1 * gib},
               "Space kept back for the moment when the disk is full.");
  schema.bytes("store.wal_checkpoint", &module.wal_checkpoint_bytes, {256 * kib, 1 * gib},
               "Size above which the write-ahead log is emptied.");
  schema.bytes("store.wal_max", &module.wal_max_bytes, {16 * mib, 1024 * gib},
               "Size of a write-ahead log that can't be emptied above which commands are refused.");
  schema.integer("store.readers", &module.readers, {1, 64}, "Reading connections of each module.");
}

void declare_delivery(config::Schema& schema, Settings& settings) {
  module::InstanceOptions& module = settings.module;
  schema.integer("delivery.mailbox_max", &module.mailbox_max, {1, 1'000'000},
                 "Requests that may wait for a module.");
  schema.integer(
      "delivery.held_max", &module.held_max, {1, 10'000},
      "Requests of a module that wait for another's event instead of being refused; more are refused "
      "at once.");
  schema.duration("delivery.held_time", &module.held_time, {1ms, 1min},
                  "How long such a request waits at the most.");
  schema.integer("delivery.group_max", &module.group_max, {1, 100'000},
                 "Commands and messages of one commit.");
  schema.integer("delivery.credit", &module.relay.credit, {1, 1'000'000},
                 "Messages under way to one subscriber that it has not confirmed.");
  schema.bytes("delivery.credit_bytes", &module.relay.credit_bytes, {64 * kib, 1 * gib},
               "Bytes of these, as JSON; one message always goes, whatever its size.");
  schema.integer("delivery.parked_max", &module.parked_max, {1, 10'000'000},
                 "Failed messages that a module keeps; above, it stops listening.");
  schema.integer("delivery.attempts_max", &module.retry.attempts_max, {1, 100},
                 "Before a message is a dead letter.");
  schema.duration("delivery.retry_delay", &module.retry.delay_base, {1ms, 1h}, "Before the second attempt.");
  schema.duration("delivery.retry_delay_max", &module.retry.delay_max, {1ms, 24h}, "Between attempts.");
  schema.duration("delivery.retention", &module.retention, {0s, 8760h},
                  "How long messages stay that every subscriber has, while the module runs.");
  schema.duration("delivery.answers_kept", &module.answers_kept, {1s, 8760h},
                  "How long an Idempotency-Key is remembered, while the module runs.");
}

void declare_nats(config::Schema& schema, Settings& settings) {
  schema.text("nats.url", &settings.nats_url,
              "The server between processes, nats://host:port, or several of a cluster separated by commas. "
              "Empty: what is meant for modules of other processes stays in the outbox, and a process that "
              "misses some of them is not ready. none: the same, and that is wanted.",
              is_broker);
  schema.text("nats.pki", &settings.nats_pki,
              "Folder with ca.crt and, for each module of this process, <module>.pem; gateway.pem for the "
              "gateway. See banyanctl pki.");
  schema.text("nats.keys", &settings.nats_keys,
              "Folder with private/<account>.json for each module of this process and for the gateway, and "
              "public/ of all: what calls are signed and believed with. See banyanctl keys.");
  schema.text("nats.server_name", &settings.nats_server_name,
              "Who the server has to be by its certificate: <name>.banyan.internal.");
}

}  // namespace

void declare(config::Schema& schema, Settings& settings, std::vector<std::string> modules) {
  schema.text("process.data_dir", &settings.data_dir, "Where the modules' stores lie.", is_path);
  schema.list("process.modules", &settings.modules, std::move(modules),
              "Which modules to run; none named means all.");
  schema.text("process.admin_listen", &settings.admin_listen, "Address and port of administration.",
              is_address);
  schema.list("process.admin_names", &settings.admin_names,
              "Names with a dot under which administration may be asked; its number, and a name without a "
              "dot, always may.",
              check_host_name);
  schema.choice("process.create", &settings.create, {"missing", "never"},
                "Which stores a start makes. missing: those that the data folder has not. never: one that is "
                "missing is an error, as it should be once the shop has data.");
  schema.boolean("process.standby", &settings.standby,
                 "Whether to wait while another process has the stores, and to take over when it ends.");
  schema.duration(
      "process.owner_period", &settings.owner.period, {100ms, 1min},
      "How often a process tells the others of its module that it serves it. One that is silent for "
      "three times as long counts as gone.");
  schema.duration(
      "process.owner_patience", &settings.owner.patience, {0s, 10min},
      "How long a process that starts waits for another one that serves its module to end, before "
      "it refuses to serve.");
  schema.duration("process.shutdown_budget", &settings.shutdown_budget, {0s, 10min},
                  "How long requests may take to finish when the process is told to stop.");
  schema.choice("log.level", &settings.log_level, {"debug", "info", "warning", "error", "off"},
                "The least important lines that are written.");
  schema.text("log.destination", &settings.log_destination, "stderr, stdout, or the path of a file.");
  declare_http(schema, settings);
  declare_store(schema, settings);
  declare_delivery(schema, settings);
  declare_nats(schema, settings);
}

void declare_guards(config::Schema& schema, Settings& settings, const std::vector<std::string>& modules) {
  for (const std::string& module : modules) resilience::declare(schema, module, settings.guards[module]);
}

namespace {

std::vector<std::string> delays_the_wrong_way_round(const Settings& settings) {
  std::vector<std::string> found;
  const auto look_at = [&](const std::string& section, const resilience::RetryPolicy& retry) {
    if (retry.delay_base <= retry.delay_max) return;
    found.push_back(section + ".retry_delay is longer than " + section +
                    ".retry_delay_max; next: make the second one at least as long");
  };
  look_at("delivery", settings.module.retry);
  for (const auto& [module, guard] : settings.guards) look_at("resilience." + module, guard.retry);
  return found;
}

}  // namespace

std::vector<std::string> contradictions(const Settings& settings, bool has_modules) {
  std::vector<std::string> found = delays_the_wrong_way_round(settings);
  if (!settings.has_broker()) {
    if (!has_modules) {
      found.emplace_back(
          "nats.url names no broker, and without one no module is reached; next: start with --nats-url "
          "nats://127.0.0.1:4222");
    }
    return found;
  }
  if (settings.nats_pki.empty()) {
    found.emplace_back(
        "nats.url needs nats.pki, which names no folder; next: banyanctl pki init --dir pki && "
        "banyanctl pki issue --dir pki, and start with --pki pki");
  }
  if (settings.nats_keys.empty()) {
    found.emplace_back(
        "nats.url needs nats.keys, which names no folder; next: banyanctl keys init --dir keys, and start "
        "with --keys keys");
  }
  return found;
}

Result<Address> parse_address(const std::string& text) {
  const Error bad{Errc::invalid_argument, "host.bad_address",
                  "'" + text + "' is no ADDRESS:PORT; for example 127.0.0.1:8080 or [::1]:8080"};
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return bad;
  Address address{.host = text.substr(0, colon)};
  const bool is_v6 = address.host.starts_with('[') && address.host.ends_with(']');
  if (is_v6) address.host = address.host.substr(1, address.host.size() - 2);
  const auto port = parse_number<std::uint16_t>(std::string_view{text}.substr(colon + 1));
  if (!port || !is_numeric(address.host, is_v6 ? AF_INET6 : AF_INET)) return bad;
  address.port = *port;
  return address;
}

std::string to_url(const Address& address) {
  const bool is_v6 = address.host.find(':') != std::string::npos;
  return "http://" + (is_v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

}  // namespace banyan::host
