#define BOOST_TEST_MODULE delivery_timers
#include <boost/test/unit_test.hpp>

#include "banyan/delivery/timers.hpp"
#include "scratch.hpp"

using namespace banyan;
using namespace banyan::delivery;
using namespace std::chrono_literals;

namespace {

struct Alarm : Scratch {
  Timestamp start = clock.utc();
  std::size_t unreadable = 0;  // when it rang last

  void set(Duration in, std::int64_t number) {
    commit([&](auto& tx) { timers::add(tx, Emission{event("a", number), start + in}, clock.now()); });
  }

  std::vector<std::int64_t> ring(Duration after, std::int64_t rows_max = 100) {
    std::vector<std::int64_t> numbers;
    commit([&](auto& tx) {
      const auto due = timers::take_due(tx, start + after, clock.now(), registry, rows_max);
      unreadable = due.unreadable.size();
      for (const auto& parcel : due.parcels) {
        numbers.push_back(parcel->payload.template as<Counted>().number);
      }
    });
    return numbers;
  }

  std::optional<Timestamp> next() {
    std::optional<Timestamp> due;
    roll_back([&](auto& tx) { due = timers::next_due(tx); });
    return due;
  }
};

using Numbers = std::vector<std::int64_t>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(durable_timers, Alarm)

BOOST_AUTO_TEST_CASE(give_out_what_is_due_in_the_order_of_time_and_once) {
  set(3s, 3);
  set(1s, 1);
  set(2s, 2);
  BOOST_TEST(ring(999ms).empty());
  BOOST_TEST(ring(2s) == (Numbers{1, 2}), per_element);
  BOOST_TEST(ring(2s).empty());
  BOOST_TEST(ring(1h) == (Numbers{3}), per_element);
}

BOOST_AUTO_TEST_CASE(give_out_at_most_so_many_at_once) {
  for (int i = 0; i < 5; ++i) set(std::chrono::seconds{i}, i);
  BOOST_TEST(ring(1h, 2) == (Numbers{0, 1}), per_element);
  BOOST_TEST(ring(1h, 9) == (Numbers{2, 3, 4}), per_element);
}

BOOST_AUTO_TEST_CASE(tell_when_the_next_one_is_due) {
  BOOST_TEST(!next());
  set(5s, 1);
  set(2s, 2);
  BOOST_TEST((next() == start + 2s));
}

BOOST_AUTO_TEST_CASE(outlive_the_process) {
  set(1s, 1);
  reopen();
  BOOST_TEST(ring(1s) == (Numbers{1}), per_element);
}

BOOST_AUTO_TEST_CASE(keep_what_was_taken_out_by_a_transaction_that_was_lost) {
  set(1s, 1);
  roll_back([&](auto& tx) {
    BOOST_TEST(timers::take_due(tx, start + 1s, clock.now(), registry, 9).parcels.size() == 1U);
  });
  BOOST_TEST(ring(1s).size() == 1U);
}

BOOST_AUTO_TEST_CASE(that_can_not_be_read_are_put_off_and_hold_up_no_other) {
  set(1s, 1);
  set(2s, 2);
  const auto break_first = [](std::string_view headers) {
    return [headers](auto& tx) {
      tx.execute("UPDATE banyan_timer SET headers = ?1 WHERE due_at = (SELECT min(due_at) FROM banyan_timer)",
                 headers);
    };
  };
  std::optional<std::string> headers;
  roll_back([&](auto& tx) {
    headers = tx.template find<std::string>("SELECT headers FROM banyan_timer ORDER BY due_at LIMIT 1");
  });
  commit(break_first("no"));
  BOOST_TEST(ring(2s) == (Numbers{2}), per_element);
  BOOST_TEST(unreadable == 1U);
  BOOST_TEST((next() == start + 2s + 1h));
  commit(break_first(*headers));
  BOOST_TEST(ring(2h) == (Numbers{1}), per_element);
  BOOST_TEST(unreadable == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
