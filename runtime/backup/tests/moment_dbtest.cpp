#define BOOST_TEST_MODULE backup_moment
#include "moment.hpp"

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

  Result<Moment> take(const MomentLimits& limits = {}) { return Moment::take(stores(), console, limits); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_moment, Busy)

BOOST_AUTO_TEST_CASE(is_the_first_one_in_which_nobody_is_ahead) {
  const auto moment = take();

  BOOST_REQUIRE(moment.ok());
  BOOST_TEST(moment.value().attempts() == 1);
  BOOST_TEST(moment.value().stopped().empty());
}

BOOST_AUTO_TEST_CASE(is_another_one_if_a_subscriber_was_ahead) {
  run_ahead(1);
  meanwhile = [this] { come_back(); };

  const auto moment = take();

  BOOST_REQUIRE(moment.ok());
  BOOST_TEST(moment.value().attempts() == 2);
  BOOST_TEST(moment.value().stopped().empty());
}

BOOST_AUTO_TEST_CASE(does_not_wait_for_a_link_that_has_stopped) {
  run_ahead(5);

  const auto moment = take();

  BOOST_REQUIRE(moment.ok());
  BOOST_TEST(moment.value().attempts() == 2);
  BOOST_REQUIRE(moment.value().stopped().size() == 1u);
  const Misfit& link = moment.value().stopped().front();
  BOOST_TEST(link.producer == "orders");
  BOOST_TEST(link.subscriber == "stock");
  BOOST_TEST(link.at.seq == 8u);
}

BOOST_AUTO_TEST_CASE(is_given_up_after_so_many_attempts_and_says_which_link_kept_moving) {
  run_ahead(1);
  meanwhile = [this] { run_ahead(1); };

  const auto moment = take({.attempts_max = 4});

  BOOST_REQUIRE(!moment.ok());
  BOOST_TEST((moment.error() == Error{Errc::unavailable, "backup.no_moment"}));
  BOOST_TEST(
      moment.error().detail().starts_with("the link from orders to stock kept moving through 4 attempts"),
      moment.error().detail());
}

BOOST_AUTO_TEST_CASE(is_given_up_after_so_much_time) {
  run_ahead(1);
  meanwhile = [this] {
    run_ahead(1);
    clock.advance(std::chrono::seconds{11});
  };

  const auto moment = take({.time_max = std::chrono::seconds{30}});

  BOOST_REQUIRE(!moment.ok());
  BOOST_TEST(moment.error().detail().find("through 4 attempts") != std::string::npos,
             moment.error().detail());
}

BOOST_AUTO_TEST_CASE(stays_as_it_was_while_the_stores_go_on) {
  auto moment = take();
  BOOST_REQUIRE(moment.ok());
  orders.emit(10);
  stock.take(orders);

  BOOST_TEST(moment.value().snapshot(0).copy_to(path("orders.db"), [] { return success(); }).ok());

  std::filesystem::create_directories(path("copy"));
  std::filesystem::rename(path("orders.db"), path("copy/store.db"));
  Module copy{"orders", path("copy"), clock, ids};
  copy.open();
  BOOST_TEST(copy.head().seq == 3u);
}

BOOST_AUTO_TEST_CASE(needs_every_store) {
  std::vector<ModuleStore> all = stores();
  all.push_back({"none", {.directory = path("none")}});

  const auto moment = Moment::take(all, console);

  BOOST_REQUIRE(!moment.ok());
  BOOST_TEST(moment.error().reason() == "store.not_there");
  BOOST_TEST(moment.error().detail().starts_with("none: "), moment.error().detail());
}

BOOST_AUTO_TEST_SUITE_END()
