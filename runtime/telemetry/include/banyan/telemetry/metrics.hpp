#pragma once
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "banyan/base/clock.hpp"

namespace banyan::telemetry {

/// The name of a metric and its meaning; see names.hpp.
struct Metric {
  std::string_view name;
  std::string_view help;
};

/// Pairs of label and value. Values come from a small closed set: never an id, a path with ids, or user
/// input.
using Labels = std::vector<std::pair<std::string, std::string>>;

/// A count that only grows. A handle; copies count together. Threads: safe, lock-free.
/// Lifetime: of this and the other handles: the Registry must live longer.
class Counter {
 public:
  struct alignas(64) Cell {  // A cache line of its own: neighbours don't slow each other down.
    std::atomic<std::uint64_t> value{0};
  };

  explicit Counter(Cell& cell) noexcept : cell_(&cell) {}
  void add(std::uint64_t count = 1) noexcept { cell_->value.fetch_add(count, std::memory_order_relaxed); }
  std::uint64_t value() const noexcept { return cell_->value.load(std::memory_order_relaxed); }

 private:
  Cell* cell_;
};

/// A quantity that goes up and down.
class Gauge {
 public:
  struct alignas(64) Cell {
    std::atomic<std::int64_t> value{0};
  };

  explicit Gauge(Cell& cell) noexcept : cell_(&cell) {}
  void set(std::int64_t value) noexcept { cell_->value.store(value, std::memory_order_relaxed); }
  void add(std::int64_t change) noexcept { cell_->value.fetch_add(change, std::memory_order_relaxed); }
  std::int64_t value() const noexcept { return cell_->value.load(std::memory_order_relaxed); }

 private:
  Cell* cell_;
};

/// How observed values are distributed over buckets.
class Histogram {
 public:
  struct alignas(64) Cell {
    explicit Cell(std::span<const double> upper_bounds)
        : bounds(upper_bounds.begin(), upper_bounds.end()), counts(bounds.size() + 1) {}

    std::vector<double> bounds;                      ///< Ascending; each belongs to its bucket.
    std::vector<std::atomic<std::uint64_t>> counts;  ///< One more than bounds: the last is without bound.
    std::atomic<double> sum{0};
  };

  explicit Histogram(Cell& cell) noexcept : cell_(&cell) {}
  void observe(double value) noexcept {
    const auto bucket =
        std::lower_bound(cell_->bounds.begin(), cell_->bounds.end(), value) - cell_->bounds.begin();
    cell_->counts[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
    cell_->sum.fetch_add(value, std::memory_order_relaxed);
  }
  /// In seconds.
  void observe(Duration duration) noexcept { observe(std::chrono::duration<double>{duration}.count()); }

 private:
  Cell* cell_;
};

/// The bounds of every histogram of seconds: 5 ms to 10 s, as OpenTelemetry advises for HTTP servers.
std::span<const double> seconds_buckets() noexcept;

/// All metrics of a process. Asking twice for the same metric and labels gives the same cell; asking for a
/// known name as another type or with other label names is a bug and aborts. Threads: safe; look handles up
/// once and keep them.
class Registry {
 public:
  /// The media type of render()'s text, for the header Content-Type.
  static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

  using Reading = std::function<double()>;

  /// Keeps a reading registered; its end waits for a scrape that is just calling it.
  class [[nodiscard]] Registration {
   public:
    Registration() = default;
    Registration(Registration&& other) noexcept : remove_(std::exchange(other.remove_, nullptr)) {}
    Registration& operator=(Registration&& other) noexcept;
    ~Registration();

   private:
    friend class Registry;
    explicit Registration(std::function<void()> remove) : remove_(std::move(remove)) {}

    std::function<void()> remove_;
  };

  Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;
  ~Registry();

  Counter counter(const Metric& metric, const Labels& labels = {});
  Gauge gauge(const Metric& metric, const Labels& labels = {});
  Histogram histogram(const Metric& metric, const Labels& labels = {},
                      std::span<const double> upper_bounds = seconds_buckets());

  /// A counter or gauge whose value is read at each scrape. `reading` is called on the scraping thread, must
  /// be quick and must not use this registry. Only one reading at a time for the same metric and labels.
  Registration counter(const Metric& metric, const Labels& labels, Reading reading);
  Registration gauge(const Metric& metric, const Labels& labels, Reading reading);

  /// Everything in the text format of Prometheus, sorted by name and labels.
  std::string render() const;

 private:
  struct State;
  std::shared_ptr<State> state_;  ///< Shared with registrations: they may end after the registry.
};

}  // namespace banyan::telemetry
