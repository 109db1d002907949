#define BOOST_TEST_MODULE host_owner_watch
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "banyan/testing/manual_clock.hpp"
#include "banyan/testing/seeded_random.hpp"
#include "owner_watch.hpp"

using namespace banyan;
using namespace banyan::host;
using namespace std::chrono_literals;
using State = OwnerCard::State;

namespace {

class Member;

/// The broker: brings what members say to all who listen, when the test lets it.
struct Room {
  void say(std::function<void()> what) { underway.push_back(std::move(what)); }
  void settle() {
    while (!underway.empty()) {
      const auto next = std::move(underway.front());
      underway.pop_front();
      next();
    }
  }
  /// Time goes on in steps of 10 ms.
  void pass(Duration time);

  testing::ManualClock clock;
  std::deque<std::function<void()>> underway;
  std::vector<Member*> members;
};

/// A process of the module.
class Member final : private OwnerPort {
 public:
  Member(Room& room, std::uint8_t number, std::uint8_t log, OwnerOptions options = {})
      : room_(room), watch_(card(room, number, log), options, room.clock, *this) {
    room_.members.push_back(this);
  }
  ~Member() override { std::erase(room_.members, this); }

  void connect() {
    is_connected = true;
    watch_.connected();
  }
  void disconnect() {
    is_connected = false;
    watch_.disconnected();
  }
  /// The broker has not noticed that it stands still.
  void stand_still(bool stands = true) { stands_still = stands; }
  void tick() {
    if (!stands_still) watch_.tick();
  }
  bool serves() const { return admitted == 1 && yielded == 0; }
  const OwnerWatch& watch() const { return watch_; }

  bool is_connected = false;
  bool stands_still = false;
  bool listens = false;
  int admitted = 0;
  int yielded = 0;
  int alarms = 0;
  int all_clears = 0;

 private:
  static OwnerCard card(const Room& room, std::uint8_t number, std::uint8_t log) {
    OwnerCard card;
    card.host = "host";
    card.folder = "/data";
    card.pid = number;
    card.log.bytes[0] = std::byte{log};
    card.process.bytes[0] = std::byte{number};
    card.since = room.clock.utc();
    return card;
  }

  template <class F>
  void for_others(F&& work) {
    for (Member* other : room_.members) {
      if (other->is_connected && !other->stands_still) work(*other);
    }
  }

  void ask(std::uint64_t question) override {
    room_.say([this, question] {
      bool somebody = false;
      for (Member* other : room_.members) somebody = somebody || (other->is_connected && other->listens);
      if (!somebody) return room_.say([this, question] { watch_.nobody_serves(question); });
      for_others([](Member& other) {
        if (other.listens) other.watch_.asked();
      });
      room_.say([this, question] { watch_.nobody_answered(question); });
    });
  }
  void listen() override { listens = true; }
  void tell(const OwnerCard& self) override {
    room_.say([this, self] { for_others([&](Member& other) { other.watch_.heard(self); }); });
  }
  void admit() override { ++admitted; }
  void yield(const OwnerCard&) override { ++yielded; }
  void alarm(const OwnerCard&) override { ++alarms; }
  void all_clear() override { ++all_clears; }

  Room& room_;
  OwnerWatch watch_;
};

void Room::pass(Duration time) {
  for (Duration gone{0}; gone < time; gone += 10ms) {
    settle();
    clock.advance(10ms);
    for (std::size_t i = 0; i < members.size(); ++i) members[i]->tick();
    settle();
  }
}

struct InRoom {
  Room room;
};

/// Two that serve: the second one came while the first one stood still.
struct Split : InRoom {
  Split() {
    first.connect();
    room.pass(1s);
    room.pass(1s);
    first.stand_still();
    second = std::make_unique<Member>(room, 2, 2);
    second->connect();
    room.pass(10s);
    BOOST_REQUIRE(first.serves());
    BOOST_REQUIRE(second->serves());
  }

  Member first{room, 1, 1};
  std::unique_ptr<Member> second;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_process, InRoom)

BOOST_AUTO_TEST_CASE(serves_at_once_what_nobody_serves) {
  Member only{room, 1, 1};
  only.connect();
  room.pass(40ms);
  BOOST_TEST(only.admitted == 0);
  room.pass(40ms);
  BOOST_TEST(only.serves());
  room.pass(1min);
  BOOST_TEST(only.admitted == 1);
  BOOST_TEST(only.alarms == 0);
}

BOOST_AUTO_TEST_CASE(refuses_to_serve_what_another_one_serves_which_goes_on_undisturbed) {
  for (const auto log : {std::uint8_t{1}, std::uint8_t{2}}) {
    Room of_two;
    Member owner{of_two, 1, 1};
    owner.connect();
    of_two.pass(1s);
    Member late{of_two, 2, log};
    late.connect();
    of_two.pass(4900ms);
    BOOST_TEST(!late.watch().is_decided());
    of_two.pass(500ms);
    BOOST_TEST(late.admitted == 0);
    BOOST_TEST(late.yielded == 1);
    BOOST_TEST((late.watch().other() == owner.watch().self()));
    BOOST_TEST(owner.serves());
    BOOST_TEST(owner.alarms == 0);
  }
}

BOOST_AUTO_TEST_CASE(serves_after_another_one_that_ends_meanwhile) {
  auto owner = std::make_unique<Member>(room, 1, 1);
  owner->connect();
  room.pass(1s);
  Member next{room, 2, 2};
  next.connect();
  room.pass(2s);
  BOOST_TEST(next.admitted == 0);
  owner.reset();
  room.pass(400ms);
  BOOST_TEST(next.serves());
  BOOST_TEST(!next.watch().other());
}

BOOST_AUTO_TEST_CASE(serves_alone_of_several_that_start_in_the_same_moment) {
  std::vector<std::unique_ptr<Member>> all;
  for (std::uint8_t number = 1; number <= 5; ++number) {
    all.push_back(std::make_unique<Member>(room, number, number));
  }
  for (auto member = all.rbegin(); member != all.rend(); ++member) (*member)->connect();
  room.pass(10s);
  BOOST_TEST(all[0]->serves());
  for (std::size_t i = 1; i < all.size(); ++i) {
    BOOST_TEST(all[i]->admitted == 0);
    BOOST_TEST(all[i]->yielded == 1);
  }
}

BOOST_AUTO_TEST_CASE(decides_nothing_without_the_broker_and_asks_when_it_is_there) {
  Member owner{room, 1, 1};
  room.pass(1min);
  BOOST_TEST(!owner.watch().is_decided());
  owner.connect();
  owner.disconnect();
  room.pass(1min);
  BOOST_TEST(!owner.watch().is_decided());
  owner.connect();
  room.pass(100ms);
  BOOST_TEST(owner.serves());
}

BOOST_AUTO_TEST_CASE(goes_on_while_the_broker_is_away) {
  Member owner{room, 1, 1};
  owner.connect();
  room.pass(1s);
  owner.disconnect();
  room.pass(1h);
  owner.connect();
  room.pass(1s);
  BOOST_TEST(owner.serves());
  BOOST_TEST(owner.alarms == 0);
}

BOOST_AUTO_TEST_CASE(that_could_not_ask_does_not_serve_beside_one_that_does) {
  Member cut_off{room, 1, 1};
  room.pass(1s);
  Member owner{room, 2, 2};
  owner.connect();
  room.pass(1s);
  cut_off.connect();
  room.pass(10s);
  BOOST_TEST(owner.alarms == 1);  // that one stays, so it is told
  BOOST_TEST(cut_off.admitted == 0);
  BOOST_TEST(cut_off.yielded == 1);
  BOOST_TEST(owner.serves());
}

BOOST_AUTO_TEST_CASE(serves_after_its_patience_where_somebody_listens_and_says_nothing) {
  Member gone{room, 1, 1};
  gone.connect();
  room.pass(1s);
  gone.stand_still();
  Member next{room, 2, 2};
  next.connect();
  room.pass(4s);
  BOOST_TEST(next.admitted == 0);
  room.pass(2s);
  BOOST_TEST(next.serves());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(of_two_that_serve, Split)

BOOST_AUTO_TEST_CASE(the_later_one_yields_for_good_and_the_earlier_one_is_alarmed) {
  first.stand_still(false);
  room.pass(3100ms);
  BOOST_TEST(first.serves());
  BOOST_TEST(first.alarms >= 1);
  BOOST_TEST(second->yielded == 1);
  BOOST_TEST((first.watch().other()->process == second->watch().self().process));
  BOOST_TEST((second->watch().other()->process == first.watch().self().process));
  room.pass(1h);
  BOOST_TEST(second->yielded == 1);
  BOOST_TEST(second->admitted == 1);
  BOOST_TEST(first.watch().other().has_value());
  BOOST_TEST(first.alarms <= 2);
}

BOOST_AUTO_TEST_CASE(the_earlier_one_is_well_again_when_the_other_one_has_ended) {
  first.stand_still(false);
  room.pass(4s);
  second.reset();
  room.pass(8s);
  BOOST_TEST(first.all_clears == 0);
  room.pass(4s);
  BOOST_TEST(first.all_clears == 1);
  BOOST_TEST(!first.watch().other());
}

BOOST_AUTO_TEST_CASE(the_one_that_has_yielded_keeps_nobody_from_serving_and_does_not_come_back_itself) {
  first.stand_still(false);
  room.pass(4s);
  first.disconnect();
  first.stand_still();
  first.listens = false;
  room.pass(1min);
  BOOST_TEST(second->yielded == 1);
  Member third{room, 3, 1};
  third.connect();
  room.pass(10s);
  BOOST_TEST(third.serves());
  BOOST_TEST(third.alarms >= 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(whatever_happens)

// Processes come, go, are cut off, stand still; in the end all that live are connected and move.
BOOST_AUTO_TEST_CASE(one_serves_in_the_end_and_no_other) {
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    Room room;
    testing::SeededRandom random{seed};
    std::vector<std::unique_ptr<Member>> all;
    for (std::uint8_t step = 0; step < 40; ++step) {
      const std::uint64_t chance = random.next() % 10;
      const std::size_t which = all.empty() ? 0 : random.next() % all.size();
      if (all.empty() || chance < 2) {
        all.push_back(std::make_unique<Member>(room, static_cast<std::uint8_t>(step + 1),
                                               static_cast<std::uint8_t>(random.next() % 3)));
        all.back()->connect();
      } else if (chance < 3 && all.size() > 1) {
        room.settle();
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(which));
      } else if (chance < 6) {
        all[which]->is_connected ? all[which]->disconnect() : all[which]->connect();
      } else if (chance < 8) {
        all[which]->stand_still(!all[which]->stands_still);
      }
      room.pass(Duration{std::chrono::milliseconds{random.next() % 3000}});
    }
    for (const auto& member : all) {
      member->stand_still(false);
      if (!member->is_connected) member->connect();
    }
    room.pass(30s);
    int serving = 0;
    for (const auto& member : all) {
      BOOST_TEST(member->admitted <= 1);
      if (member->serves()) ++serving;
    }
    const bool has_anybody_undecided =
        std::any_of(all.begin(), all.end(), [](const auto& member) { return !member->watch().is_decided(); });
    BOOST_TEST_CONTEXT("seed " << seed) {
      BOOST_TEST(serving <= 1);
      BOOST_TEST(!has_anybody_undecided);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
