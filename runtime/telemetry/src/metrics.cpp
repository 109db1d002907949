#include "banyan/telemetry/metrics.hpp"

#include <prometheus/check_names.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <limits>
#include <map>
#include <mutex>
#include <variant>

#include "banyan/base/assert.hpp"

namespace banyan::telemetry {
namespace {

using Type = prometheus::MetricType;

// Own cells rather than prometheus-cpp's metrics: its histogram takes a lock for every observation.
using Cell = std::variant<std::monostate, std::unique_ptr<Counter::Cell>, std::unique_ptr<Gauge::Cell>,
                          std::unique_ptr<Histogram::Cell>, Registry::Reading>;

struct Family {
  std::string help;
  Type type;
  std::map<Labels, Cell> series;
};

Labels sorted(Labels labels) {
  std::sort(labels.begin(), labels.end());
  return labels;
}

bool have_same_names(const Labels& a, const Labels& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.first == y.first; });
}

bool are_well_named(const Labels& labels) {
  return std::all_of(labels.begin(), labels.end(),
                     [](const auto& label) { return prometheus::CheckLabelName(label.first); });
}

prometheus::ClientMetric::Histogram snapshot(const Histogram::Cell& cell) {
  prometheus::ClientMetric::Histogram histogram;
  for (std::size_t i = 0; i < cell.counts.size(); ++i) {
    histogram.sample_count += cell.counts[i].load(std::memory_order_relaxed);
    const bool is_last = i == cell.bounds.size();
    const double bound = is_last ? std::numeric_limits<double>::infinity() : cell.bounds[i];
    histogram.bucket.push_back({histogram.sample_count, bound});
  }
  histogram.sample_sum = cell.sum.load(std::memory_order_relaxed);
  return histogram;
}

prometheus::ClientMetric snapshot(const Labels& labels, Type type, const Cell& cell) {
  prometheus::ClientMetric metric;
  for (const auto& [name, value] : labels) metric.label.push_back({name, value});
  if (const auto* counter = std::get_if<std::unique_ptr<Counter::Cell>>(&cell)) {
    metric.counter.value = static_cast<double>((*counter)->value.load(std::memory_order_relaxed));
  } else if (const auto* gauge = std::get_if<std::unique_ptr<Gauge::Cell>>(&cell)) {
    metric.gauge.value = static_cast<double>((*gauge)->value.load(std::memory_order_relaxed));
  } else if (const auto* histogram = std::get_if<std::unique_ptr<Histogram::Cell>>(&cell)) {
    metric.histogram = snapshot(**histogram);
  } else {
    const double value = std::get<Registry::Reading>(cell)();
    (type == Type::Counter ? metric.counter.value : metric.gauge.value) = value;
  }
  return metric;
}

}  // namespace

struct Registry::State : std::enable_shared_from_this<State> {
  std::mutex mutex;
  std::map<std::string, Family> families;

  /// The cell for these labels, empty if it is new. The caller holds the mutex.
  Cell& cell(const Metric& metric, Type type, const Labels& labels) {
    BANYAN_ASSERT(prometheus::CheckMetricName(std::string{metric.name}) && are_well_named(labels));
    const auto [place, is_new] = families.try_emplace(std::string{metric.name});
    Family& family = place->second;
    if (is_new) family = {std::string{metric.help}, type, {}};
    BANYAN_ASSERT(family.type == type);
    BANYAN_ASSERT(family.series.empty() || have_same_names(family.series.begin()->first, labels));
    return family.series[labels];
  }

  template <class Handle, class... Arguments>
  Handle handle(const Metric& metric, Type type, const Labels& labels, const Arguments&... arguments) {
    using Owned = std::unique_ptr<typename Handle::Cell>;
    const std::lock_guard lock{mutex};
    Cell& place = cell(metric, type, sorted(labels));
    if (std::holds_alternative<std::monostate>(place)) {
      place = std::make_unique<typename Handle::Cell>(arguments...);
    }
    BANYAN_ASSERT(std::holds_alternative<Owned>(place));
    return Handle{*std::get<Owned>(place)};
  }

  /// Returns what takes the reading away again.
  std::function<void()> add_reading(const Metric& metric, Type type, Labels labels, Reading reading) {
    std::sort(labels.begin(), labels.end());
    const std::lock_guard lock{mutex};
    Cell& place = cell(metric, type, labels);
    BANYAN_ASSERT(std::holds_alternative<std::monostate>(place));
    place = std::move(reading);
    return [state = shared_from_this(), name = std::string{metric.name}, labels = std::move(labels)] {
      state->remove(name, labels);
    };
  }

  void remove(const std::string& name, const Labels& labels) {
    const std::lock_guard lock{mutex};
    families.at(name).series.erase(labels);
  }
};

std::span<const double> seconds_buckets() noexcept {
  static constexpr std::array bounds{.005, .01, .025, .05, .075, .1, .25, .5, .75, 1., 2.5, 5., 7.5, 10.};
  return bounds;
}

Registry::Registration& Registry::Registration::operator=(Registration&& other) noexcept {
  std::swap(remove_, other.remove_);
  return *this;
}

Registry::Registration::~Registration() {
  if (remove_) remove_();
}

Registry::Registry() : state_(std::make_shared<State>()) {}
Registry::~Registry() = default;

Counter Registry::counter(const Metric& metric, const Labels& labels) {
  return state_->handle<Counter>(metric, Type::Counter, labels);
}

Gauge Registry::gauge(const Metric& metric, const Labels& labels) {
  return state_->handle<Gauge>(metric, Type::Gauge, labels);
}

Histogram Registry::histogram(const Metric& metric, const Labels& labels,
                              std::span<const double> upper_bounds) {
  return state_->handle<Histogram>(metric, Type::Histogram, labels, upper_bounds);
}

Registry::Registration Registry::counter(const Metric& metric, const Labels& labels, Reading reading) {
  return Registration{state_->add_reading(metric, Type::Counter, labels, std::move(reading))};
}

Registry::Registration Registry::gauge(const Metric& metric, const Labels& labels, Reading reading) {
  return Registration{state_->add_reading(metric, Type::Gauge, labels, std::move(reading))};
}

std::string Registry::render() const {
  const std::lock_guard lock{state_->mutex};
  std::vector<prometheus::MetricFamily> families;
  for (const auto& [name, family] : state_->families) {
    if (family.series.empty()) continue;
    prometheus::MetricFamily rendered{name, family.help, family.type, {}};
    for (const auto& [labels, cell] : family.series)
      rendered.metric.push_back(snapshot(labels, family.type, cell));
    families.push_back(std::move(rendered));
  }
  return prometheus::TextSerializer{}.Serialize(families);
}

}  // namespace banyan::telemetry
