#define BOOST_TEST_MODULE backup_link
#include "banyan/backup/link.hpp"

#include <filesystem>

#include "banyan/backup/restore.hpp"
#include "banyan/backup/set.hpp"
#include "shop.hpp"

using namespace banyan;
using namespace banyan::backup;
namespace fs = std::filesystem;

namespace {

/// Stock has ten rows of orders; of orders there is a set with three.
struct Apart : Shop {
  Apart() {
    orders.emit(3);
    stock.take(orders);
    require(back_up(stores(), set, console));
    orders.emit(7);
    stock.take(orders);
  }

  /// Of orders alone.
  void restore_orders() {
    orders.close();
    stock.close();
    fs::rename(path("data/orders"), path("before"));
    const RestoreOptions options{
        .from = set, .targets = {orders.store}, .neighbours = {stock.store}, .where = "--data-dir data"};
    require(restore(options, console));
  }
  /// By somebody who knows no better.
  void copy_orders() {
    orders.close();
    stock.close();
    fs::rename(path("data/orders"), path("before"));
    fs::create_directory(path("data/orders"));
    fs::copy_file(set + "/orders.db", path("data/orders/store.db"));
  }

  bool resume(bool is_applied, LinkOptions options = {}) {
    options.producer = "orders";
    options.subscriber = "stock";
    options.is_applied = is_applied;
    options.where = "--data-dir data";
    return resume_link(stores(), options, console);
  }
  ModuleStore before() const { return {"orders", {.directory = path("before")}}; }
  void open() {
    orders.open();
    stock.open();
  }
  std::string last_note() {
    std::string note;
    stock.change([&](store::Transaction& tx) {
      note = tx.find<std::string>("SELECT what FROM banyan_intervention ORDER BY n DESC").value_or("");
    });
    return note;
  }

  const std::string set = path("set");
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_link_of_a_restored_producer, Apart)

BOOST_AUTO_TEST_CASE(is_reported_by_the_restore_with_the_command_that_lets_it_go_on) {
  restore_orders();
  BOOST_TEST(said("orders to stock: has stopped: the subscriber followed another incarnation"), all());
  BOOST_TEST(said("  orders and stock have rows up to 3 in common"), all());
  BOOST_TEST(said("  stock has of 7 rows behind that, 4 to 10, what concerned it"), all());
  BOOST_TEST(said("  next: shop link resume orders stock --data-dir data"), all());
}

BOOST_AUTO_TEST_CASE(is_left_as_it_is_unless_it_is_to_be_applied) {
  restore_orders();
  BOOST_TEST(resume(false), all());
  BOOST_TEST(
      said(
          "nothing was changed; next: stop stock, and shop link resume orders stock --data-dir data --apply"),
      all());
  open();
  BOOST_TEST(stock.at("orders").seq == 10u);
}

BOOST_AUTO_TEST_CASE(goes_on_behind_the_last_row_that_both_have) {
  restore_orders();
  orders.open();
  orders.emit(2);
  orders.close();
  require(resume(true));
  BOOST_TEST(said("  it goes on behind row 3: of 2 rows that the log has there, it gets what concerns it"),
             all());
  open();
  BOOST_TEST(stock.at("orders").seq == 3u);
  BOOST_TEST((stock.at("orders").epoch == orders.head().epoch));
  BOOST_TEST(last_note().starts_with("link from orders resumed: was at "), last_note());
  stock.close();
  BOOST_TEST(is_whole(stock.store, stores(), clock, console.complain), all());
}

BOOST_AUTO_TEST_CASE(loses_nothing_if_the_subscriber_had_no_more) {
  stock.change([&](store::Transaction& tx) { tx.execute("DELETE FROM banyan_inbox"); });
  stock.close();
  orders.close();
  fs::remove_all(path("data/stock"));
  RestoreOptions options{.from = set, .targets = {stock.store}, .neighbours = {}, .where = ""};
  require(restore(options, console));
  restore_orders();
  require(resume(true));
  open();
  BOOST_TEST((stock.at("orders") == orders.head()));
}

BOOST_AUTO_TEST_CASE(forgets_what_was_parked_of_rows_that_are_lost) {
  stock.change([](store::Transaction& tx) {
    for (const int seq : {2, 5}) {
      tx.execute(
          "INSERT INTO banyan_parked (producer, seq, type, key, state, attempts, next_attempt, parked_at, "
          "cause, headers, payload) VALUES ('orders', ?1, 'counter.counted.v1', 'a', 3, 1, 0, 0, 'x', "
          "'{\"id\":\"m\"}', '{}')",
          seq);
    }
  });
  restore_orders();
  require(resume(true));
  BOOST_TEST(said("    5 counter.counted.v1 m"), all());
  open();
  stock.change([](store::Transaction& tx) {
    BOOST_TEST(*tx.find<std::int64_t>("SELECT max(seq) FROM banyan_parked") == 2);
    BOOST_TEST(*tx.find<std::int64_t>("SELECT count(*) FROM banyan_parked") == 1);
  });
}

BOOST_AUTO_TEST_CASE(waits_until_the_subscriber_is_stopped) {
  restore_orders();
  stock.open();
  BOOST_TEST(!resume(true));
  BOOST_TEST(complained("orders to stock: store.in_use"), all());
}

BOOST_AUTO_TEST_CASE(is_not_touched_while_it_flows) {
  BOOST_TEST(!resume(true));
  BOOST_TEST(complained("orders to stock: delivery.not_stopped"), all());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_link_of_a_producer_that_was_set_back_by_hand, Apart)

BOOST_AUTO_TEST_CASE(needs_to_be_told_what_both_have_in_common) {
  copy_orders();
  BOOST_TEST(!resume(true));
  BOOST_TEST(
      complained("orders to stock: delivery.unknown_fork: the log ends with row 3, the subscriber is at 10"),
      all());
  BOOST_TEST(complained("shop link resume orders stock --data-dir data --lost FOLDER"), all());
}

BOOST_AUTO_TEST_CASE(goes_on_as_the_lost_log_proves) {
  copy_orders();
  orders.open();
  orders.emit(4);
  orders.close();
  require(resume(true, {.producer = "", .subscriber = "", .lost = before()}));
  BOOST_TEST(said("  orders and stock have rows up to 3 in common"), all());
  BOOST_TEST(said("  the rows behind that, as the lost log has them:"), all());
  BOOST_TEST(said("    10 counter.counted.v1 "), all());
  open();
  BOOST_TEST(stock.at("orders").seq == 3u);
}

BOOST_AUTO_TEST_CASE(goes_on_where_it_was_told_to) {
  copy_orders();
  require(resume(true, {.producer = "", .subscriber = "", .after = 2}));
  open();
  BOOST_TEST(stock.at("orders").seq == 2u);
}

BOOST_AUTO_TEST_CASE(does_not_go_on_behind_the_end_of_the_log) {
  copy_orders();
  BOOST_TEST(!resume(true, {.producer = "", .subscriber = "", .after = 4}));
  BOOST_TEST(complained("delivery.position_ahead"), all());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_link_whose_subscriber_was_set_back_too_far, Apart)

BOOST_AUTO_TEST_CASE(goes_on_with_what_the_log_has_kept_and_says_what_is_missing_for_ever) {
  orders.change([](store::Transaction& tx) {
    delivery::Outbox::note(tx, {{"stock", {.had = 10, .until = 10}}});
  });
  orders.prune(8);
  orders.close();
  stock.close();
  fs::remove_all(path("data/stock"));
  const RestoreOptions options{
      .from = set, .targets = {stock.store}, .neighbours = {orders.store}, .where = "--data-dir data"};
  require(restore(options, console));
  BOOST_TEST(said("orders to stock: has stopped: the subscriber is at 3 and was at 10 before"), all());
  require(resume(true));
  BOOST_TEST(said("  missing for ever: 5 rows, 4 to 8, which the log has not kept"), all());
  open();
  BOOST_TEST(stock.at("orders").seq == 8u);
}

BOOST_AUTO_TEST_SUITE_END()
