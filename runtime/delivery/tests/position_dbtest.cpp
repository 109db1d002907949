#define BOOST_TEST_MODULE delivery_position
#include "banyan/delivery/position.hpp"

#include <boost/test/unit_test.hpp>

#include "scratch.hpp"

using namespace banyan;
using namespace banyan::delivery;
using namespace std::chrono_literals;

namespace {

/// A log of ten rows, one an hour.
struct Log : Scratch {
  Log() {
    commit([&](auto& tx) { outbox.open(tx, ids, clock.utc()); });
    for (int i = 1; i <= 10; ++i) {
      clock.advance(1h);
      commit([&](auto& tx) { outbox.append(tx, Emission{event("a", i)}, now()); });
      outbox.committed();
    }
  }

  Result<Position> at(std::uint64_t seq) {
    Result<Position> found{Position{}};
    roll_back([&](auto& tx) { found = position_at(tx, seq); });
    return found;
  }
  Result<Position> before(Timestamp time) {
    Result<Position> found{Position{}};
    roll_back([&](auto& tx) { found = position_before(tx, time); });
    return found;
  }
  void prune(std::uint64_t seq) {
    commit([&](auto& tx) { outbox.prune(tx, seq, now().age + 1h, 100); });
  }

  Outbox outbox;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_position, Log)

BOOST_AUTO_TEST_CASE(is_found_by_its_row_or_by_time) {
  BOOST_TEST((at(10).value() == outbox.head()));
  BOOST_TEST((at(0).value() == Position{.epoch = outbox.head().epoch}));
  BOOST_TEST(before(clock.utc()).value().seq == 9U);
  BOOST_TEST(before(clock.utc() + 1s).value().seq == 10U);
  BOOST_TEST(before(clock.utc() - 90min).value().seq == 8U);
  BOOST_TEST(before(clock.utc() - 24h).value().seq == 0U);
}

BOOST_AUTO_TEST_CASE(beyond_the_log_is_none) {
  BOOST_TEST((at(11).error() == Error{Errc::invalid_argument, "delivery.position_ahead"}));
}

BOOST_AUTO_TEST_CASE(whose_row_is_gone_is_none) {
  prune(4);
  BOOST_TEST(at(5).ok());
  const Error gone{Errc::not_found, "delivery.not_retained"};
  for (const std::uint64_t seq : {0U, 3U, 4U}) BOOST_TEST((at(seq).error() == gone));
  BOOST_TEST((before(clock.utc() - 24h).error() == gone));
}

BOOST_AUTO_TEST_CASE(passes_through_text) {
  BOOST_TEST((parse_position(to_text(outbox.head())).value() == outbox.head()));
}

BOOST_AUTO_TEST_CASE(is_not_read_from_anything_else) {
  const std::string right = to_text(outbox.head());
  const std::string epoch = right.substr(0, right.find('/'));
  const std::string hash = right.substr(right.rfind('/'));
  for (const std::string& wrong :
       {std::string{}, std::string{"/"}, std::string{"//"}, epoch, epoch + "/10", epoch + "/10/", right + "0",
        right + "/", epoch + "/-1" + hash, epoch + "/1x" + hash, epoch + "/" + hash, "x" + right,
        epoch + "/99999999999999999999" + hash, right.substr(0, right.size() - 1) + "G"}) {
    BOOST_TEST((parse_position(wrong).error() == Error{Errc::invalid_argument, "delivery.bad_position"}),
               wrong);
  }
}

BOOST_AUTO_TEST_SUITE_END()
