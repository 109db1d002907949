#define BOOST_TEST_MODULE delivery_age
#include "banyan/delivery/age.hpp"

#include <boost/test/unit_test.hpp>

#include "scratch.hpp"

using namespace banyan;
using namespace banyan::delivery;
using namespace std::chrono_literals;

namespace {

struct Aging : Scratch {
  /// A process with a clock of its own opens the store.
  struct Process {
    testing::ManualClock clock;
    testing::SeededRandom random{7};
    IdSource ids{clock, random};
    StoreAge age;
  };

  void open(Process& process) {
    commit([&](auto& tx) { process.age.open(tx, process.ids, process.clock.now()); });
  }
  void save(Process& process) {
    commit([&](auto& tx) { process.age.save(tx, process.ids, process.clock.now()); });
  }
  static Duration old(const Process& process) {
    return process.age.now(process.clock).age.time_since_epoch();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_store, Aging)

BOOST_AUTO_TEST_CASE(that_is_new_has_no_age) {
  Process process;
  open(process);
  BOOST_TEST((old(process) == 0s));
}

BOOST_AUTO_TEST_CASE(grows_older_while_it_is_open_and_not_while_it_is_not) {
  Process first;
  open(first);
  first.clock.advance(2h);
  save(first);

  Process second;
  second.clock.advance(500h);
  open(second);
  BOOST_TEST((old(second) == 2h));
  second.clock.advance(1min);
  BOOST_TEST((old(second) == 2h + 1min));
}

BOOST_AUTO_TEST_CASE(is_as_old_as_before_however_the_clock_was_set) {
  Process process;
  open(process);
  process.clock.advance(1h);
  process.clock.set_by(25h);
  BOOST_TEST((old(process) == 1h));
  process.clock.set_by(-9000h);
  BOOST_TEST((old(process) == 1h));
}

BOOST_AUTO_TEST_CASE(that_is_read_again_in_a_process_goes_on_with_its_clock) {
  Process process;
  open(process);
  process.clock.advance(1h);
  open(process);
  BOOST_TEST((old(process) == 1h));
}

BOOST_AUTO_TEST_CASE(tells_moments_of_before_the_process_too) {
  Process first;
  open(first);
  first.clock.advance(2h);
  save(first);
  Process second;
  open(second);
  const Age before{30min};
  BOOST_TEST((second.age.at(before) == second.clock.now() - 90min));
  BOOST_TEST((second.age.at(second.age.at(before)) == before));
}

BOOST_AUTO_TEST_CASE(writes_its_age_without_being_asked_once_a_minute) {
  Process process;
  open(process);
  process.clock.advance(59s);
  BOOST_TEST(!process.age.is_due(process.clock.now()));
  process.clock.advance(1s);
  BOOST_TEST(process.age.is_due(process.clock.now()));
  save(process);
  BOOST_TEST(!process.age.is_due(process.clock.now()));
}

BOOST_AUTO_TEST_CASE(has_ids_that_go_on_where_they_were_when_the_clock_is_behind_at_the_next_start) {
  for (const auto behind : {2s, 3600s, 86400s}) {
    Process first;
    open(first);
    const Uuid last = first.ids.next();
    save(first);

    Process second;
    second.clock.set_by(-behind);
    open(second);
    BOOST_TEST((last < second.ids.next()));
  }
}

BOOST_AUTO_TEST_SUITE_END()
