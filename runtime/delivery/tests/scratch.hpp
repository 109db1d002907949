#pragma once
#include <boost/test/unit_test.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "banyan/base/fault.hpp"
#include "banyan/delivery/outbox.hpp"
#include "banyan/delivery/schema.hpp"
#include "banyan/message/registry.hpp"
#include "banyan/store/database.hpp"
#include "banyan/testing/manual_clock.hpp"
#include "banyan/testing/sample.hpp"
#include "banyan/testing/seeded_random.hpp"
#include "banyan/testing/temporary_directory.hpp"

namespace banyan::delivery {

using Counted = testing::Sample<"counter.counted.v1", message::Kind::event>;
using Count = testing::Sample<"counter.count.v1", message::Kind::command>;

/// For BOOST_TEST of two sequences.
inline const auto per_element = boost::test_tools::per_element();

/// A database with the tables of delivery, in a directory that goes with it.
class Scratch {
 public:
  Scratch() {
    options_.directory = directory_.path() + "/store";
    options_.durability = store::Durability::normal;
    options_.ballast_bytes = 0;
    options_.free_min_bytes = 0;
    static const message::Descriptor* const types[] = {&Counted::descriptor(), &Count::descriptor()};
    registry.add(types);
    reopen();
  }

  void reopen() {
    database_ = nullptr;
    auto opened = store::Database::open(options_, migrations(), clock, faults_);
    BOOST_REQUIRE(opened.ok());
    database_ = std::move(opened).value();
  }

  using Work = std::function<void(store::Transaction&)>;
  void commit(const Work& work) {
    run(work);
    BOOST_REQUIRE(database_->commit().ok());
  }
  void roll_back(const Work& work) {
    run(work);
    database_->rollback();
  }

  message::ParcelPtr event(std::string key, std::int64_t number = 0) {
    message::Envelope envelope;
    envelope.id = ids.next();
    envelope.source = "counter";
    envelope.key = key;
    envelope.time = clock.utc();
    return std::make_shared<const message::Parcel>(message::Parcel{
        std::move(envelope), message::Payload::of(Counted{.key = std::move(key), .number = number})});
  }

  Moment now() const { return age.now(clock); }

  testing::ManualClock clock;
  StoreAge age;
  testing::SeededRandom random{1};
  IdSource ids{clock, random};
  message::Registry registry;

 private:
  void run(const Work& work) {
    BOOST_REQUIRE(database_->begin().ok());
    const Status ran = database_->attempt([&](store::Transaction& transaction) {
      work(transaction);
      return success();
    });
    BOOST_REQUIRE_MESSAGE(ran.ok(), (ran.ok() ? "" : ran.error().detail()));
  }

  testing::TemporaryDirectory directory_;
  NoFaults faults_;
  store::Options options_;
  std::unique_ptr<store::Database> database_;
};

}  // namespace banyan::delivery
