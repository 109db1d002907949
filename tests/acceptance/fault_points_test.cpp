#define BOOST_TEST_MODULE acceptance_fault_points
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <future>

#include "check.hpp"
#include "small_shop.hpp"

using namespace acceptance;
using namespace std::chrono_literals;

namespace {

constexpr int orders = 20;

void sell_everything(Replay& replay) {
  replay.load();
  replay.place_orders(1);
  replay.come_to_rest();
}

/// Starts the process again whenever it has ended, until `work` is done. How often that was.
int keep_alive(ShopProcess& process, std::future<void>& work) {
  int ends = 0;
  while (work.wait_for(1ms) == std::future_status::timeout) {
    if (!process.ends_within(5ms)) continue;
    ++ends;
    process.start();
  }
  return ends;
}

/// A point, and the how many-th time that the process gets there: at the start, early on, amid the orders.
std::vector<std::string> plans() {
  std::vector<std::string> plans{"mid_checkpoint:1", "mid_checkpoint:3"};
  for (const char* point : {"after_begin", "before_commit", "after_commit", "before_handoff",
                            "after_inbox_commit", "before_cursor"}) {
    for (const char* time : {"1", "12", "100"}) plans.push_back(std::string{point} + ":" + time);
  }
  return plans;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fault_points)

BOOST_AUTO_TEST_CASE(the_small_stream_has_orders_of_all_kinds) {
  std::map<std::string, int> ends;
  for (const Outcome& outcome : count(small_stream(orders)).outcomes) ++ends[outcome.cancel_code];
  BOOST_TEST(ends[""] > 5);
  BOOST_TEST(ends[out_of_stock] > 2);
  BOOST_TEST(ends[card_declined] > 2);
}

BOOST_DATA_TEST_CASE(an_end_of_the_process_at_any_point_loses_nothing_and_does_nothing_twice,
                     boost::unit_test::data::make(plans()), plan) {
  const Stream stream = small_stream(orders);
  const Count expected = count(stream);
  // So that even few orders fill the log and have it emptied.
  ShopProcess process{{{"BANYAN_STORE_WAL_CHECKPOINT", "256KiB"}}};
  process.launch({{"FAULT_POINT", plan}});
  bool has_ended = !process.serves();
  if (has_ended) process.start();
  Replay replay{stream, places_of(process)};

  auto work = std::async(std::launch::async, [&] { sell_everything(replay); });
  has_ended = keep_alive(process, work) > 0 || has_ended;
  work.get();

  BOOST_TEST(has_ended);
  check_books(stream, expected, replay, process);
  const auto repeated = replay.repeat_orders();
  for (std::size_t i = 0; i < repeated.size(); ++i) BOOST_TEST(repeated[i] == replay.placed()[i].order_id);
  check_stores(process);
}

BOOST_AUTO_TEST_SUITE_END()
