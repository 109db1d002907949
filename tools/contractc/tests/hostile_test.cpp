#define BOOST_TEST_MODULE contractc_hostile
#include <boost/test/unit_test.hpp>

#include "cpp.hpp"
#include "sample_contract.hpp"
#include "write.hpp"

using namespace banyan::contractc;

namespace {

/// The problems of the sample when `to` stands in the place of `from` in its AsyncAPI file.
std::string problems_with(std::string_view from, std::string_view to) {
  SampleContract sample;
  sample.asyncapi.replace(sample.asyncapi.find(from), from.size(), to);
  return sample.problems();
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(a_file_that_is_made_to_harm)

BOOST_AUTO_TEST_CASE(has_no_alias_of_an_alias_that_fills_the_memory) {
  std::string aliases = "x-a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    aliases += "x-a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + repeated(last + ", ", 8) +
               last + "]\n";
  }
  const std::string problems = problems_with("channels:\n", aliases + "channels:\n");
  BOOST_TEST(has(problems, "the anchor '&a0'"), problems);
}

BOOST_AUTO_TEST_CASE(has_no_anchor_and_no_alias_anywhere) {
  BOOST_TEST(has(problems_with("{type: boolean}", "&b {type: boolean}"), "the anchor '&b'"));
  BOOST_TEST(has(problems_with("{type: boolean}", "{type: &b boolean}"), "the anchor '&b'"));
  BOOST_TEST(has(problems_with("{type: boolean}", "*b"), "sample.asyncapi.yaml"));
}

BOOST_AUTO_TEST_CASE(is_not_nested_deeper_than_anybody_reads) {
  for (const int depth : {70, 600, 100'000}) {
    BOOST_TEST_CONTEXT(depth) {
      BOOST_TEST(!problems_with("{type: boolean}", repeated("[", depth)).empty());
      BOOST_TEST(!problems_with("{type: boolean}", repeated("{a: ", depth)).empty());
    }
  }
  const std::string problems = problems_with("{type: boolean}", repeated("[", 70) + repeated("]", 70));
  BOOST_TEST(has(problems, "nested more than 64 deep"), problems);
}

BOOST_AUTO_TEST_CASE(is_not_larger_than_any_contract) {
  const std::string problems =
      problems_with("channels:\n", "# " + std::string(1 << 20, 'x') + "\nchannels:\n");
  BOOST_TEST(has(problems, "the file has more than 1048576 bytes"), problems);
}

BOOST_AUTO_TEST_CASE(leads_from_one_component_to_the_next_no_further_than_the_limit) {
  std::string chain;
  for (int i = 0; i < 10'000; ++i) {
    chain +=
        "    A" + std::to_string(i) + ": {$ref: '#/components/schemas/A" + std::to_string(i + 1) + "'}\n";
  }
  chain += "    A10000: {type: boolean}\n";
  const std::string problems = problems_with("    Money:\n", chain + "    Money:\n");
  BOOST_TEST(has(problems, "more than 64 $refs away"), problems.substr(0, 1000));
}

BOOST_AUTO_TEST_CASE(is_utf8_without_control_characters) {
  BOOST_TEST(has(problems_with("Makes a thing.", "Makes a caf\xE9."), "the file is not UTF-8"));
  for (const char* text : {"\"a\\x00b\"", "\"a\\rb\"", "\"a\\x1Bb\"", "\"a\\x7Fb\""}) {
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(has(problems_with("Makes a thing.", text), "has a control character"));
    }
  }
}

BOOST_AUTO_TEST_CASE(has_a_status_that_no_narrower_number_makes_right) {
  BOOST_TEST(
      has(problems_with("status: 409", "status: 4294967696"), "the status of a refusal is 4294967696"));
}

BOOST_AUTO_TEST_CASE(has_no_key_that_no_header_would_hold) {
  const std::string problems = problems_with("{type: string, format: uuid, description: Who wants it.}",
                                             "{type: string, maxLength: 513}");
  BOOST_TEST(has(problems, "the key 'owner_id' may have 513 characters"), problems);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(generated_text)

BOOST_AUTO_TEST_CASE(is_a_literal_that_ends_where_its_text_does) {
  BOOST_TEST(raw_literal("a") == "R\"json(a)json\"");
  BOOST_TEST(raw_literal("a)json\"b") == "R\"json1(a)json\"b)json1\"");
  BOOST_TEST(raw_literal(")json\")json1\"") == "R\"json2()json\")json1\")json2\"");
}

BOOST_AUTO_TEST_CASE(is_a_comment_that_does_not_take_the_next_line_in) {
  BOOST_TEST(comment("in C:\\", 0) == "/// in C:\\.\n");
  const std::string wide = comment(repeated("word\\ ", 60), 0);
  for (std::size_t at = 0; (at = wide.find("\\\n", at)) != std::string::npos; ++at) {
    BOOST_FAIL("a line ends in a backslash");
  }
}

BOOST_AUTO_TEST_CASE(is_a_table_with_as_many_cells_as_it_has_columns) {
  SampleContract sample;
  const std::string from = "{type: integer, minimum: 1, maximum: 10, default: 1}";
  sample.asyncapi.replace(sample.asyncapi.find(from), from.size(),
                          "{type: string, maxLength: 9, pattern: '^[`|]*$', default: '`|'}");
  Problems problems;
  std::vector<Contract> contracts;
  contracts.push_back(sample.read(problems));
  BOOST_TEST(problems.to_text() == "");
  const std::string catalogue = write_catalogue(contracts);
  BOOST_TEST(has(catalogue, "| copies | string …9 `` ^[`\\|]*$ `` | default \"`\\|\" |"), catalogue);
}

BOOST_AUTO_TEST_SUITE_END()
