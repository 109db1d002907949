#define BOOST_TEST_MODULE delivery_inbox
#include <boost/test/unit_test.hpp>

#include "banyan/delivery/inbox.hpp"
#include "scratch.hpp"

using namespace banyan;
using namespace banyan::delivery;

namespace {

struct Mail : Scratch {
  Mail() { open(); }

  void open() {
    roll_back([&](auto& tx) { box.open(tx); });
  }

  Batch batch(std::uint64_t after, std::vector<std::uint64_t> numbers) const {
    Batch made{.producer = "counter", .epoch = epoch, .after = after};
    for (const std::uint64_t seq : numbers)
      made.deliveries.push_back({.seq = seq, .hash = hash_of(seq), .parcel = nullptr});
    return made;
  }
  static ChainHash hash_of(std::uint64_t seq) { return {static_cast<std::byte>(seq)}; }

  /// Handles what is new in `batch` in the open transaction.
  std::vector<std::uint64_t> handle(const Batch& batch) {
    std::vector<std::uint64_t> handled;
    for (const Delivery& delivery : batch.deliveries) {
      if (box.is_repeat(batch, delivery)) continue;
      box.advance(batch, delivery);
      handled.push_back(delivery.seq);
    }
    return handled;
  }

  std::vector<std::uint64_t> consume(const Batch& batch) {
    const auto handled = handle(batch);
    commit([&](auto& tx) { box.save(tx); });
    box.committed();
    return handled;
  }

  Uuid epoch = ids.next();
  Inbox box;
};

using Numbers = std::vector<std::uint64_t>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(inbox, Mail)

BOOST_AUTO_TEST_CASE(takes_what_is_new_and_skips_what_it_has_seen) {
  BOOST_TEST(consume(batch(0, {1, 2, 5})) == (Numbers{1, 2, 5}), per_element);
  BOOST_TEST(consume(batch(0, {1, 2, 5})).empty());
  BOOST_TEST(consume(batch(2, {5, 6})) == (Numbers{6}), per_element);
}

BOOST_AUTO_TEST_CASE(sees_that_a_batch_leaves_something_out) {
  BOOST_TEST(box.has_gap(batch(3, {4})));
  consume(batch(0, {1, 5}));
  BOOST_TEST(!box.has_gap(batch(5, {6})));
  BOOST_TEST(!box.has_gap(batch(1, {5, 6})));
  BOOST_TEST(box.has_gap(batch(6, {7})));
}

BOOST_AUTO_TEST_CASE(does_not_take_a_batch_of_another_incarnation_of_the_log) {
  BOOST_TEST(!box.has_gap(batch(0, {1})));
  consume(batch(0, {1}));
  epoch = ids.next();
  BOOST_TEST(box.has_gap(batch(0, {1})));
  BOOST_TEST(box.has_gap(batch(1, {2})));
}

BOOST_AUTO_TEST_CASE(a_position_before_the_first_row_is_of_one_incarnation_too) {
  box.rewind("counter", {.epoch = epoch});
  BOOST_TEST(!box.has_gap(batch(0, {1})));
  epoch = ids.next();
  BOOST_TEST(box.has_gap(batch(0, {1})));
}

BOOST_AUTO_TEST_CASE(its_position_is_what_is_committed_with_the_hash_there) {
  handle(batch(0, {1, 2}));
  BOOST_TEST((box.position("counter") == Position{}));
  commit([&](auto& tx) { box.save(tx); });
  BOOST_TEST(box.committed() == (std::vector<std::string>{"counter"}), per_element);
  const Position expected{.epoch = epoch, .seq = 2, .hash = hash_of(2)};
  BOOST_TEST((box.position("counter") == expected));
  reopen();
  open();
  BOOST_TEST((box.position("counter") == expected));
}

BOOST_AUTO_TEST_CASE(names_a_producer_once_however_many_of_its_messages_were_taken) {
  handle(batch(0, {1}));
  handle(batch(1, {2, 3}));
  BOOST_TEST(box.committed().size() == 1U);
  BOOST_TEST(box.committed().empty());
}

BOOST_AUTO_TEST_CASE(takes_again_what_was_lost_with_its_transaction) {
  consume(batch(0, {1}));
  handle(batch(1, {2}));
  roll_back([&](auto& tx) { box.save(tx); });
  open();
  BOOST_TEST(box.committed().empty());
  BOOST_TEST(box.position("counter").seq == 1U);
  BOOST_TEST(consume(batch(1, {2})) == (Numbers{2}), per_element);
}

BOOST_AUTO_TEST_CASE(a_first_message_that_was_lost_with_its_transaction_is_no_gap_when_it_comes_again) {
  handle(batch(0, {1}));
  roll_back([&](auto& tx) { box.save(tx); });
  open();
  BOOST_TEST(!box.has_gap(batch(0, {1})));
}

BOOST_AUTO_TEST_CASE(keeps_producers_apart) {
  consume(batch(0, {1, 2}));
  Batch other = batch(0, {1});
  other.producer = "mirror";
  BOOST_TEST(!box.has_gap(other));
  BOOST_TEST(consume(other) == (Numbers{1}), per_element);
  BOOST_TEST(box.position("counter").seq == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
