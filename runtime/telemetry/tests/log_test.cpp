#define BOOST_TEST_MODULE telemetry_log
#include "banyan/telemetry/log.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "banyan/json/parse.hpp"
#include "banyan/telemetry/log_sinks.hpp"

using namespace banyan;
using namespace banyan::telemetry;
using namespace std::chrono_literals;

static_assert(is_field_name("order_id") && is_field_name("a1") && is_field_name("status"));
static_assert(!is_field_name("") && !is_field_name("1a") && !is_field_name("_a") && !is_field_name("Order"));
static_assert(!is_field_name("a b") && !is_field_name("a\"") && !is_field_name("é"));
static_assert(!is_field_name("timestamp") && !is_field_name("message") && !is_field_name("trace_id"));

namespace {

class FixedClock final : public Clock {
 public:
  Instant now() const override { return Instant{}; }
  Timestamp utc() const override { return Timestamp{1'767'225'600'000'001us}; }
};

struct Fixture {
  std::string only_line() const {
    const auto lines = captured.lines();
    BOOST_REQUIRE_EQUAL(lines.size(), 1U);
    return lines.front();
  }
  std::string fields_of(Log::Fields fields) const {
    log.info("m", fields);
    std::string line = only_line();
    const std::string head = R"("span_id":"",)";
    return line.substr(line.find(head) + head.size());
  }

  FixedClock clock;
  CapturedLog captured;
  Log log{captured, clock, "banyan", Level::info};
};

constexpr std::array<std::uint8_t, 16> trace_id{0x0a, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0xff};
constexpr std::array<std::uint8_t, 8> span_id{0xa0, 1, 2, 3, 4, 5, 6, 7};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(logging, Fixture)

BOOST_AUTO_TEST_CASE(has_its_six_members_even_when_nothing_is_known) {
  log.info("started");
  BOOST_TEST(only_line() == R"({"timestamp":"2026-01-01T00:00:00.000001Z","level":"info","service":"banyan",)"
                            R"("message":"started","trace_id":"","span_id":""})");
}

BOOST_AUTO_TEST_CASE(says_which_module_trace_and_user_it_is_about) {
  log.for_module("orders")
      .with({trace_id, span_id, "u-1"})
      .warning("late", {{"duration_ms", 12'345us}, {"status", 503}});
  BOOST_TEST(
      only_line() ==
      R"({"timestamp":"2026-01-01T00:00:00.000001Z","level":"warning","service":"banyan","module":"orders",)"
      R"("message":"late","trace_id":"0a0102030405060708090a0b0c0d0eff","span_id":"a001020304050607",)"
      R"("user_id":"u-1","duration_ms":12.345,"status":503})");
}

BOOST_AUTO_TEST_CASE(writes_every_type_of_field) {
  const std::string text = "t";
  const Uuid id = parse_uuid("01890a5d-ac96-774b-bcce-b302099a8057").value();
  BOOST_TEST(
      fields_of({{"s", text},
                 {"v", std::string_view{"v"}},
                 {"c", "c"},
                 {"i", -1},
                 {"u", std::size_t{18'446'744'073'709'551'615U}},
                 {"d", 0.1},
                 {"n", std::numeric_limits<double>::quiet_NaN()},
                 {"b", true},
                 {"t_ms", 1500ms},
                 {"id", id}}) ==
      R"("s":"t","v":"v","c":"c","i":-1,"u":18446744073709551615,"d":0.1,"n":null,"b":true,"t_ms":1500,)"
      R"("id":"01890a5d-ac96-774b-bcce-b302099a8057"})");
}

BOOST_AUTO_TEST_CASE(shows_an_error_with_code_reason_and_detail) {
  const Error error{Errc::rejected, "inventory.out_of_stock", "product \"7\""};
  const Error bare{Errc::not_found, "orders.unknown"};
  BOOST_TEST(fields_of({{"error", error}, {"cause", bare}}) ==
             R"("error":{"code":"rejected","reason":"inventory.out_of_stock","detail":"product \"7\""},)"
             R"("cause":{"code":"not_found","reason":"orders.unknown"}})");
}

BOOST_AUTO_TEST_CASE(never_shows_a_secret) {
  const Secret password{"hunter2"};
  BOOST_TEST(fields_of({{"password", password}}) == R"("password":"***"})");
}

BOOST_AUTO_TEST_CASE(leaves_out_what_is_below_its_level) {
  log.debug("not this");
  BOOST_TEST(captured.lines().empty());
  log.error("but this");
  BOOST_TEST(captured.lines().size() == 1U);

  const Log silent{captured, clock, "banyan", Level::off};
  silent.error("nor this");
  BOOST_TEST(!silent.writes(Level::error));
  BOOST_TEST(captured.lines().size() == 1U);
}

BOOST_AUTO_TEST_CASE(stays_one_valid_line_whatever_the_text) {
  log.for_module("m\n")
      .with({{}, {}, "u\"\n"})
      .info("a\r\n{\"level\":\"error\"}\x1b[2J", {{"f", "\xe2\x80\xa8\xff"}});
  const std::string line = only_line();
  BOOST_TEST(line.find('\n') == std::string::npos);
  const auto parsed = json::parse(line);
  BOOST_REQUIRE(parsed.ok());
  BOOST_TEST(*parsed.value().find("message")->if_a<std::string>() == "a\r\n{\"level\":\"error\"}\x1b[2J");
  BOOST_TEST(*parsed.value().find("level")->if_a<std::string>() == "info");
}

BOOST_AUTO_TEST_CASE(cuts_long_text_and_leaves_out_fields_for_which_there_is_no_room) {
  const std::string text(10'000, 'x');
  log.info(text, {{"a", text}, {"b", text}, {"c", text}, {"d", text}, {"e", text}});
  const std::string line = only_line();
  BOOST_TEST(line.size() < Log::line_bytes_max + Log::text_bytes_max + 100);
  BOOST_TEST(line.ends_with(R"(…","truncated":true})"));
  BOOST_TEST(json::parse(line).ok());
  BOOST_TEST(line.find(R"("e":)") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
