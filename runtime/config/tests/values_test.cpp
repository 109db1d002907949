#define BOOST_TEST_MODULE config_values
#include "values.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>

using namespace banyan;
using namespace banyan::config;

namespace {

constexpr Range<std::int64_t> anything{std::numeric_limits<std::int64_t>::min(),
                                       std::numeric_limits<std::int64_t>::max()};

Setting setting(Type type, Range<std::int64_t> range = anything) {
  return {
      .key = "a.b", .type = type, .help = "", .initial = false, .range = range, .choices = {}, .assign = {}};
}

/// The number that `text` means, or -1 where it is refused.
std::int64_t number(Type type, std::string_view text) {
  const auto value = parse_value(setting(type), text);
  return value ? std::get<std::int64_t>(value.value()) : -1;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_values)

BOOST_AUTO_TEST_CASE(reads_durations_as_microseconds) {
  BOOST_TEST(number(Type::duration, "7us") == 7);
  BOOST_TEST(number(Type::duration, "250ms") == 250'000);
  BOOST_TEST(number(Type::duration, "5s") == 5'000'000);
  BOOST_TEST(number(Type::duration, "15min") == 900'000'000);
  BOOST_TEST(number(Type::duration, "24h") == 86'400'000'000);
  BOOST_TEST(number(Type::duration, "0s") == 0);
}

BOOST_AUTO_TEST_CASE(reads_sizes_as_bytes) {
  BOOST_TEST(number(Type::bytes, "0B") == 0);
  BOOST_TEST(number(Type::bytes, "512B") == 512);
  BOOST_TEST(number(Type::bytes, "64KiB") == 65'536);
  BOOST_TEST(number(Type::bytes, "16MiB") == 16'777'216);
  BOOST_TEST(number(Type::bytes, "2GiB") == 2'147'483'648);
}

BOOST_AUTO_TEST_CASE(refuses_quantities_without_a_number_a_unit_or_room) {
  for (const auto* text : {"", "5", "s", "-5s", "+5s", "1.5s", "5 s", " 5s", "5S", "5m", "5sec", "1e3s",
                           "0x5s", "5s ", "99999999999999999999s", "9223372036854775807h"}) {
    BOOST_TEST(number(Type::duration, text) == -1, text);
  }
  for (const auto* text : {"64", "64K", "64KB", "64kib", "-1B", "1.5MiB", "9223372036854775807KiB"}) {
    BOOST_TEST(number(Type::bytes, text) == -1, text);
  }
}

BOOST_AUTO_TEST_CASE(refuses_text_that_no_file_could_hold) {
  for (const std::string_view text : {std::string_view{"caf\xE9"}, std::string_view{"\xFF"},
                                      std::string_view{"\xED\xA0\x80"}, std::string_view{"a\0b", 3}}) {
    for (const Type type : {Type::text, Type::list, Type::secret}) {
      const auto value = parse_value(setting(type), text);
      BOOST_REQUIRE(!value);
      BOOST_TEST(value.error().reason() == "config.bad_value");
      BOOST_TEST(value.error().detail().find("must be UTF-8") != std::string::npos);
    }
  }
  BOOST_TEST(parse_value(setting(Type::text), "café").ok());
}

BOOST_AUTO_TEST_CASE(reads_integers_strictly) {
  BOOST_TEST(number(Type::integer, "42") == 42);
  for (const auto* text : {"", "4.0", "4x", " 4", "0x4", "9223372036854775808"}) {
    BOOST_TEST(number(Type::integer, text) == -1, text);
  }
  BOOST_TEST(!parse_value(setting(Type::integer, {1, 5}), "6").ok());
  BOOST_TEST(!parse_value(setting(Type::integer, {1, 5}), "0").ok());
  BOOST_TEST(parse_value(setting(Type::integer, {1, 5}), "5").ok());
}

BOOST_AUTO_TEST_CASE(splits_lists_at_commas_and_trims_the_elements) {
  const auto list = [](std::string_view text) {
    return std::get<std::vector<std::string>>(parse_value(setting(Type::list), text).value());
  };
  BOOST_TEST((list("a, b ,c") == std::vector<std::string>{"a", "b", "c"}));
  BOOST_TEST(list("").empty());
  BOOST_TEST(list(" ").empty());
}

BOOST_AUTO_TEST_CASE(prints_quantities_in_the_largest_unit_that_is_exact) {
  const auto printed = [](Type type, std::int64_t value) { return to_toml(setting(type), value); };
  BOOST_TEST(printed(Type::duration, 0) == "\"0us\"");
  BOOST_TEST(printed(Type::duration, 1'500'000) == "\"1500ms\"");
  BOOST_TEST(printed(Type::duration, 90'000'000) == "\"90s\"");
  BOOST_TEST(printed(Type::duration, 86'400'000'000) == "\"24h\"");
  BOOST_TEST(printed(Type::bytes, 1'048'577) == "\"1048577B\"");
  BOOST_TEST(printed(Type::bytes, 1'048'576) == "\"1MiB\"");
  BOOST_TEST(printed(Type::integer, 1'048'576) == "1048576");
}

BOOST_AUTO_TEST_CASE(quotes_text_as_a_toml_string) {
  BOOST_TEST(quoted("a\"b\\c\n\x7f") == "\"a\\\"b\\\\c\\u000A\\u007F\"");
  BOOST_TEST(quoted("é") == "\"é\"");
}

BOOST_AUTO_TEST_SUITE_END()
