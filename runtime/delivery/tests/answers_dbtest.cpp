#define BOOST_TEST_MODULE delivery_answers
#include <boost/test/unit_test.hpp>

#include "banyan/delivery/answers.hpp"
#include "scratch.hpp"

using namespace banyan;
using namespace banyan::delivery;
using namespace std::chrono_literals;

namespace {

struct Desk : Scratch {
  void store(const std::string& key, std::int64_t number) {
    commit([&](auto& tx) {
      answers.store(tx, "anna", {key, "print"}, message::Payload::of(Counted{.key = key, .number = number}),
                    now().age);
    });
    answers.transaction_ended();
  }

  Result<std::optional<message::Payload>> find(const std::string& key,
                                               const std::string& fingerprint = "print",
                                               const std::string& principal = "anna") {
    Result<std::optional<message::Payload>> found{std::optional<message::Payload>{}};
    roll_back([&](auto& tx) {
      found = answers.find(tx, principal, {key, fingerprint}, Counted::descriptor());
    });
    return found;
  }

  Answers answers{registry};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(answers_to_idempotency_keys, Desk)

BOOST_AUTO_TEST_CASE(a_new_key_has_none) { BOOST_TEST(!find("k1").value().has_value()); }

BOOST_AUTO_TEST_CASE(a_key_that_was_used_has_the_answer_that_was_given_then) {
  store("k1", 7);
  reopen();
  const auto found = find("k1");
  BOOST_TEST((found.value().value().as<Counted>() == Counted{.key = "k1", .number = 7}));
}

BOOST_AUTO_TEST_CASE(a_key_belongs_to_its_principal) {
  store("k1", 7);
  BOOST_TEST(!find("k1", "print", "bert").value().has_value());
}

BOOST_AUTO_TEST_CASE(a_key_that_was_used_for_another_request_is_refused) {
  store("k1", 7);
  BOOST_TEST((find("k1", "another").error() == Error{Errc::already_exists, "idempotency.key_reused"}));
}

BOOST_AUTO_TEST_CASE(a_key_whose_first_request_is_not_committed_yet_is_in_flight) {
  commit([&](auto& tx) {
    const message::Idempotency key{"k1", "print"};
    answers.store(tx, "anna", key, message::Payload::of(Counted{}), now().age);
    BOOST_TEST((answers.find(tx, "anna", key, Counted::descriptor()).error() ==
                Error{Errc::conflict, "idempotency.in_flight"}));
  });
  answers.transaction_ended();
  BOOST_TEST(find("k1").value().has_value());
}

BOOST_AUTO_TEST_CASE(a_key_is_new_again_when_its_transaction_was_lost) {
  roll_back([&](auto& tx) {
    answers.store(tx, "anna", {"k1", "print"}, message::Payload::of(Counted{}), now().age);
  });
  answers.transaction_ended();
  BOOST_TEST(!find("k1").value().has_value());
}

BOOST_AUTO_TEST_CASE(an_answer_of_a_type_that_is_not_declared_any_more_is_data_loss) {
  store("k1", 7);
  commit([](auto& tx) { tx.execute("UPDATE banyan_answer SET type = 'counter.forgotten.v1'"); });
  BOOST_TEST((find("k1").error() == Error{Errc::data_loss, "idempotency.unknown_type"}));
}

BOOST_AUTO_TEST_CASE(an_answer_of_another_type_than_the_command_has_is_data_loss) {
  store("k1", 7);
  commit([](auto& tx) { tx.execute("UPDATE banyan_answer SET type = ?1", Count::descriptor().type); });
  BOOST_TEST((find("k1").error() == Error{Errc::data_loss, "idempotency.unknown_type"}));
}

BOOST_AUTO_TEST_CASE(old_ones_are_removed_at_most_so_many_at_once) {
  for (int i = 0; i < 5; ++i) store("old" + std::to_string(i), i);
  clock.advance(1h);
  store("new", 9);
  const auto prune = [&](std::int64_t rows_max) {
    std::int64_t removed = 0;
    commit([&](auto& tx) { removed = Answers::prune(tx, now().age - 30min, rows_max); });
    return removed;
  };
  BOOST_TEST(prune(3) == 3);
  BOOST_TEST(prune(100) == 2);
  BOOST_TEST(prune(100) == 0);
  BOOST_TEST(!find("old0").value().has_value());
  BOOST_TEST(find("new").value().has_value());
}

BOOST_AUTO_TEST_CASE(are_as_old_as_their_store_has_become_since_however_the_clock_was_set) {
  for (const auto difference : {-25h, 50h, -1h}) {
    store("k" + std::to_string(difference.count()), 1);
    clock.set_by(difference);
  }
  std::int64_t removed = 0;
  commit([&](auto& tx) { removed = Answers::prune(tx, now().age - 24h, 100); });
  BOOST_TEST(removed == 0);
  clock.advance(24h + 1s);
  commit([&](auto& tx) { removed = Answers::prune(tx, now().age - 24h, 100); });
  BOOST_TEST(removed == 3);
}

BOOST_AUTO_TEST_SUITE_END()
