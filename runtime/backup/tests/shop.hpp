#pragma once
#include <boost/test/unit_test.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "banyan/backup/check.hpp"
#include "banyan/backup/console.hpp"
#include "banyan/base/fault.hpp"
#include "banyan/delivery/inbox.hpp"
#include "banyan/delivery/outbox.hpp"
#include "banyan/delivery/schema.hpp"
#include "banyan/message/registry.hpp"
#include "banyan/store/database.hpp"
#include "banyan/testing/manual_clock.hpp"
#include "banyan/testing/sample.hpp"
#include "banyan/testing/seeded_random.hpp"
#include "banyan/testing/temporary_directory.hpp"

namespace banyan::backup {

using Counted = testing::Sample<"counter.counted.v1", message::Kind::event>;
using Lines = std::vector<std::string>;

inline const auto per_element = boost::test_tools::per_element();

/// The store of a module with a log, and positions in those of others. It has no code: what it emits and
/// takes is said by the test.
class Module {
 public:
  Module(std::string name, const std::string& folder, const Clock& clock, IdSource& ids)
      : store{std::move(name), {.directory = folder}}, clock_(clock), ids_(ids) {
    store.options.durability = store::Durability::normal;
    store.options.ballast_bytes = 0;
    store.options.free_min_bytes = 0;
  }

  void open() {
    auto opened = store::Database::open(store.options, delivery::migrations(), clock_, faults_);
    BOOST_REQUIRE_MESSAGE(opened.ok(), (opened.ok() ? "" : opened.error().detail()));
    database_ = std::move(opened).value();
    change([&](store::Transaction& tx) {
      outbox_.open(tx, ids_, clock_.utc());
      inbox_.open(tx);
    });
  }
  void close() { database_ = nullptr; }
  bool is_open() const { return database_ != nullptr; }

  void change(const std::function<void(store::Transaction&)>& work) {
    BOOST_REQUIRE(database_->begin().ok());
    work(database_->transaction());
    BOOST_REQUIRE(database_->commit().ok());
  }

  void emit(int count) {
    change([&](store::Transaction& tx) {
      for (int i = 0; i < count; ++i) outbox_.append(tx, delivery::Emission{event(), {}}, {});
    });
    outbox_.committed();
  }

  /// Takes everything of that log so far.
  void take(const Module& producer) {
    const delivery::Position& head = producer.head();
    change([&](store::Transaction& tx) {
      const delivery::Batch batch{.producer = producer.store.module, .epoch = head.epoch};
      inbox_.advance(batch, {.seq = head.seq, .hash = head.hash, .parcel = nullptr});
      inbox_.save(tx);
    });
    static_cast<void>(inbox_.committed());  // nobody is told
  }

  void prune(std::uint64_t seq) {
    change([&](store::Transaction& tx) { outbox_.prune(tx, seq, Age::max(), 100'000); });
  }

  const delivery::Position& head() const { return outbox_.head(); }
  delivery::Position at(const std::string& producer) const { return inbox_.position(producer); }

  ModuleStore store;

 private:
  message::ParcelPtr event() {
    message::Envelope envelope;
    envelope.id = ids_.next();
    envelope.source = store.module;
    envelope.time = clock_.utc();
    return std::make_shared<const message::Parcel>(
        message::Parcel{std::move(envelope), message::Payload::of(Counted{.key = "a", .number = 1})});
  }

  const Clock& clock_;
  IdSource& ids_;
  NoFaults faults_;
  std::unique_ptr<store::Database> database_;
  delivery::Outbox outbox_;
  delivery::Inbox inbox_;
};

/// Two modules that listen to each other, and a console that remembers.
struct Shop {
  Shop() {
    orders.open();
    stock.open();
  }

  std::string path(const std::string& name) const { return disk.path() + "/" + name; }
  std::vector<ModuleStore> stores() const { return {orders.store, stock.store}; }
  std::vector<ModuleStore> stores_in(const std::string& folder) const {
    return {{"orders", {.directory = path(folder) + "/orders"}},
            {"stock", {.directory = path(folder) + "/stock"}}};
  }

  /// That the work before has ended well.
  void require(bool done) const { BOOST_REQUIRE_MESSAGE(done, all()); }
  bool said(const std::string& text) const { return is_in(said_, text); }
  bool complained(const std::string& text) const { return is_in(complaints, text); }
  std::string all() const {
    std::string text;
    for (const auto* lines : {&said_, &complaints}) {
      for (const std::string& line : *lines) text += line + "\n";
    }
    return text;
  }
  static bool is_in(const Lines& lines, const std::string& text) {
    for (const std::string& line : lines) {
      if (line.find(text) != line.npos) return true;
    }
    return false;
  }

  testing::TemporaryDirectory disk;
  testing::ManualClock clock;
  testing::SeededRandom random{1};
  IdSource ids{clock, random};
  Module orders{"orders", path("data") + "/orders", clock, ids};
  Module stock{"stock", path("data") + "/stock", clock, ids};
  Lines said_;
  Lines complaints;
  std::function<void()> meanwhile = [] {};  ///< Between two attempts.
  Console console{.program = "shop",
                  .version = "1",
                  .say = [this](const std::string& line) { said_.push_back(line); },
                  .complain = [this](const std::string& line) { complaints.push_back(line); },
                  .pause = [this](Duration) { meanwhile(); },
                  .clock = clock,
                  .random = random};
};

}  // namespace banyan::backup
