#define BOOST_TEST_MODULE acceptance_fault_points
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <future>

#include "check.hpp"

using namespace acceptance;
using namespace std::chrono_literals;

namespace {

constexpr int orders = 20;

/// A small shop whose stock runs out on the way, with customers whose cards are declined.
Stream small_stream() {
  Stream stream;
  for (const char* id : {"ada", "bob", "cyd"}) {
    stream.customers.push_back({.id = id,
                                .company = id,
                                .address = {.street = "Main street 1", .city = "Here", .country = "Nowhere"},
                                .phone = ""});
  }
  for (int i = 1; i <= 4; ++i) {
    stream.products.push_back({.id = i,
                               .name = "Product " + std::to_string(i),
                               .category = "Things",
                               .quantity_per_unit = "1",
                               .unit_price_cents = 100 * i + 5,
                               .units_in_stock = 20 * i});
  }
  for (int i = 0; i < orders; ++i) {
    Stream::Order order{
        .id = i,
        .customer_id = stream.customers[static_cast<std::size_t>(i) % 3].id,
        .carrier = "Standard",
        .freight_cents = 50 * i,
        .ship_to = {.name = "Ada", .street = "Side street 2", .city = "Here", .country = "Nowhere"},
        .lines = {}};
    order.lines.push_back({.product_id = i % 4 + 1,
                           .unit_price_cents = 105,
                           .quantity = i % 7 + 1,
                           .discount_percent = i % 20});
    order.lines.push_back({.product_id = (i + 1) % 4 + 1,
                           .unit_price_cents = 333,
                           .quantity = i % 5 + 4,
                           .discount_percent = 0});
    if (i % 4 == 1) order.payment_method = "tok_declined";
    stream.orders.push_back(std::move(order));
  }
  return stream;
}

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
  for (const Outcome& outcome : count(small_stream()).outcomes) ++ends[outcome.cancel_code];
  BOOST_TEST(ends[""] > 5);
  BOOST_TEST(ends[out_of_stock] > 2);
  BOOST_TEST(ends[card_declined] > 2);
}

BOOST_DATA_TEST_CASE(an_end_of_the_process_at_any_point_loses_nothing_and_does_nothing_twice,
                     boost::unit_test::data::make(plans()), plan) {
  const Stream stream = small_stream();
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
