#define BOOST_TEST_MODULE saga_engine
#include <boost/test/unit_test.hpp>
#include <memory>

#include "banyan/delivery/schema.hpp"
#include "banyan/message/refusal.hpp"
#include "banyan/saga/engine.hpp"
#include "banyan/saga/history.hpp"
#include "banyan/store/database.hpp"
#include "banyan/testing/manual_clock.hpp"
#include "banyan/testing/sample.hpp"
#include "banyan/testing/seeded_random.hpp"
#include "banyan/testing/temporary_directory.hpp"

using namespace banyan;
using namespace banyan::saga;
using namespace std::chrono_literals;
using message::Kind;

namespace {

using Trip = testing::Sample<"agency.trip.v1", Kind::state>;
using Begun = testing::DomainEvent<"agency.begun.v1">;
using Done = testing::Sample<"partner.done.v1", Kind::reply>;
using Other = testing::Sample<"partner.other.v1", Kind::reply>;
using First = testing::Sample<"partner.first.v1", Kind::command, Done>;
using Second = testing::Sample<"partner.second.v1", Kind::command, Done>;
using UndoFirst = testing::Sample<"partner.undo_first.v1", Kind::command, Done>;
using UndoSecond = testing::Sample<"partner.undo_second.v1", Kind::command, Done>;

const Error no{Errc::rejected, "test.no"};
const Uuid trip_id{{std::byte{7}}};

template <message::Message C>
C of(const Trip& trip) {
  return {.key = trip.key, .number = trip.number};
}

template <message::Message C>
auto with_key(std::string key) {
  return [key](const Trip& trip) { return C{.key = key, .number = trip.number}; };
}

/// An engine over a store; the test is the rest of the world.
struct Bench {
  /// With a `pivot` the saga's first step is its point of no return.
  explicit Bench(bool pivot = false) : has_pivot{pivot} {
    store::Options options;
    options.directory = directory.path() + "/store";
    options.durability = store::Durability::normal;
    options.ballast_bytes = 0;
    std::vector<store::Migration> migrations;
    for (const auto part : {delivery::migrations(), saga::migrations()}) {
      migrations.insert(migrations.end(), part.begin(), part.end());
    }
    database = std::move(store::Database::open(options, migrations, clock, faults)).value();
    BOOST_REQUIRE(begin([&](Tx& tx, const Context& context) {
                    return engine.start(tx, Payload::of(Begun{.key = "trip"}), context);
                  }).ok());
    commit();
  }

  std::shared_ptr<const Definition> definition() {
    Saga<Trip> made{"trip"};
    made.starts_on<Begun>([](const Begun&) { return trip_id; },
                          [](const Begun& event) { return Trip{.key = event.key}; })
        .step("first")
        .sends<First>(of<First>)
        .absorbs<Done>([this](Trip& trip, const Done& done) -> Status {
          trip.number += done.number;
          return absorbed;
        });
    has_pivot ? made.irreversible("it has left").pivot() : made.undo<UndoFirst>(with_key<UndoFirst>("first"));
    made.step("second").sends<Second>(with_key<Second>(""));
    has_pivot ? made.irreversible("it has left") : made.undo<UndoSecond>(with_key<UndoSecond>("second"));
    return made.completes([this](Tx&, const Trip&, const Context&) { return ++completions, end; })
        .fails([this](Tx&, const Trip&, const Error& reason, const Context&) {
          return failures += reason.reason(), end;
        })
        .build();
  }

  using Work = std::function<Status(Tx&, const Context&)>;

  /// In a savepoint of the open transaction; opens one if there is none.
  Status begin(const Work& work) {
    if (!database->in_transaction()) BOOST_REQUIRE(database->begin().ok());
    const std::size_t mark = engine.mark();
    const Status ran = database->attempt([&](store::Transaction& transaction) {
      const message::Envelope envelope;
      const Context context{envelope, age.now(clock), ids};
      Tx tx{transaction, sent, "agency", context};
      return work(tx, context);
    });
    if (!ran.ok()) engine.rolled_back(mark, clock.now());
    return ran;
  }
  void commit() {
    if (!database->in_transaction()) return;
    BOOST_REQUIRE(database->commit().ok());
    engine.committed();
  }
  void lose() {
    database->rollback();
    engine.rolled_back(0, clock.now());
  }

  template <message::Message R>
  Status reply(const std::string& to, R answer) {
    return begin([&](Tx& tx, const Context& context) {
      return engine.reply(tx, to, Payload::of(std::move(answer)), context);
    });
  }
  Status done(const std::string& to) { return reply(to, Done{.number = 5}); }

  std::string last_sent() const { return std::string{sent.back().parcel->payload.type().type}; }

  std::vector<std::string> happened() {
    std::vector<std::string> lines;
    const bool was_open = database->in_transaction();
    if (!was_open) BOOST_REQUIRE(database->begin().ok());
    for (const HistoryEntry& entry : history(database->transaction(), "trip", trip_id)) {
      lines.push_back(entry.step + " " + entry.outcome);
    }
    if (!was_open) database->rollback();
    return lines;
  }

  /// Lets the time come at which the instance wants to be woken, and wakes it.
  void wait_and_wake() {
    clock.advance(engine.next_wake().value() - clock.now());
    const std::int64_t instance = engine.take_due(clock.now()).value();
    BOOST_REQUIRE(
        begin([&](Tx& tx, const Context& context) { return engine.wake(tx, instance, context); }).ok());
    commit();
  }

  bool has_pivot;
  testing::TemporaryDirectory directory;
  testing::ManualClock clock;
  testing::SeededRandom random{1};
  IdSource ids{clock, random};
  NoFaults faults;
  std::unique_ptr<store::Database> database;
  delivery::Emissions sent;
  Status absorbed = success();
  Status end = success();
  int completions = 0;
  std::string failures;
  delivery::StoreAge age;
  Engine engine{{definition()}, age};
};

using Lines = std::vector<std::string>;
const auto per_element = boost::test_tools::per_element();

}  // namespace

BOOST_FIXTURE_TEST_SUITE(replies, Bench)

BOOST_AUTO_TEST_CASE(move_the_instance_on_to_its_end) {
  BOOST_TEST(last_sent() == "partner.first.v1");
  BOOST_TEST(sent.back().parcel->envelope.reply_to == "1/0/do");
  BOOST_REQUIRE(done("1/0/do").ok());
  BOOST_TEST(last_sent() == "partner.second.v1");
  BOOST_TEST(sent.back().parcel->payload.as<Second>().number == 5);
  BOOST_REQUIRE(done("1/1/do").ok());
  BOOST_TEST(completions == 1);
}

BOOST_AUTO_TEST_CASE(to_nothing_that_a_saga_has_asked_are_refused) {
  for (const char* to : {"", "x", "1", "1/", "1/0", "1/0/", "1/0/dont", "/0/do", "1//do", "1/2/do", "1/0/do ",
                         "99999999999999999999/0/do", "1/-1/do"}) {
    BOOST_TEST_CONTEXT(to) {
      BOOST_TEST((done(to).error() == Error{Errc::invalid_argument, "saga.bad_reply_to"}));
    }
  }
}

BOOST_AUTO_TEST_CASE(to_an_instance_that_is_not_there_or_has_ended_change_nothing) {
  BOOST_TEST(done("9/0/do").ok());
  BOOST_REQUIRE(done("1/0/do").ok());
  BOOST_REQUIRE(done("1/1/do").ok());
  BOOST_TEST(done("1/1/do").ok());
  BOOST_TEST(completions == 1);
}

BOOST_AUTO_TEST_CASE(to_an_instance_whose_step_this_program_does_not_have_are_an_error) {
  BOOST_REQUIRE(begin([](Tx& tx, const Context&) {
                  return tx.execute("UPDATE banyan_saga SET step = 2"), success();
                }).ok());
  commit();
  Engine other{{definition()}, age};
  const Status replied = begin([&](Tx& tx, const Context& context) {
    return other.reply(tx, "1/1/do", Payload::of(Done{}), context);
  });
  BOOST_TEST((replied.error() == Error{Errc::data_loss, "saga.unknown_step"}));
}

BOOST_AUTO_TEST_CASE(of_another_type_than_the_step_takes_are_refused) {
  BOOST_TEST((reply("1/0/do", Other{}).error() == Error{Errc::invalid_argument, "saga.wrong_reply"}));
  BOOST_REQUIRE(done("1/0/do").ok());
}

BOOST_AUTO_TEST_CASE(to_a_question_that_is_not_open_any_more_are_noted_and_change_nothing) {
  BOOST_REQUIRE(done("1/0/do").ok());
  const std::size_t before = sent.size();
  BOOST_REQUIRE(done("1/0/do").ok());
  BOOST_REQUIRE(done("1/0/undo").ok());
  BOOST_TEST(sent.size() == before);
  BOOST_TEST(happened() == (Lines{"first done", "first late", "first late"}), per_element);
}

BOOST_AUTO_TEST_CASE(that_refuse_the_only_attempt_at_a_step_leave_nothing_of_it_to_take_back) {
  BOOST_REQUIRE(reply("1/0/do", message::Refusal::from(no)).ok());
  BOOST_TEST(failures == "test.no");
}

// The other attempt is still under way: stock may come in before it arrives.
BOOST_AUTO_TEST_CASE(that_refuse_one_of_several_attempts_at_a_step_have_it_taken_back_too) {
  wait_and_wake();
  BOOST_REQUIRE(reply("1/0/do", message::Refusal::from(no)).ok());
  BOOST_TEST(failures == "");
  BOOST_TEST(last_sent() == "partner.undo_first.v1");
  BOOST_REQUIRE(done("1/0/do").ok());  // the other one was
  BOOST_REQUIRE(done("1/0/undo").ok());
  BOOST_TEST(failures == "test.no");
  BOOST_TEST(
      happened() == (Lines{"first timed_out", "first refused", "first late", "first undone", "trip failed"}),
      per_element);
}

BOOST_AUTO_TEST_CASE(that_the_state_does_not_take_end_the_saga_and_take_the_step_back) {
  absorbed = no;
  BOOST_REQUIRE(done("1/0/do").ok());
  BOOST_TEST(last_sent() == "partner.undo_first.v1");
  BOOST_REQUIRE(done("1/0/undo").ok());
  BOOST_TEST(failures == "test.no");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(commands, Bench)

// A step's command may be parked: what takes it back has to wait behind it.
BOOST_AUTO_TEST_CASE(that_take_a_step_back_have_the_key_of_the_one_that_did_it) {
  const auto last_key = [&] { return sent.back().parcel->envelope.key; };
  BOOST_TEST(last_key() == "trip");
  BOOST_REQUIRE(done("1/0/do").ok());
  BOOST_TEST(last_key() == "saga/1");  // it has none of its own
  while (failures.empty() && last_sent() == "partner.second.v1") wait_and_wake();
  BOOST_TEST(last_sent() == "partner.undo_second.v1");
  BOOST_TEST(last_key() == "saga/1");
  BOOST_REQUIRE(done("1/1/undo").ok());
  BOOST_TEST(last_sent() == "partner.undo_first.v1");
  BOOST_TEST(last_key() == "trip");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(undone, Bench)

BOOST_AUTO_TEST_CASE(moves_are_made_again) {
  BOOST_REQUIRE(done("1/0/do").ok());
  lose();
  BOOST_TEST(happened().empty());
  BOOST_REQUIRE(done("1/0/do").ok());
  BOOST_TEST(sent.back().parcel->payload.as<Second>().number == 5);
  commit();
  BOOST_TEST(happened() == (Lines{"first done"}), per_element);
}

BOOST_AUTO_TEST_CASE(the_end_is_reached_again) {
  BOOST_REQUIRE(done("1/0/do").ok());
  commit();
  end = no;
  BOOST_TEST((done("1/1/do").error() == no));
  end = success();
  BOOST_REQUIRE(done("1/1/do").ok());
  commit();
  BOOST_TEST(happened() == (Lines{"first done", "second done", "trip completed"}), per_element);
}

BOOST_AUTO_TEST_CASE(what_was_read_amid_a_transaction_that_is_lost_is_forgotten) {
  BOOST_REQUIRE(done("1/0/do").ok());
  BOOST_TEST(!begin([&](Tx& tx, const Context& context) {
                return static_cast<void>(engine.reply(tx, "1/1/do", Payload::of(Done{}), context)),
                       Status{no};
              }).ok());
  BOOST_REQUIRE(done("1/0/do").ok());  // late, and reads the instance anew
  lose();
  BOOST_REQUIRE(done("1/0/do").ok());
  commit();
  BOOST_TEST(happened() == (Lines{"first done"}), per_element);
  BOOST_TEST(sent.back().parcel->envelope.reply_to == "1/1/do");
}

BOOST_AUTO_TEST_CASE(instances_are_looked_at_again_and_keep_their_time) {
  BOOST_REQUIRE(done("1/0/do").ok());
  lose();
  BOOST_TEST((engine.next_wake() == clock.now()));
  const auto wake_all = [&] {
    int woken = 0;
    while (const auto instance = engine.take_due(clock.now())) {
      ++woken;
      BOOST_REQUIRE(
          begin([&](Tx& tx, const Context& context) { return engine.wake(tx, *instance, context); }).ok());
    }
    commit();
    return woken;
  };
  BOOST_TEST(wake_all() == 1);
  BOOST_TEST(happened().empty());
  BOOST_TEST(wake_all() == 0);
  clock.advance(30s);
  BOOST_TEST(wake_all() == 1);
  BOOST_TEST(happened() == (Lines{"first timed_out"}), per_element);
}

BOOST_AUTO_TEST_CASE(the_end_of_going_back_is_reached_again_too) {
  const auto stop = [&](Tx& tx, const Context&) {
    return abort(tx, "trip", trip_id, no) ? success() : Status{no};
  };
  BOOST_REQUIRE(begin(stop).ok());
  BOOST_REQUIRE(done("1/0/do").ok());
  commit();
  BOOST_TEST(last_sent() == "partner.undo_first.v1");
  end = no;
  BOOST_TEST(!done("1/0/undo").ok());
  end = success();
  BOOST_REQUIRE(done("1/0/undo").ok());
  commit();
  BOOST_TEST(happened() == (Lines{"first done", "trip aborted", "first undone", "trip failed"}), per_element);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct OneWay : Bench {
  OneWay() : Bench{true} {}

  Status refuse(const std::string& to) { return reply(to, message::Refusal::from(no)); }
  bool abort_it() {
    return begin([&](Tx& tx, const Context&) {
             return abort(tx, "trip", trip_id, no) ? success() : Status{no};
           })
        .ok();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_pivot, OneWay)

BOOST_AUTO_TEST_CASE(is_asked_for_until_its_outcome_is_known) {
  for (int attempt = 0; attempt < 20; ++attempt) wait_and_wake();
  BOOST_TEST(failures == "");
  BOOST_TEST(last_sent() == "partner.first.v1");
  BOOST_REQUIRE(done("1/0/do").ok());
  BOOST_TEST(last_sent() == "partner.second.v1");
}

BOOST_AUTO_TEST_CASE(is_asked_for_less_and_less_often) {
  const Instant began = clock.now();
  for (int attempt = 0; attempt < 20; ++attempt) wait_and_wake();
  BOOST_TEST((clock.now() - began > 2h));
  BOOST_TEST((engine.next_wake().value() - clock.now() == 10min));
}

BOOST_AUTO_TEST_CASE(that_is_refused_lets_the_saga_go_back) {
  BOOST_REQUIRE(refuse("1/0/do").ok());
  BOOST_TEST(failures == "test.no");
}

BOOST_AUTO_TEST_CASE(that_is_done_leaves_only_the_way_forward) {
  BOOST_REQUIRE(done("1/0/do").ok());
  BOOST_REQUIRE(refuse("1/1/do").ok());
  commit();
  for (int attempt = 0; attempt < 20; ++attempt) wait_and_wake();
  BOOST_TEST(failures == "");
  BOOST_TEST(last_sent() == "partner.second.v1");
  BOOST_REQUIRE(done("1/1/do").ok());
  BOOST_TEST(completions == 1);
}

BOOST_AUTO_TEST_CASE(whose_answer_the_state_does_not_take_is_asked_for_again) {
  absorbed = no;
  BOOST_REQUIRE(done("1/0/do").ok());
  commit();
  absorbed = success();
  wait_and_wake();
  BOOST_REQUIRE(done("1/0/do").ok());
  BOOST_TEST(sent.back().parcel->payload.as<Second>().number == 5);
}

BOOST_AUTO_TEST_CASE(that_is_done_or_in_doubt_is_not_aborted) {
  BOOST_REQUIRE(abort_it());
  wait_and_wake();
  BOOST_TEST(failures == "");
  BOOST_REQUIRE(done("1/0/do").ok());
  commit();
  wait_and_wake();
  BOOST_REQUIRE(done("1/1/do").ok());
  BOOST_TEST(completions == 1);
}

BOOST_AUTO_TEST_SUITE_END()
