#define BOOST_TEST_MODULE delivery_outbox
#include <boost/test/unit_test.hpp>

#include "banyan/message/undecoded.hpp"
#include "scratch.hpp"

using namespace banyan;
using namespace banyan::delivery;
using namespace std::chrono_literals;

namespace {

struct Log : Scratch {
  Log() {
    commit([&](auto& tx) { outbox.open(tx, ids, clock.utc()); });
  }

  void append(int count) {
    commit([&](auto& tx) {
      for (int i = 0; i < count; ++i) outbox.append(tx, Emission{event("a", i)}, now());
    });
    outbox.committed();
  }

  std::vector<Delivery> read(std::uint64_t after = 0, std::int64_t rows_max = 100) {
    std::vector<Delivery> rows;
    roll_back([&](auto& tx) {
      rows = OutboxReader{tx, registry}.read(after, {.rows = rows_max}, age).value();
    });
    return rows;
  }

  std::vector<std::uint64_t> numbers() {
    std::vector<std::uint64_t> all;
    for (const Delivery& row : read()) all.push_back(row.seq);
    return all;
  }

  /// The number of the first row whose hash does not follow from the rows before it.
  std::optional<std::uint64_t> first_broken_row() {
    std::optional<std::uint64_t> broken;
    roll_back([&](auto& tx) {
      ChainHash hash{};
      auto rows = tx.query("SELECT seq, type, headers, payload, hash FROM banyan_outbox ORDER BY seq");
      while (!broken && rows.next()) {
        const auto seq = rows.template get<std::uint64_t>(0);
        hash = chain(hash, seq, rows.template get<std::string>(1), rows.template get<std::string>(2),
                     rows.template get<std::string>(3));
        const auto stored = rows.template get<std::vector<std::byte>>(4);
        if (!std::equal(hash.begin(), hash.end(), stored.begin(), stored.end())) broken = seq;
      }
    });
    return broken;
  }

  std::int64_t prune(std::uint64_t confirmed, Age added_before, std::int64_t rows_max = 100) {
    std::int64_t removed = 0;
    commit([&](auto& tx) { removed = outbox.prune(tx, confirmed, added_before, rows_max); });
    return removed;
  }

  Outbox outbox;
};

using Numbers = std::vector<std::uint64_t>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(appending, Log)

BOOST_AUTO_TEST_CASE(numbers_rows_without_a_gap_although_transactions_are_lost) {
  append(2);
  roll_back([&](auto& tx) { outbox.append(tx, Emission{event("lost")}, now()); });
  commit([&](auto& tx) { outbox.open(tx, ids, clock.utc()); });
  append(1);
  BOOST_TEST(numbers() == (Numbers{1, 2, 3}), per_element);
  BOOST_TEST(!first_broken_row());
}

BOOST_AUTO_TEST_CASE(goes_on_after_the_last_row_when_it_is_opened_again) {
  append(2);
  const Position before = outbox.head();
  reopen();
  Outbox again;
  commit([&](auto& tx) { again.open(tx, ids, clock.utc()); });
  BOOST_TEST((again.head() == before));
  BOOST_TEST(!before.epoch.is_nil());
}

BOOST_AUTO_TEST_CASE(the_head_is_what_is_committed) {
  append(1);
  commit([&](auto& tx) {
    outbox.append(tx, Emission{event("a")}, now());
    BOOST_TEST(outbox.head().seq == 1U);
  });
  outbox.committed();
  BOOST_TEST(outbox.head().seq == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(chain_of_hashes, Log)

BOOST_AUTO_TEST_CASE(verifies_over_what_was_written) {
  append(5);
  append(5);
  BOOST_TEST(!first_broken_row());
}

BOOST_AUTO_TEST_CASE(breaks_at_a_row_that_was_edited) {
  append(5);
  commit([](auto& tx) {
    tx.execute("UPDATE banyan_outbox SET payload = replace(payload, '2', '7') WHERE seq = 3");
  });
  BOOST_TEST(first_broken_row().value() == 3U);
}

BOOST_AUTO_TEST_CASE(breaks_after_a_row_that_was_removed) {
  append(5);
  commit([](auto& tx) { tx.execute("DELETE FROM banyan_outbox WHERE seq = 3"); });
  BOOST_TEST(first_broken_row().value() == 4U);
}

BOOST_AUTO_TEST_CASE(tells_apart_rows_whose_texts_join_to_the_same) {
  BOOST_TEST((chain({}, 1, "ab", "c", "") != chain({}, 1, "a", "bc", "")));
  BOOST_TEST((chain({}, 1, "a", "b", "c") != chain({}, 2, "a", "b", "c")));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(reading, Log)

BOOST_AUTO_TEST_CASE(gives_back_what_was_appended_with_its_hash) {
  const auto parcel = event("a", 7);
  Delivery appended;
  commit([&](auto& tx) { appended = outbox.append(tx, Emission{parcel}, now()); });
  const auto rows = read();
  BOOST_REQUIRE(rows.size() == 1U);
  BOOST_TEST((rows[0].hash == appended.hash));
  BOOST_TEST((rows[0].parcel->envelope.id == parcel->envelope.id));
  BOOST_TEST((rows[0].parcel->payload.as<Counted>() == Counted{.key = "a", .number = 7}));
}

BOOST_AUTO_TEST_CASE(begins_after_a_row_and_ends_with_the_page) {
  append(5);
  const auto rows = read(2, 2);
  BOOST_REQUIRE(rows.size() == 2U);
  BOOST_TEST(rows[0].seq == 3U);
  BOOST_TEST(rows[1].seq == 4U);
}

BOOST_AUTO_TEST_CASE(ends_a_page_before_it_grows_too_large_but_gives_one_row) {
  append(5);
  const std::size_t bytes = read().front().bytes;
  BOOST_TEST(bytes == event("a")->payload.to_json().size());
  roll_back([&](auto& tx) {
    OutboxReader log{tx, registry};
    BOOST_TEST(log.read(0, {.bytes = 3 * bytes}, age).value().size() == 3U);
    BOOST_TEST(log.read(0, {.bytes = 3 * bytes - 1}, age).value().size() == 2U);
    BOOST_TEST(log.read(3, {.bytes = 1}, age).value().size() == 1U);
  });
}

BOOST_AUTO_TEST_CASE(refuses_a_row_of_a_type_that_nobody_declares) {
  append(1);
  commit([](auto& tx) { tx.execute("UPDATE banyan_outbox SET type = 'counter.forgotten.v1'"); });
  roll_back([&](auto& tx) {
    const auto rows = OutboxReader{tx, registry}.read(0, {.rows = 10}, age);
    BOOST_REQUIRE(!rows.ok());
    BOOST_TEST((rows.error() == Error{Errc::data_loss, "delivery.bad_row"}));
  });
}

BOOST_AUTO_TEST_CASE(gives_a_body_that_broke_its_contract_from_the_start_as_it_was_written) {
  const auto add = [&](std::int64_t number) {
    commit([&](auto& tx) { outbox.append(tx, Emission{event("a", number)}, now()); });
  };
  for (const std::int64_t number : {-1, 2, -3, 4}) add(number);
  outbox.committed();
  const auto check = [&](const Delivery& row, std::string_view text) {
    const auto* kept = message::undecoded(row.parcel->payload);
    BOOST_REQUIRE(kept != nullptr);
    BOOST_TEST((kept->why == Error{Errc::invalid_argument, "message.invalid"}));
    BOOST_TEST(kept->known == &Counted::descriptor());
    BOOST_TEST(kept->text == text);
    BOOST_TEST(row.bytes == text.size());
    BOOST_TEST(row.parcel->envelope.key == "a");
  };
  const auto all = read();
  BOOST_REQUIRE(all.size() == 4U);
  check(all[0], R"({"key":"a","number":-1,"text":""})");
  BOOST_TEST(all[1].parcel->payload.as<Counted>().number == 2);
  check(all[2], R"({"key":"a","number":-3,"text":""})");
  clock.advance(1h);
  BOOST_TEST(prune(2, now().age) == 2);
  check(read().front(), R"({"key":"a","number":-3,"text":""})");
}

BOOST_AUTO_TEST_CASE(refuses_a_row_that_was_damaged_since) {
  append(1);
  commit([](auto& tx) { tx.execute("UPDATE banyan_outbox SET payload = '{}'"); });
  roll_back([&](auto& tx) {
    BOOST_TEST((OutboxReader{tx, registry}.read(0, {.rows = 10}, age).error() ==
                Error{Errc::data_loss, "delivery.bad_row"}));
  });
}

BOOST_AUTO_TEST_CASE(knows_the_hash_of_a_row_that_is_there_only) {
  append(2);
  roll_back([&](auto& tx) {
    OutboxReader reader{tx, registry};
    BOOST_TEST((reader.hash_at(2).value() == outbox.head().hash));
    BOOST_TEST(!reader.hash_at(3));
  });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(pruning, Log)

BOOST_AUTO_TEST_CASE(removes_what_is_confirmed_and_old_enough_at_most_so_many) {
  append(5);
  clock.advance(1h);
  append(5);
  BOOST_TEST(prune(10, now().age - 30min, 3) == 3);
  BOOST_TEST(prune(10, now().age - 30min) == 2);
  BOOST_TEST(prune(10, now().age - 30min) == 0);
  BOOST_TEST(numbers() == (Numbers{6, 7, 8, 9, 10}), per_element);
}

BOOST_AUTO_TEST_CASE(counts_the_time_that_the_store_was_open_however_the_clock_was_set) {
  append(2);
  clock.set_by(25h);
  append(2);
  BOOST_TEST(prune(4, now().age - 24h) == 0);
  clock.set_by(-50h);
  append(2);
  clock.advance(24h + 1s);
  append(1);
  BOOST_TEST(prune(7, now().age - 24h) == 6);
  BOOST_TEST(numbers() == (Numbers{7}), per_element);
}

BOOST_AUTO_TEST_CASE(never_passes_what_is_confirmed) {
  append(5);
  clock.advance(1h);
  BOOST_TEST(prune(3, now().age) == 3);
  BOOST_TEST(numbers() == (Numbers{4, 5}), per_element);
}

BOOST_AUTO_TEST_CASE(keeps_the_last_row_so_that_numbers_and_hashes_go_on) {
  append(3);
  clock.advance(1h);
  BOOST_TEST(prune(3, now().age) == 2);
  reopen();
  const Position before = outbox.head();
  commit([&](auto& tx) { outbox.open(tx, ids, clock.utc()); });
  BOOST_TEST((outbox.head() == before));
  append(1);
  BOOST_TEST(numbers() == (Numbers{3, 4}), per_element);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(what_subscribers_have, Log)

BOOST_AUTO_TEST_CASE(is_known_as_it_was_noted_and_does_not_go_down_but_for_one_that_was_set_back) {
  const auto seen = [&](std::string_view subscriber) {
    std::optional<Seen> found;
    roll_back([&](auto& tx) { found = OutboxReader{tx, registry}.seen(subscriber); });
    return found;
  };
  BOOST_TEST(!seen("mirror"));
  commit([](auto& tx) { Outbox::note(tx, {{"mirror", {.had = 3, .until = 7}}, {"other", {}}}); });
  commit([](auto& tx) { Outbox::note(tx, {{"other", {.had = 1, .until = 8}}}); });
  BOOST_TEST((seen("mirror") == Seen{.had = 3, .until = 7}));
  BOOST_TEST((seen("other") == Seen{.had = 1, .until = 8}));
  commit([](auto& tx) { Outbox::note(tx, {{"mirror", {.had = 3, .until = 3}}}); });
  BOOST_TEST((seen("mirror") == Seen{.had = 3, .until = 7}));
  commit([](auto& tx) { Outbox::note(tx, {{"mirror", {.had = 5, .until = 6}}}); });
  BOOST_TEST((seen("mirror") == Seen{.had = 5, .until = 7}));
  commit([](auto& tx) { Outbox::note(tx, {{"mirror", {.had = 2, .until = 2}}}); });
  BOOST_TEST((seen("mirror") == Seen{.had = 2, .until = 2}));
}

BOOST_AUTO_TEST_SUITE_END()
