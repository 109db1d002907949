#pragma once
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "banyan/store/database.hpp"
#include "banyan/store/reader.hpp"

namespace banyan::store {

/// A directory of its own for one test case.
class Scratch {
 public:
  Scratch() {
    std::string pattern = (std::filesystem::temp_directory_path() / "banyan-store-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { std::filesystem::remove_all(path_); }

  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

class ManualClock final : public Clock {
 public:
  Instant now() const override { return Instant{passed_.load()}; }
  Timestamp utc() const override { return Timestamp{passed_.load() + std::chrono::seconds{1'700'000'000}}; }
  void advance(Duration by) { passed_ = passed_.load() + by; }

 private:
  std::atomic<Duration> passed_{std::chrono::hours{1}};
};

/// Throws at the points that were named.
class ThrowingFaults final : public Faults {
 public:
  void reach(std::string_view point) override {
    if (points.contains(point)) throw std::runtime_error("told to");
  }

  std::set<std::string, std::less<>> points;
};

constexpr Migration item_table{
    .owner = "shop", .version = 1, .name = "items", .sql = R"(CREATE TABLE shop_item (
                                           id INTEGER PRIMARY KEY,
                                           name TEXT NOT NULL UNIQUE,
                                           size INTEGER CHECK (size > 0)
                                         ) STRICT;)"};

/// A store with a table of items, in a directory that goes with it.
struct Shop {
  explicit Shop(std::span<const Migration> migrations = {&item_table, 1}) : schema(migrations) {
    options.directory = (scratch / "store").string();
    options.ballast_bytes = 0;
    options.free_min_bytes = 0;
  }

  Result<std::unique_ptr<Database>> try_open() { return Database::open(options, schema, clock, faults); }
  std::unique_ptr<Database> open() {
    auto opened = try_open();
    if (!opened.ok()) throw std::runtime_error(opened.error().reason() + ": " + opened.error().detail());
    return std::move(opened).value();
  }
  std::unique_ptr<Reader> open_reader() {
    auto opened = Reader::open(options, clock);
    if (!opened.ok()) throw std::runtime_error(opened.error().reason() + ": " + opened.error().detail());
    return std::move(opened).value();
  }

  Scratch scratch;
  ManualClock clock;
  ThrowingFaults faults;
  Options options;
  std::span<const Migration> schema;
};

inline void add_item(Transaction& transaction, std::string_view name) {
  transaction.execute("INSERT INTO shop_item (name) VALUES (?1)", name);
}

/// An attempt that adds an item.
inline auto adding(std::string_view name) {
  return [name](Transaction& transaction) {
    add_item(transaction, name);
    return success();
  };
}

inline std::int64_t count_items(ReadTransaction& transaction) {
  return transaction.find<std::int64_t>("SELECT count(*) FROM shop_item").value();
}

/// The number of committed items.
inline std::int64_t count_items(Database& database) {
  if (!database.begin().ok()) return -1;
  const std::int64_t count = count_items(database.transaction());
  database.rollback();
  return count;
}

inline bool commit_item(Database& database, std::string_view name) {
  return database.begin().ok() && database.attempt(adding(name)).ok() && database.commit().ok();
}

/// The reason of the Failure that `work` throws; empty if it throws none.
template <class Work>
std::string failure_of(Work&& work) {
  try {
    work();
    return "";
  } catch (const Failure& failure) {
    return failure.error().reason();
  }
}

}  // namespace banyan::store
