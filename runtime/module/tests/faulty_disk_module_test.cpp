#define BOOST_TEST_MODULE module_faulty_disk
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cerrno>

#include "banyan/testing/faulty_disk.hpp"
#include "counting.hpp"

using namespace banyan;
using namespace banyan::module;
using Call = testing::FaultyDisk::Call;
using Lines = std::vector<std::string>;

namespace {

const auto per_element = boost::test_tools::per_element();

testing::World::Options small() {
  testing::World::Options options;
  options.instance.store.page_cache_bytes = 64 << 10;
  options.instance.wal_checkpoint_bytes = 64 << 10;
  options.instance.wal_max_bytes = 512 << 10;
  return options;
}

struct Faulty : Counting {
  Faulty() : Counting(small()) {}

  std::string status_of(std::string_view module) {
    const Health now = health(module);
    return now.state.ok() ? "ok" : now.state.error().reason();
  }
  Lines troubles_of(std::string_view module) {
    Lines reasons;
    for (const Error& trouble : health(module).troubles) reasons.push_back(trouble.reason());
    return reasons;
  }
  Lines links_of(std::string_view module) {
    Lines lines;
    const Health now = health(module);
    for (const auto& link : now.waiting_links)
      lines.push_back(link.subscriber + " waits: " + link.waits->reason());
    for (const auto& link : now.stopped_links) {
      lines.push_back(link.subscriber + " stopped: " + link.stopped->reason());
    }
    return lines;
  }
  std::ptrdiff_t lines_with(std::string_view text) {
    const auto lines = world.log();
    return std::ranges::count_if(lines,
                                 [&](const std::string& line) { return line.find(text) != line.npos; });
  }

  testing::FaultyDisk disk;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_link, Faulty)

// It was quiet for longer than the log goes back: only what is noted tells that nothing is missing.
BOOST_AUTO_TEST_CASE(waits_while_its_log_can_not_be_read_and_goes_on_after_it) {
  BOOST_REQUIRE(add("a", 1).ok());
  for (int i = 0; i < 10; ++i) BOOST_REQUIRE(world.call(Mumble{}).ok());
  world.advance(26h, 1h);
  BOOST_REQUIRE(world.value<int>("counter", "SELECT count(*) FROM banyan_outbox").value() == 1);
  world.stop("mirror");
  BOOST_REQUIRE(world.call(Mumble{}).ok());  // the pages that the relay has read are of no use any more

  disk.fail(Call::read, EIO, "/counter/");
  world.start("mirror");
  world.settle();
  BOOST_TEST(links_of("counter") == Lines{"mirror waits: store.unreadable"}, per_element);
  world.advance(3s, 1s);
  BOOST_TEST(lines_with("link waits") == 1);

  disk.heal();
  world.advance(5s, 1s);
  BOOST_TEST(links_of("counter") == Lines{}, per_element);
  BOOST_TEST(lines_with("link goes on") == 1);
  BOOST_REQUIRE(add("a", 2).ok());
  world.restart();
  BOOST_REQUIRE(add("a", 3).ok());
  BOOST_TEST(mirrored() == (Lines{"a1", "a2", "a3"}), per_element);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_store_that_can_not, Faulty)

BOOST_AUTO_TEST_CASE(commit_refuses_commands_at_once_until_a_commit_succeeds) {
  BOOST_REQUIRE(add("a", 1).ok());
  const Error unwritable{Errc::unavailable, "store.unwritable"};
  const Error full{Errc::resource_exhausted, "store.full"};  // of a quota: there seems to be room
  const std::vector<std::pair<int, Error>> refusals{
      {EIO, unwritable}, {EROFS, unwritable}, {ENOSPC, full}, {EDQUOT, full}};
  for (const auto& [number, refusal] : refusals) {
    disk.fail(Call::write, number, "/counter/store.db-wal");
    BOOST_TEST((add("a", 2).error() == refusal));
    BOOST_TEST(status_of("counter") == refusal.reason());

    const std::size_t tried = disk.failed();
    for (int i = 0; i < 20; ++i) BOOST_TEST((add("a", 2).error() == refusal));
    BOOST_TEST(disk.failed() == tried);
    world.advance(10s, 1s);
    BOOST_TEST(disk.failed() > tried);
    BOOST_TEST(status_of("counter") == refusal.reason());

    disk.heal();
    world.advance(3s, 1s);
    BOOST_TEST(status_of("counter") == "ok");
  }
  BOOST_TEST(lines_with("store fails") == 4);
  BOOST_TEST(lines_with("store is well again") == 4);
  BOOST_REQUIRE(add("a", 3).ok());
  BOOST_TEST(counted() == (Lines{"a1", "a3"}), per_element);
  BOOST_TEST(mirrored() == (Lines{"a1", "a3"}), per_element);
}

BOOST_AUTO_TEST_CASE(commit_loses_no_message_of_others) {
  disk.fail(Call::write, EIO, "/mirror/store.db-wal");
  for (int i = 1; i <= 3; ++i) BOOST_REQUIRE(add("a", i).ok());
  world.advance(10s, 1s);
  BOOST_TEST(status_of("mirror") == "store.unwritable");

  disk.heal();
  world.advance(5s, 1s);
  BOOST_TEST(mirrored() == (Lines{"a1", "a2", "a3"}), per_element);
  BOOST_TEST(health("mirror").parked == 0u);
}

BOOST_AUTO_TEST_CASE(empty_its_log_takes_commands_until_the_log_is_too_long_and_hands_on_what_it_has) {
  disk.fail(Call::write, EIO, "/counter/store.db$");
  int taken = 0;
  Status last = success();
  while (taken < 5'000 && last.ok()) {
    last = add(std::string(2'000, 'x'), ++taken);
  }
  BOOST_REQUIRE((last.error() == Error{Errc::resource_exhausted, "store.log_full"}));
  BOOST_TEST(taken > 5);
  BOOST_TEST(status_of("counter") == "store.log_full");
  BOOST_TEST(troubles_of("counter") == Lines{"store.unwritable"}, per_element);
  BOOST_TEST(lines_with("write-ahead log too long") == 1);
  world.advance(10s, 1s);
  BOOST_TEST(mirrored().size() == static_cast<std::size_t>(taken - 1));

  disk.heal();
  world.advance(3s, 1s);
  BOOST_TEST(status_of("counter") == "ok");
  BOOST_TEST(troubles_of("counter") == Lines{}, per_element);
  BOOST_TEST(add("a").ok());
}

BOOST_AUTO_TEST_CASE(be_read_is_told_until_a_read_succeeds) {
  for (int i = 0; i < 200; ++i) BOOST_REQUIRE(add(std::string(2'000, 'x'), i).ok());
  disk.fail(Call::read, EIO, "/counter/");
  const auto sum = world.call(GetSum{.key = "a"});
  BOOST_TEST((sum.error() == Error{Errc::unavailable, "store.unreadable"}));
  BOOST_TEST(troubles_of("counter") == Lines{"store.unreadable"}, per_element);

  disk.heal();
  BOOST_TEST(world.call(GetSum{.key = "a"}).ok());
  BOOST_TEST(troubles_of("counter") == Lines{}, per_element);
}

BOOST_AUTO_TEST_CASE(be_emptied_at_the_stop_says_so_and_has_everything_at_the_next_start) {
  BOOST_REQUIRE(add("a", 1).ok());
  disk.fail(Call::write, EIO, "/counter/store.db$");
  Instance& counter = world.instance("counter");
  counter.stop();
  BOOST_TEST((counter.closed().error() == Error{Errc::unavailable, "store.unwritable"}));
  BOOST_TEST(lines_with(R"("work":"close")") == 1);

  disk.heal();
  world.restart();
  BOOST_TEST(counted() == Lines{"a1"}, per_element);
}

BOOST_AUTO_TEST_SUITE_END()
