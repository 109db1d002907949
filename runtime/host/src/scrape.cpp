#include "scrape.hpp"

#include "banyan/saga/history.hpp"
#include "banyan/telemetry/names.hpp"

namespace banyan::host {
namespace {

namespace names = telemetry::names;

/// Answers a scrape once the last module has said what it knows, or when the scrape is forgotten.
class Scrape {
 public:
  Scrape(telemetry::Registry& metrics, http::Responder respond)
      : metrics_(metrics), respond_(std::move(respond)) {}
  ~Scrape() {
    respond_({.headers = {{"Content-Type", std::string{telemetry::Registry::content_type}}},
              .body = metrics_.render()});
  }
  Scrape(const Scrape&) = delete;
  Scrape& operator=(const Scrape&) = delete;

  void count(telemetry::Labels labels, const std::string& what, std::int64_t value) {
    labels.emplace_back("what", what);
    metrics_.gauge(names::module_count, labels).set(value);
  }

  void age(const telemetry::Metric& metric, const telemetry::Labels& labels, std::optional<Age> since,
           Age now) {
    const auto age = since ? std::chrono::duration_cast<std::chrono::seconds>(now - *since).count() : 0;
    metrics_.gauge(metric, labels).set(age);
  }

 private:
  telemetry::Registry& metrics_;
  http::Responder respond_;
};

std::optional<Age> oldest_unconfirmed(View& view, std::uint64_t confirmed) {
  return view.find<Age>("SELECT age FROM banyan_outbox WHERE seq > ?1 ORDER BY seq LIMIT 1", confirmed);
}

}  // namespace

void add_readings(telemetry::Registry& metrics, const module::Instance& instance,
                  std::vector<telemetry::Registry::Registration>& readings) {
  const std::string& name = instance.definition().name();
  const auto add = [&](const telemetry::Metric& metric, telemetry::Labels labels, auto read) {
    labels.insert(labels.begin(), {"module", name});
    readings.push_back(metrics.gauge(
        metric, labels, [&instance, read] { return static_cast<double>(read(instance.health())); }));
  };
  using module::Health;
  add(names::outbox_depth, {},
      [](const Health& h) { return h.outbox_head - std::min(h.outbox_confirmed, h.outbox_head); });
  add(names::dead_letters, {}, [](const Health& h) { return h.dead; });
  add(names::held_requests, {}, [](const Health& h) { return h.held; });
  add(names::mailbox_depth, {{"actor", "writer"}}, [](const Health& h) { return h.writer_depth; });
  add(names::mailbox_depth, {{"actor", "reader"}}, [](const Health& h) { return h.reader_depth; });
}

gateway::Page scrape_page(telemetry::Registry& metrics, const Instances& instances) {
  return {"GET", "/metrics", [&metrics, instances](const auto&, const auto&, http::Responder respond) {
            auto scrape = std::make_shared<Scrape>(metrics, std::move(respond));
            for (module::Instance* instance : instances) {
              const telemetry::Labels labels{{"module", instance->definition().name()}};
              const std::uint64_t confirmed = instance->health().outbox_confirmed;
              instance->inspect(
                  [scrape, labels, confirmed, instance, now = instance->moment().age](View& view) {
                    for (const module::Count& count : instance->definition().counts()) {
                      scrape->count(labels, count.name, count.read(view));
                    }
                    scrape->age(names::outbox_oldest_age, labels, oldest_unconfirmed(view, confirmed), now);
                    scrape->age(names::saga_oldest_age, labels, saga::activity(view).oldest, now);
                  },
                  [](const Status&) {});
            }
          }};
}

}  // namespace banyan::host
