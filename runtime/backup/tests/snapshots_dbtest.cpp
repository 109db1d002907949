#define BOOST_TEST_MODULE backup_snapshots
#include "snapshots.hpp"

#include <filesystem>

#include "shop.hpp"

using namespace banyan;
using namespace banyan::backup;

namespace {

struct Busy : Shop {
  Busy() {
    orders.emit(3);
    stock.take(orders);
  }

  /// The subscriber is ahead of its producer, as a snapshot sees it that was taken a moment too early.
  void run_ahead(std::uint64_t rows) {
    stock.change([&](store::Transaction& tx) {
      tx.execute("UPDATE banyan_inbox SET seq = seq + ?1 WHERE producer = 'orders'", rows);
    });
  }
  void come_back() {
    stock.change([&](store::Transaction& tx) {
      tx.execute("UPDATE banyan_inbox SET seq = ?1 WHERE producer = 'orders'", orders.head().seq);
    });
  }

  Result<Snapshots> take(const SnapshotLimits& limits = {}) {
    return Snapshots::take(stores(), console, limits);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(snapshots_of_one_moment, Busy)

BOOST_AUTO_TEST_CASE(are_the_first_ones_in_which_nobody_is_ahead) {
  const auto taken = take();

  BOOST_REQUIRE(taken.ok());
  BOOST_TEST(taken.value().attempts() == 1);
  BOOST_TEST(taken.value().stopped().empty());
}

BOOST_AUTO_TEST_CASE(are_others_if_a_subscriber_was_ahead) {
  run_ahead(1);
  meanwhile = [this] { come_back(); };

  const auto taken = take();

  BOOST_REQUIRE(taken.ok());
  BOOST_TEST(taken.value().attempts() == 2);
  BOOST_TEST(taken.value().stopped().empty());
}

BOOST_AUTO_TEST_CASE(do_not_wait_for_a_link_that_has_stopped) {
  run_ahead(5);

  const auto taken = take();

  BOOST_REQUIRE(taken.ok());
  BOOST_TEST(taken.value().attempts() == 2);
  BOOST_REQUIRE(taken.value().stopped().size() == 1u);
  const Misfit& link = taken.value().stopped().front();
  BOOST_TEST(link.producer == "orders");
  BOOST_TEST(link.subscriber == "stock");
  BOOST_TEST(link.at.seq == 8u);
}

BOOST_AUTO_TEST_CASE(are_given_up_after_so_many_attempts_which_says_which_link_kept_moving) {
  run_ahead(1);
  meanwhile = [this] { run_ahead(1); };

  const auto taken = take({.attempts_max = 4});

  BOOST_REQUIRE(!taken.ok());
  BOOST_TEST((taken.error() == Error{Errc::unavailable, "backup.no_moment"}));
  BOOST_TEST(
      taken.error().detail().starts_with("the link from orders to stock kept moving through 4 attempts"),
      taken.error().detail());
}

BOOST_AUTO_TEST_CASE(are_given_up_after_so_much_time) {
  run_ahead(1);
  meanwhile = [this] {
    run_ahead(1);
    clock.advance(std::chrono::seconds{11});
  };

  const auto taken = take({.time_max = std::chrono::seconds{30}});

  BOOST_REQUIRE(!taken.ok());
  BOOST_TEST(taken.error().detail().find("through 4 attempts") != std::string::npos, taken.error().detail());
}

BOOST_AUTO_TEST_CASE(stay_as_they_were_while_the_stores_go_on) {
  auto taken = take();
  BOOST_REQUIRE(taken.ok());
  orders.emit(10);
  stock.take(orders);

  BOOST_TEST(taken.value().snapshot(0).copy_to(path("orders.db"), [] { return success(); }).ok());

  std::filesystem::create_directories(path("copy"));
  std::filesystem::rename(path("orders.db"), path("copy/store.db"));
  Module copy{"orders", path("copy"), clock, ids};
  copy.open();
  BOOST_TEST(copy.head().seq == 3u);
}

BOOST_AUTO_TEST_CASE(need_every_store) {
  std::vector<ModuleStore> all = stores();
  all.push_back({"none", {.directory = path("none")}});

  const auto taken = Snapshots::take(all, console);

  BOOST_REQUIRE(!taken.ok());
  BOOST_TEST(taken.error().reason() == "store.not_there");
  BOOST_TEST(taken.error().detail().starts_with("none: "), taken.error().detail());
}

BOOST_AUTO_TEST_SUITE_END()
