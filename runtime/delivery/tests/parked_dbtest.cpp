#define BOOST_TEST_MODULE delivery_parked
#include <boost/test/unit_test.hpp>

#include "banyan/delivery/parked.hpp"
#include "banyan/delivery/restore.hpp"
#include "banyan/message/undecoded.hpp"
#include "scratch.hpp"

using namespace banyan;
using namespace banyan::delivery;
using namespace std::chrono_literals;

namespace {

const Error broken{Errc::internal, "test.broken", "in two"};

Result<message::ParcelPtr> restored(const ParkedMessage& message, const message::Descriptor* type) {
  return restore_or_keep(type, message.type, message.headers, message.payload, Instant{});
}

struct Lot : Scratch {
  Lot() { open(); }

  void open() {
    roll_back([&](auto& tx) { parked.open(tx); });
  }

  void park(std::uint64_t seq, const std::string& key, std::optional<Error> cause = {}, Duration in = 0s) {
    commit([&](auto& tx) {
      parked.park(tx, "counter", Delivery{.seq = seq, .hash = {}, .parcel = event(key)}, cause, now(),
                  now().age + in);
    });
  }
  void bury(std::uint64_t seq, const std::string& key) {
    commit([&](auto& tx) {
      parked.park(tx, "counter", Delivery{.seq = seq, .hash = {}, .parcel = event(key)}, broken, now(),
                  never);
    });
  }

  void suspect(std::uint64_t seq, const std::string& key) {
    commit([&](auto& tx) {
      parked.suspect(tx, "counter", Delivery{.seq = seq, .hash = {}, .parcel = event(key)}, now());
    });
  }

  std::vector<std::uint64_t> due() {
    std::vector<std::uint64_t> numbers;
    roll_back([&](auto& tx) {
      for (const ParkedMessage& message : parked.due(tx, now().age, 100)) numbers.push_back(message.seq);
    });
    return numbers;
  }

  ParkedMessage find(std::uint64_t seq) {
    std::optional<ParkedMessage> found;
    roll_back([&](auto& tx) { found = Parked::find(tx, "counter", seq); });
    BOOST_REQUIRE(found.has_value());
    return *found;
  }

  void resolve(std::uint64_t seq) {
    const ParkedMessage message = find(seq);
    commit([&](auto& tx) { parked.resolve(tx, message, now().age); });
  }
  void fail(std::uint64_t seq, bool is_last) {
    const ParkedMessage message = find(seq);
    commit([&](auto& tx) {
      parked.count_attempt(tx, message, now().age + 5s);
      parked.failed(tx, message, broken, is_last);
    });
  }
  bool revive(std::uint64_t seq) {
    bool revived = false;
    commit([&](auto& tx) { revived = parked.revive(tx, "counter", seq, now().age); });
    return revived;
  }

  Parked parked;
};

using Numbers = std::vector<std::uint64_t>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(parking, Lot)

BOOST_AUTO_TEST_CASE(a_failed_message_parks_its_key_and_no_other_one) {
  park(1, "a", broken);
  BOOST_TEST(parked.is_parked("counter", *event("a")));
  BOOST_TEST(!parked.is_parked("counter", *event("b")));
  BOOST_TEST(!parked.is_parked("mirror", *event("a")));
}

BOOST_AUTO_TEST_CASE(a_message_without_a_key_parks_alone) {
  park(1, "", broken);
  BOOST_TEST(!parked.is_parked("counter", *event("")));
  BOOST_TEST(parked.size() == 1U);
  resolve(1);
  BOOST_TEST(parked.size() == 0U);
}

BOOST_AUTO_TEST_CASE(keeps_what_failed_and_why) {
  park(1, "a", broken, 5s);
  const ParkedMessage message = find(1);
  BOOST_TEST(message.type == "counter.counted.v1");
  BOOST_TEST(message.cause == "test.broken: in two");
  BOOST_TEST((message.state == ParkedState::retrying));
  BOOST_TEST(message.attempts == 1);
  BOOST_TEST((message.next_attempt == now().age + 5s));
}

BOOST_AUTO_TEST_CASE(keeps_what_could_not_be_decoded_as_it_came_until_it_can) {
  using namespace std::string_literals;
  const std::string good = event("a", 7)->payload.to_json();
  std::uint64_t seq = 0;
  for (const std::string& body : {good, ""s, "{"s, "\xFF\xC3\0\x01z"s}) {
    message::Parcel parcel = *event("a");
    parcel.payload = message::decode_or_keep(nullptr, "counter.counted.v1", body);
    commit([&](auto& tx) {
      parked.park(tx, "counter",
                  {.seq = ++seq, .hash = {}, .parcel = std::make_shared<const message::Parcel>(parcel)},
                  message::undecoded(parcel.payload)->why, now(), never);
    });
    const ParkedMessage message = find(seq);
    BOOST_TEST(message.type == "counter.counted.v1");
    BOOST_TEST(message.key == "a");
    BOOST_TEST((message.payload == body));
    BOOST_TEST(message.cause == "message.unknown_type: counter.counted.v1");
    const auto still = restored(message, nullptr).value();
    BOOST_TEST((message::undecoded(still->payload)->text == body));
    BOOST_TEST((still->envelope.id == parcel.envelope.id));
  }
  const auto known = restored(find(1), &Counted::descriptor()).value();
  BOOST_TEST((known->payload.as<Counted>() == Counted{.key = "a", .number = 7}));
  const auto broken_still = restored(find(4), &Counted::descriptor()).value();
  BOOST_TEST(
      (message::undecoded(broken_still->payload)->why == Error{Errc::invalid_argument, "json.syntax"}));
  ParkedMessage without_headers = find(1);
  without_headers.headers = "{}";
  BOOST_TEST((restored(without_headers, nullptr).error() == Error{Errc::data_loss, "delivery.bad_row"}));
}

BOOST_AUTO_TEST_CASE(a_suspect_is_tried_alone_and_first) {
  park(1, "a", broken);
  suspect(2, "b");
  suspect(3, "c");
  BOOST_TEST(due() == Numbers{2}, boost::test_tools::per_element());
  resolve(2);
  BOOST_TEST(due() == Numbers{3}, boost::test_tools::per_element());
  fail(3, true);
  BOOST_TEST(due() == Numbers{1}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_was_tried_without_an_end_is_suspect) {
  park(1, "a", broken);
  const ParkedMessage message = find(1);
  commit([&](auto& tx) { parked.count_attempt(tx, message, now().age); });
  BOOST_TEST(find(1).is_suspect);
  BOOST_TEST(find(1).attempts == 2);
  fail(1, false);
  BOOST_TEST(!find(1).is_suspect);
}

BOOST_AUTO_TEST_CASE(what_waits_behind_its_key_has_not_been_tried) {
  park(1, "a", broken);
  park(2, "a");
  BOOST_TEST((find(2).state == ParkedState::waiting));
  BOOST_TEST(find(2).attempts == 0);
  BOOST_TEST(find(2).cause.empty());
}

BOOST_AUTO_TEST_CASE(counts_are_the_same_when_it_is_opened_again) {
  park(1, "a", broken);
  park(2, "a");
  bury(3, "b");
  reopen();
  Parked again;
  roll_back([&](auto& tx) { again.open(tx); });
  BOOST_TEST(again.size() == 3U);
  BOOST_TEST(again.dead_count() == 1U);
  BOOST_TEST(again.is_parked("counter", *event("a")));
  BOOST_TEST(again.is_parked("counter", *event("b")));
}

BOOST_AUTO_TEST_CASE(forgets_what_was_lost_with_its_transaction_when_it_is_opened_again) {
  park(1, "a", broken);
  roll_back([&](auto& tx) {
    parked.park(tx, "counter", Delivery{.seq = 2, .hash = {}, .parcel = event("b")}, broken, now(), never);
  });
  open();
  BOOST_TEST(parked.size() == 1U);
  BOOST_TEST(parked.dead_count() == 0U);
  BOOST_TEST(!parked.is_parked("counter", *event("b")));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(trying_again, Lot)

BOOST_AUTO_TEST_CASE(tries_the_head_of_each_key_when_its_time_has_come) {
  park(1, "a", broken, 5s);
  park(2, "a");
  park(3, "b", broken, 2s);
  BOOST_TEST(due().empty());
  clock.advance(2s);
  BOOST_TEST(due() == (Numbers{3}), per_element);
  clock.advance(3s);
  BOOST_TEST(due() == (Numbers{3, 1}), per_element);
}

BOOST_AUTO_TEST_CASE(tells_when_the_next_one_is_due) {
  const auto next_due = [&] {
    std::optional<Age> due;
    roll_back([&](auto& tx) { due = parked.next_due(tx); });
    return due;
  };
  BOOST_TEST(!next_due());
  park(1, "a", broken, 5s);
  park(2, "b", broken, 2s);
  bury(3, "c");
  BOOST_TEST((next_due() == now().age + 2s));
}

BOOST_AUTO_TEST_CASE(counts_an_attempt_and_waits_for_the_next_one) {
  park(1, "a", broken);
  fail(1, false);
  BOOST_TEST(find(1).attempts == 2);
  BOOST_TEST((find(1).state == ParkedState::retrying));
  BOOST_TEST(due().empty());
  clock.advance(5s);
  BOOST_TEST(due().size() == 1U);
}

BOOST_AUTO_TEST_CASE(when_the_head_is_handled_the_next_one_of_its_key_is_due_at_once) {
  park(1, "a", broken);
  park(2, "a");
  park(3, "a");
  resolve(1);
  BOOST_TEST(due() == (Numbers{2}), per_element);
  resolve(2);
  resolve(3);
  BOOST_TEST(!parked.is_parked("counter", *event("a")));
  BOOST_TEST(parked.size() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(dead_letters, Lot)

BOOST_AUTO_TEST_CASE(one_that_failed_for_the_last_time_is_not_tried_any_more_and_holds_its_key) {
  park(1, "a", broken);
  park(2, "a");
  fail(1, true);
  clock.advance(1h);
  BOOST_TEST(due().empty());
  BOOST_TEST(parked.dead_count() == 1U);
  BOOST_TEST(parked.is_parked("counter", *event("a")));
}

BOOST_AUTO_TEST_CASE(one_that_is_revived_has_a_new_set_of_attempts_at_once) {
  bury(1, "a");
  BOOST_TEST(revive(1));
  BOOST_TEST(find(1).attempts == 0);
  BOOST_TEST(due() == (Numbers{1}), per_element);
  BOOST_TEST(parked.dead_count() == 0U);
}

BOOST_AUTO_TEST_CASE(only_a_dead_one_can_be_revived) {
  park(1, "a", broken);
  BOOST_TEST(!revive(1));
  BOOST_TEST(!revive(2));
  BOOST_TEST(parked.dead_count() == 0U);
}

BOOST_AUTO_TEST_CASE(one_that_is_discarded_lets_its_key_go_on) {
  bury(1, "a");
  park(2, "a");
  resolve(1);
  BOOST_TEST(parked.dead_count() == 0U);
  BOOST_TEST(due() == (Numbers{2}), per_element);
}

BOOST_AUTO_TEST_CASE(are_listed_with_what_waits_behind_them_a_page_at_a_time) {
  for (const std::uint64_t seq : {1U, 2U, 3U}) bury(seq, "a");
  roll_back([&](auto& tx) {
    const auto first = Parked::list(tx, "", 0, 2);
    BOOST_REQUIRE(first.size() == 2U);
    BOOST_TEST(first[1].seq == 2U);
    const auto second = Parked::list(tx, first[1].producer, first[1].seq, 2);
    BOOST_REQUIRE(second.size() == 1U);
    BOOST_TEST(second[0].seq == 3U);
  });
}

BOOST_AUTO_TEST_SUITE_END()
