#define BOOST_TEST_MODULE host_owner_card
#include <boost/test/unit_test.hpp>
#include <string>

#include "owner_card.hpp"

using namespace banyan;
using namespace banyan::host;

namespace {

Uuid id(std::uint8_t number) {
  Uuid id;
  id.bytes[15] = std::byte{number};
  return id;
}

OwnerCard card() {
  return {.log = id(1),
          .process = id(2),
          .host = "shop-1",
          .pid = 4711,
          .folder = "/srv/my \"shop\"",
          .since = parse_rfc3339("2026-11-30T12:00:00Z").value(),
          .state = OwnerCard::State::serving};
}

std::string with(std::string text, const std::string& part, const std::string& other) {
  const std::size_t at = text.find(part);
  BOOST_REQUIRE(at != std::string::npos);
  return text.replace(at, part.size(), other);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(a_card)

BOOST_AUTO_TEST_CASE(is_read_as_it_was_written) {
  BOOST_TEST((parse_owner_card(to_json(card())).value() == card()));
}

BOOST_AUTO_TEST_CASE(names_the_place) {
  BOOST_TEST(
      place_of(card()) ==
      "process 4711 on shop-1, data folder /srv/my \"shop\", log 00000000-0000-0000-0000-000000000001, "
      "since 2026-11-30T12:00:00.000000Z");
}

BOOST_AUTO_TEST_CASE(is_refused_unless_it_is_whole_and_can_be_shown) {
  const std::string good = to_json(card());
  const std::string table[] = {
      "",
      "[]",
      with(good, "serving", "sleeping"),
      with(good, "4711", "0"),
      with(good, "4711", "-1"),
      with(good, "4711", "2147483648"),
      with(good, "4711", "47.5"),
      with(good, "shop-1", ""),
      with(good, "shop-1", std::string(256, 'h')),
      with(good, "shop-1", "\\u001b[2J"),
      with(good, "/srv/my", std::string(5000, 'f')),
      with(good, "/srv/my", "\\u007f"),
      with(good, "2026-11-30T", "yesterday"),
      with(good, "000000000001", "1"),
      with(good, "\"host\"", "\"hast\""),
      good + std::string(20'000, ' '),
  };
  for (const std::string& text : table) {
    const auto read = parse_owner_card(text);
    BOOST_TEST_CONTEXT(text.substr(0, 200)) {
      BOOST_REQUIRE(!read.ok());
      BOOST_TEST(read.error().reason() == "host.bad_card");
    }
  }
}

BOOST_AUTO_TEST_CASE(precedes_by_serving_then_by_its_start_then_by_its_number) {
  OwnerCard one = card();
  OwnerCard other = card();
  other.process = id(3);
  BOOST_TEST(precedes(one, other));
  BOOST_TEST(!precedes(other, one));
  one.since += std::chrono::seconds{1};
  BOOST_TEST(precedes(other, one));
  other.state = OwnerCard::State::waiting;
  BOOST_TEST(precedes(one, other));
  BOOST_TEST(!precedes(one, one));
}

BOOST_AUTO_TEST_SUITE_END()
