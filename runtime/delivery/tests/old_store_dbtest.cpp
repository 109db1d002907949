#define BOOST_TEST_MODULE delivery_old_store
#include <boost/test/unit_test.hpp>

#include "banyan/delivery/age.hpp"
#include "banyan/delivery/answers.hpp"
#include "banyan/delivery/parked.hpp"
#include "scratch.hpp"

using namespace banyan;
using namespace banyan::delivery;
using namespace std::chrono_literals;

namespace {

/// A store that a program has left which kept all times as times of day.
struct OldStore {
  OldStore() {
    static const message::Descriptor* const types[] = {&Counted::descriptor(), &Count::descriptor()};
    registry.add(types);
  }

  std::unique_ptr<store::Database> open(std::size_t migrations_count) {
    auto opened = store::Database::open({.directory = disk.path() + "/store"},
                                        migrations().first(migrations_count), clock, faults);
    BOOST_REQUIRE(opened.ok());
    BOOST_REQUIRE(opened.value()->begin().ok());
    return std::move(opened).value();
  }

  /// One row of each kind, all of `at`; the message had 30 s.
  void leave(Timestamp at) {
    const auto database = open(8);
    store::Transaction& tx = database->transaction();
    const std::string headers = R"({"id":"01900000-0000-7000-8000-000000000001","src":"counter","time":")" +
                                to_rfc3339(at) + R"(","exp":")" + to_rfc3339(at + 30s) + R"("})";
    tx.execute(
        "INSERT INTO banyan_outbox (seq, type, created_at, headers, payload, hash) "
        "VALUES (1, ?1, ?2, ?3, '{\"key\":\"a\",\"number\":1,\"text\":\"\"}', x'00')",
        Counted::descriptor().type, at, headers);
    tx.execute(
        "INSERT INTO banyan_answer (principal, key, fingerprint, type, answer, created_at) "
        "VALUES ('anna', 'k', 'print', ?1, '{\"key\":\"a\",\"number\":1,\"text\":\"\"}', ?2)",
        Counted::descriptor().type, at);
    tx.execute(
        "INSERT INTO banyan_parked (producer, seq, type, key, state, attempts, next_attempt_at, parked_at, "
        "cause, headers, payload) VALUES ('other', 7, ?1, 'a', 1, 2, ?2, ?2, 'x', ?3, '{}')",
        Counted::descriptor().type, at + 1h, headers);
    BOOST_REQUIRE(database->commit().ok());
  }

  testing::TemporaryDirectory disk;
  testing::ManualClock clock;
  testing::SeededRandom random{3};
  IdSource ids{clock, random};
  message::Registry registry;
  NoFaults faults;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(is_carried_over, OldStore)

BOOST_AUTO_TEST_CASE(with_a_whole_time_to_live_for_answers_and_rows) {
  leave(clock.utc() - 9000h);
  const auto database = open(migrations().size());
  store::Transaction& tx = database->transaction();
  StoreAge age;
  age.open(tx, ids, clock.now());
  const Answers answers{registry};

  BOOST_TEST(Answers::prune(tx, age.at(clock.now()) - 24h, 100) == 0);
  BOOST_TEST(answers.find(tx, "anna", {"k", "print"}, Counted::descriptor()).value().has_value());
  clock.advance(24h + 1s);
  BOOST_TEST(Answers::prune(tx, age.at(clock.now()) - 24h, 100) == 1);
}

BOOST_AUTO_TEST_CASE(with_the_time_that_its_messages_had_when_they_were_sent) {
  leave(clock.utc() - 9000h);
  const auto database = open(migrations().size());
  store::Transaction& tx = database->transaction();
  StoreAge age;
  age.open(tx, ids, clock.now());
  const auto rows = OutboxReader{tx, registry}.read(0, {}, age);

  BOOST_REQUIRE(rows.ok());
  BOOST_TEST((rows.value().at(0).parcel->envelope.deadline == clock.now() + 30s));
}

BOOST_AUTO_TEST_CASE(with_what_is_parked_due_at_once) {
  leave(clock.utc() + 9000h);
  const auto database = open(migrations().size());
  store::Transaction& tx = database->transaction();
  StoreAge age;
  age.open(tx, ids, clock.now());
  Parked parked;
  parked.open(tx);

  const auto due = parked.due(tx, age.at(clock.now()), 10);
  BOOST_REQUIRE(due.size() == 1U);
  BOOST_TEST(due[0].seq == 7U);
  BOOST_TEST(due[0].attempts == 2);
}

BOOST_AUTO_TEST_CASE(with_ids_that_go_on_above_its_last_row) {
  leave(clock.utc() + 1h);
  testing::ManualClock before;
  before.set_by(1h);
  const Uuid last = IdSource{before, random}.next();
  const auto database = open(migrations().size());
  StoreAge age;
  age.open(database->transaction(), ids, clock.now());

  BOOST_TEST((last < ids.next()));
}

BOOST_AUTO_TEST_CASE(also_if_it_is_empty) {
  static_cast<void>(open(8));
  const auto database = open(migrations().size());
  StoreAge age;
  age.open(database->transaction(), ids, clock.now());
  BOOST_TEST((age.at(clock.now()) == Age{}));
  BOOST_TEST(ids.high_water() <= 4096);
}

BOOST_AUTO_TEST_SUITE_END()
