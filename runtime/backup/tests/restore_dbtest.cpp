#define BOOST_TEST_MODULE backup_restore
#include "banyan/backup/restore.hpp"

#include <filesystem>
#include <fstream>

#include "banyan/backup/set.hpp"
#include "banyan/store/maintenance.hpp"
#include "manifest.hpp"
#include "pending.hpp"
#include "shop.hpp"

using namespace banyan;
using namespace banyan::backup;
namespace fs = std::filesystem;

namespace {

/// Two stores of which there is a set.
struct Saved : Shop {
  Saved() {
    orders.emit(3);
    stock.take(orders);
    require(back_up(stores(), set, console));
  }

  RestoreOptions into(const std::string& folder) {
    return {.from = set,
            .targets = stores_in(folder),
            .neighbours = {},
            .where = "--data-dir " + folder,
            .links = {{"orders", "stock"}, {"stock", "orders"}}};
  }
  bool restored(const std::string& folder) { return restore(into(folder), console); }
  Module module(const std::string& name, const std::string& folder) {
    return Module{name, path(folder) + "/" + name, clock, ids};
  }

  const std::string set = path("set");
};

std::string text_of(const std::string& file) {
  std::ifstream stream{file};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_set, Saved)

BOOST_AUTO_TEST_CASE(is_checked_when_it_was_written) {
  BOOST_TEST(said("orders: ok"));
  BOOST_TEST(said("stock: ok"));
  BOOST_TEST(said("a set of 2 is in " + set));
  BOOST_TEST(check_set(set, console));
}

BOOST_AUTO_TEST_CASE(is_not_made_over_another_one) {
  const std::string before = text_of(set + "/banyan-set.json");
  BOOST_TEST(!back_up(stores(), set, console));
  BOOST_TEST(complained("backup.not_empty: " + set + " holds a set already"), all());
  BOOST_TEST(text_of(set + "/banyan-set.json") == before);
}

BOOST_AUTO_TEST_CASE(is_none_until_its_manifest_is_there) {
  fs::remove(set + "/banyan-set.json");
  BOOST_TEST(!check_set(set, console));
  BOOST_TEST(complained("backup.not_a_set"), all());
  BOOST_TEST(!restored("new"));
  BOOST_TEST(!fs::exists(path("new")));
}

BOOST_AUTO_TEST_CASE(is_refused_when_a_copy_has_changed_since) {
  std::ofstream{set + "/orders.db", std::ios::app} << "x";
  BOOST_TEST(!restored("new"));
  BOOST_TEST(complained("orders: backup.changed_copy"), all());
  BOOST_TEST(!fs::exists(path("new")));
}

BOOST_AUTO_TEST_CASE(is_made_with_a_link_that_has_stopped_and_says_so) {
  stock.change([](store::Transaction& tx) { tx.execute("UPDATE banyan_inbox SET seq = 9"); });
  BOOST_TEST(!back_up(stores(), path("second"), console));
  BOOST_TEST(
      complained("stock: delivery.diverged: the subscriber is at 9, the log ends at 3 (log of orders)"),
      all());
  BOOST_TEST(read_manifest(path("second")).ok());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_restored_set, Saved)

BOOST_AUTO_TEST_CASE(has_new_incarnations_of_its_logs_and_positions_that_follow) {
  require(restored("new"));
  Module again = module("orders", "new");
  Module subscriber = module("stock", "new");
  again.open();
  subscriber.open();
  BOOST_TEST(again.head().seq == 3u);
  BOOST_TEST((again.head().hash == orders.head().hash));
  BOOST_TEST((again.head().epoch != orders.head().epoch));
  BOOST_TEST((subscriber.at("orders") == again.head()));
}

// The rows of the old log that the broker still has would look like the beginning to a new subscriber.
BOOST_AUTO_TEST_CASE(takes_nothing_of_an_older_incarnation_either_where_it_never_heard_of_the_log) {
  require(restored("new"));
  Module again = module("orders", "new");
  again.open();
  delivery::Inbox inbox;
  again.change([&](store::Transaction& tx) { inbox.open(tx); });
  BOOST_TEST(inbox.has_gap({.producer = "stock", .epoch = stock.head().epoch, .after = 0}));
  Module subscriber = module("stock", "new");
  subscriber.open();
  BOOST_TEST(!inbox.has_gap({.producer = "stock", .epoch = subscriber.head().epoch, .after = 0}));
}

BOOST_AUTO_TEST_CASE(passes_the_check_and_leaves_nothing_lying_about) {
  require(restored("new"));
  for (const ModuleStore& store : stores_in("new")) {
    BOOST_TEST(is_whole(store, stores_in("new"), clock, console.complain), all());
  }
  for (const char* left : {"restoring", "store.db.restoring", "store.db-journal"}) {
    BOOST_TEST(!fs::exists(path("new/orders/") + left), left);
  }
}

BOOST_AUTO_TEST_CASE(is_not_put_over_a_store) {
  BOOST_TEST(!restored("data"));
  orders.close();
  stock.close();
  complaints.clear();
  BOOST_TEST(!restored("data"));
  BOOST_TEST(
      complained("backup.in_the_way: " + path("data") + "/orders has a store; next: put it aside, mv "),
      all());
  BOOST_TEST(!fs::exists(path("data/orders/restoring")));
}

BOOST_AUTO_TEST_CASE(is_not_put_beside_what_was_left_of_a_store) {
  fs::create_directories(path("new/stock"));
  std::ofstream{path("new/stock/store.db-wal")} << "old";
  BOOST_TEST(!restored("new"));
  BOOST_TEST(complained("backup.in_the_way"), all());
  BOOST_TEST(!fs::exists(path("new/orders/store.db")));
}

BOOST_AUTO_TEST_CASE(is_not_restored_while_a_process_has_the_folder) {
  Module other = module("orders", "new");
  other.open();
  BOOST_TEST(!restored("new"));
  BOOST_TEST(complained("store.in_use"), all());
}

BOOST_AUTO_TEST_CASE(stops_where_it_had_stopped_and_only_if_that_is_wanted) {
  stock.change([](store::Transaction& tx) { tx.execute("UPDATE banyan_inbox SET seq = 9"); });
  BOOST_TEST(!back_up(stores(), path("second"), console));
  RestoreOptions options = into("new");
  options.from = path("second");
  BOOST_TEST(!restore(options, console));
  BOOST_TEST(complained("--as-it-is"), all());
  BOOST_TEST(!fs::exists(path("new/orders/store.db")));

  options.as_it_is = true;
  BOOST_TEST(restore(options, console), all());
  Module subscriber = module("stock", "new");
  subscriber.open();
  BOOST_TEST((subscriber.at("orders").epoch == orders.head().epoch));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_restore_that_ended_in_the_middle, Saved)

/// As it leaves the folders once it has said in all of them what it does.
struct Begun : Saved {
  Begun() {
    require(restored("new"));
    for (const std::string name : {"orders", "stock"}) {
      Module module = Saved::module(name, "new");
      module.open();
      pending.logs.push_back({name, module.head().epoch});
    }
    pending.set = read_manifest(set).value().id;
    pending.from = set;
  }
  void end_before(const std::string& name) {
    fs::remove_all(path("new/" + name));
    fs::create_directories(path("new/" + name));
  }
  void mark(const std::string& name) { BOOST_REQUIRE(write_pending(path("new/" + name), pending).ok()); }

  Pending pending;
};

BOOST_FIXTURE_TEST_CASE(is_served_by_no_process, Begun) {
  mark("orders");
  NoFaults faults;
  const auto opened =
      store::Database::open(stores_in("new")[0].options, delivery::migrations(), clock, faults);
  BOOST_REQUIRE(!opened.ok());
  BOOST_TEST(opened.error().reason() == "store.restoring");
}

BOOST_FIXTURE_TEST_CASE(goes_on_with_the_stores_that_are_missing, Begun) {
  end_before("stock");
  mark("orders");
  mark("stock");
  std::ofstream{path("new/stock/store.db.restoring")} << "half of it";
  require(restored("new"));
  Module again = module("orders", "new");
  Module subscriber = module("stock", "new");
  again.open();
  subscriber.open();
  BOOST_TEST((again.head().epoch == pending.logs[0].epoch));
  BOOST_TEST((subscriber.at("orders") == again.head()));
}

BOOST_FIXTURE_TEST_CASE(goes_on_when_it_had_not_begun_in_every_folder, Begun) {
  end_before("stock");
  end_before("orders");
  mark("orders");
  require(restored("new"));
  Module again = module("orders", "new");
  again.open();
  BOOST_TEST((again.head().epoch == pending.logs[0].epoch));
}

BOOST_FIXTURE_TEST_CASE(only_ends_when_all_was_there, Begun) {
  mark("stock");
  require(restored("new"));
  Module subscriber = module("stock", "new");
  subscriber.open();
  BOOST_TEST((subscriber.head().epoch == pending.logs[1].epoch));
}

BOOST_FIXTURE_TEST_CASE(is_not_mixed_with_another_set, Begun) {
  mark("stock");
  BOOST_REQUIRE(back_up(stores(), path("second"), console));
  RestoreOptions options = into("new");
  options.from = path("second");
  BOOST_TEST(!restore(options, console));
  BOOST_TEST(complained("backup.other_restore: another restore into " + path("new/stock") +
                        " was not finished, of " + set),
             all());
}

BOOST_AUTO_TEST_SUITE_END()
