#define BOOST_TEST_MODULE delivery_audit
#include "banyan/delivery/audit.hpp"

#include <boost/test/unit_test.hpp>

#include "scratch.hpp"

using namespace banyan;
using namespace banyan::delivery;

namespace {

using Lines = std::vector<std::string>;

/// A log of ten rows.
struct Log : Scratch {
  Log() {
    commit([&](auto& tx) { outbox.open(tx, ids, clock.utc()); });
    append(10);
  }

  void append(int count) {
    commit([&](auto& tx) {
      for (int i = 0; i < count; ++i) places.push_back(place(outbox.append(tx, Emission{event("a", i)}, {})));
    });
    outbox.committed();
  }

  Position place(const Delivery& row) const { return {outbox.head().epoch, row.seq, row.hash}; }

  void prune(std::uint64_t seq) {
    commit([&](auto& tx) { outbox.prune(tx, seq, Age::max(), 100); });
  }

  /// As somebody does with sqlite3.
  void change(std::string_view sql) {
    commit([&](auto& tx) { BOOST_TEST(tx.execute(sql) > 0); });
  }

  Lines audit(std::int64_t rows_max = 3) {
    Lines lines;
    LogAudit audit{[&](const BrokenRows& rows) {
      lines.push_back(rows.why.reason() + " " + std::to_string(rows.first) + ".." +
                      std::to_string(rows.last) + ": " + rows.why.detail());
    }};
    for (bool more = true; more;) {
      roll_back([&](auto& tx) { more = audit.advance(tx, rows_max); });
    }
    return lines;
  }

  std::string misplaced(const Position& position) {
    std::string why;
    roll_back([&](auto& tx) {
      const auto error = misplacement(tx, "ledger", position);
      if (error) why = error->reason() + ": " + error->detail();
    });
    return why;
  }

  Outbox outbox;
  std::vector<Position> places = {Position{}};  ///< Of each row.
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_log, Log)

BOOST_AUTO_TEST_CASE(is_whole_as_it_was_made) {
  BOOST_TEST(audit() == Lines{}, per_element);
  BOOST_TEST(audit(1) == Lines{}, per_element);
  BOOST_TEST(audit(100) == Lines{}, per_element);
}

BOOST_AUTO_TEST_CASE(is_whole_without_rows) {
  change("DELETE FROM banyan_outbox");
  BOOST_TEST(audit() == Lines{}, per_element);
}

BOOST_AUTO_TEST_CASE(is_whole_after_its_beginning_was_removed) {
  prune(4);
  BOOST_TEST(audit() == Lines{}, per_element);
  prune(10);
  BOOST_TEST(audit() == Lines{}, per_element);
  append(5);
  BOOST_TEST(audit() == Lines{}, per_element);
}

BOOST_AUTO_TEST_CASE(is_whole_though_it_is_pruned_meanwhile) {
  LogAudit audit{[](const BrokenRows& rows) { BOOST_ERROR(rows.why.detail()); }};
  roll_back([&](auto& tx) { BOOST_TEST(audit.advance(tx, 2)); });
  prune(7);
  roll_back([&](auto& tx) { BOOST_TEST(audit.advance(tx, 2)); });
  BOOST_TEST(audit.seq() == 9);
  append(1);
  roll_back([&](auto& tx) { BOOST_TEST(audit.advance(tx, 100)); });
  roll_back([&](auto& tx) { BOOST_TEST(!audit.advance(tx, 100)); });
  BOOST_TEST(audit.seq() == 11);
}

BOOST_AUTO_TEST_CASE(shows_a_row_that_was_edited) {
  const Lines edited{"delivery.chain_broken 5..5: row 5 is not what was added there"};
  for (const auto* edit : {"UPDATE banyan_outbox SET payload = payload || ' ' WHERE seq = 5",
                           "UPDATE banyan_outbox SET type = 'counter.other.v1' WHERE seq = 5",
                           "UPDATE banyan_outbox SET headers = '{}' WHERE seq = 5"}) {
    Log log;
    log.change(edit);
    BOOST_TEST(log.audit() == edited, per_element);
  }
}

BOOST_AUTO_TEST_CASE(shows_an_edited_row_at_its_ends) {
  change("UPDATE banyan_outbox SET payload = '{}' WHERE seq IN (1, 10)");
  BOOST_TEST(audit() == (Lines{"delivery.chain_broken 1..1: row 1 is not what was added there",
                               "delivery.chain_broken 10..10: row 10 is not what was added there"}),
             per_element);
}

BOOST_AUTO_TEST_CASE(shows_the_first_row_that_is_left_if_it_was_edited) {
  prune(4);
  change("UPDATE banyan_outbox SET payload = '{}' WHERE seq = 5");
  BOOST_TEST(audit() == Lines{"delivery.chain_broken 5..5: row 5 is not what was added there"}, per_element);
}

BOOST_AUTO_TEST_CASE(shows_a_hash_that_was_edited_by_it_and_the_row_behind_it) {
  change("UPDATE banyan_outbox SET hash = x'00' WHERE seq = 5");
  BOOST_TEST(audit() == Lines{"delivery.chain_broken 5..6: rows 5 to 6 are not all what was added there"},
             per_element);
}

BOOST_AUTO_TEST_CASE(shows_rows_that_are_missing) {
  change("DELETE FROM banyan_outbox WHERE seq = 3");
  change("DELETE FROM banyan_outbox WHERE seq BETWEEN 6 AND 8");
  BOOST_TEST(audit() == (Lines{"delivery.log_incomplete 3..3: row 3 is missing",
                               "delivery.log_incomplete 6..8: rows 6 to 8 are missing"}),
             per_element);
}

BOOST_AUTO_TEST_CASE(shows_that_rows_are_missing_at_its_beginning) {
  change("DELETE FROM banyan_outbox WHERE seq <= 2");
  BOOST_TEST(audit() == Lines{"delivery.log_incomplete 1..2: rows 1 to 2 are missing"}, per_element);
}

BOOST_AUTO_TEST_CASE(shows_that_rows_are_missing_where_it_begins_by_now) {
  prune(4);
  change("DELETE FROM banyan_outbox WHERE seq = 5");
  BOOST_TEST(audit() == Lines{"delivery.log_incomplete 5..5: row 5 is missing"}, per_element);
  change("DELETE FROM banyan_outbox");
  BOOST_TEST(audit() == Lines{"delivery.log_incomplete 5..5: row 5 is missing"}, per_element);
}

BOOST_AUTO_TEST_CASE(shows_two_rows_that_were_swapped) {
  change("UPDATE banyan_outbox SET seq = -4 WHERE seq = 4");
  change("UPDATE banyan_outbox SET seq = 4 WHERE seq = 7");
  change("UPDATE banyan_outbox SET seq = 7 WHERE seq = -4");
  BOOST_TEST(audit() == (Lines{"delivery.chain_broken 4..5: rows 4 to 5 are not all what was added there",
                               "delivery.chain_broken 7..8: rows 7 to 8 are not all what was added there"}),
             per_element);
}

BOOST_AUTO_TEST_CASE(shows_rows_that_were_added) {
  prune(2);
  change(
      "INSERT INTO banyan_outbox SELECT 11, type, created_at, headers, payload, hash, age FROM banyan_outbox "
      "WHERE seq = 10");
  change(
      "INSERT INTO banyan_outbox SELECT -1, type, created_at, headers, payload, hash, age FROM banyan_outbox "
      "WHERE seq = 10");
  change(
      "INSERT INTO banyan_outbox SELECT 2, type, created_at, headers, payload, hash, age FROM banyan_outbox "
      "WHERE seq = 10");
  BOOST_TEST(audit() == (Lines{"delivery.chain_broken -1..2: rows -1 to 2 are not all what was added there",
                               "delivery.chain_broken 11..11: row 11 is not what was added there"}),
             per_element);
}

BOOST_AUTO_TEST_CASE(of_an_older_version_is_taken_from_its_first_row_on) {
  prune(4);
  commit([](auto& tx) { tx.execute("DROP TABLE banyan_removed"); });
  BOOST_TEST(audit() == Lines{}, per_element);
  change("UPDATE banyan_outbox SET payload = '{}' WHERE seq IN (5, 6)");
  BOOST_TEST(audit() == Lines{"delivery.chain_broken 6..6: row 6 is not what was added there"}, per_element);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_position, Log)

BOOST_AUTO_TEST_CASE(is_in_the_log_where_a_subscriber_can_have_come_by_itself) {
  for (const Position& position : places) BOOST_TEST(misplaced(position) == "");
  prune(4);
  for (const Position& position : places) {
    const Seen seen{.had = position.seq, .until = std::max<std::uint64_t>(position.seq, 4)};
    commit([&](auto& tx) { Outbox::note(tx, {{"ledger", seen}}); });
    BOOST_TEST(misplaced(position) == "");
  }
}

BOOST_AUTO_TEST_CASE(is_shown_if_it_is_of_another_log) {
  places[3].epoch = ids.next();
  BOOST_TEST(misplaced(places[3]) ==
             "delivery.diverged: the subscriber followed another incarnation of this log");
}

BOOST_AUTO_TEST_CASE(is_shown_if_it_is_beyond_the_end) {
  change("DELETE FROM banyan_outbox WHERE seq = 10");
  BOOST_TEST(audit() == Lines{}, per_element);  // nobody else knows of it
  BOOST_TEST(misplaced(places[10]) == "delivery.diverged: the subscriber is at 10, the log ends at 9");
}

BOOST_AUTO_TEST_CASE(is_shown_if_another_row_is_there) {
  prune(4);
  for (const std::uint64_t seq : {4, 5, 10}) {
    Position changed = places[seq];
    changed.hash = places[seq - 1].hash;
    BOOST_TEST(misplaced(changed) == "delivery.diverged: the log has another row at " + std::to_string(seq));
  }
}

BOOST_AUTO_TEST_CASE(is_shown_if_it_was_set_back_to_where_the_log_does_not_reach_any_more) {
  commit([&](auto& tx) { Outbox::note(tx, {{"ledger", {.had = 6, .until = 8}}, {"other", {.had = 9}}}); });
  prune(4);
  BOOST_TEST(misplaced(places[4]) == "");
  BOOST_TEST(misplaced(places[3]) ==
             "delivery.log_incomplete: the subscriber is at 3 and was at 6 before, the log begins after 4");
}

// As a store is left whose link began too early and had that noted.
BOOST_AUTO_TEST_CASE(of_a_subscriber_of_which_too_little_is_noted_is_none) {
  commit([&](auto& tx) { Outbox::note(tx, {{"ledger", {.had = 3, .until = 3}}}); });
  prune(8);
  BOOST_TEST(
      misplaced(places[3]) ==
      "delivery.log_incomplete: the subscriber is at 3 and is noted to have everything up to 3, the log "
      "begins after 8, which should have happened only with rows that it has");
  BOOST_TEST(misplaced(Position{}) == "");
}

BOOST_AUTO_TEST_CASE(that_has_everything_that_is_for_the_subscriber_may_be_of_a_row_that_is_gone) {
  commit([&](auto& tx) { Outbox::note(tx, {{"ledger", {.had = 3, .until = 10}}}); });
  prune(8);
  BOOST_TEST(misplaced(places[3]) == "");
}

BOOST_AUTO_TEST_SUITE_END()
