#define BOOST_TEST_MODULE contractc_write
#include <boost/test/unit_test.hpp>

#include "edges.hpp"
#include "sample_contract.hpp"
#include "write.hpp"

using namespace banyan::contractc;

namespace {

Contract sample_contract() {
  Problems problems;
  Contract contract = SampleContract{}.read(problems);
  BOOST_TEST(problems.to_text() == "");
  return contract;
}

/// The sample, and a module without routes that uses one of each kind of its messages.
std::vector<Contract> sample_and_its_user() {
  SampleContract user;
  user.asyncapi.insert(
      user.asyncapi.find("channels:\n"),
      "x-banyan-uses:\n  commands: {sample: [MakeThing]}\n  queries: {sample: [ListThings]}\n"
      "  events: {sample: [ThingMade]}\n");
  Problems of_using_itself;  // It is renamed only after it was read.
  std::vector<Contract> contracts;
  contracts.push_back(sample_contract());
  contracts.push_back(user.read(of_using_itself));
  contracts.back().module = "other";
  contracts.back().routes.clear();
  return contracts;
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(generated_code)

BOOST_AUTO_TEST_CASE(is_the_same_each_time) {
  const auto once = write_code(sample_contract());
  const auto again = write_code(sample_contract());
  BOOST_REQUIRE(once.size() == again.size());
  for (std::size_t i = 0; i < once.size(); ++i) {
    BOOST_TEST(once[i].path == again[i].path);
    BOOST_TEST(once[i].text == again[i].text);
  }
}

BOOST_AUTO_TEST_CASE(keeps_to_110_columns_outside_of_literals) {
  for (const GeneratedFile& file : write_code(sample_contract())) {
    std::istringstream lines{file.text.substr(0, file.text.find("R\"json"))};
    for (std::string line; std::getline(lines, line);) {
      BOOST_TEST_CONTEXT(file.path << ": " << line) { BOOST_TEST(line.size() <= 110U); }
    }
  }
}

BOOST_AUTO_TEST_CASE(includes_no_more_than_it_needs) {
  Contract contract = sample_contract();
  BOOST_TEST(contains(write_messages(contract), "#include \"banyan/base/money.hpp\""));

  std::erase_if(contract.types, [](const SchemaPtr& type) { return type->name != "Thing"; });
  const std::string text = write_messages(contract);
  BOOST_TEST(contains(text, "#include <cstdint>"));
  for (const auto* header :
       {"money.hpp", "clock.hpp", "<vector>", "<optional>", "<string>", "<string_view>"}) {
    BOOST_TEST_CONTEXT(header) { BOOST_TEST(!contains(text, header)); }
  }
}

BOOST_AUTO_TEST_CASE(puts_types_after_those_that_they_need) {
  const std::string text = write_messages(sample_contract());
  BOOST_TEST(text.find("struct Part {") < text.find("struct MakeThing {"));
  BOOST_TEST(text.find("enum class MakeThingTemplate") < text.find("struct MakeThing {"));
  BOOST_TEST(!contains(text, "struct Money"));
  BOOST_TEST(!contains(text, "struct Label"));
}

BOOST_AUTO_TEST_CASE(of_a_module_without_http_has_no_routes) {
  Contract contract = sample_contract();
  contract.openapi = nullptr;
  contract.routes.clear();
  BOOST_TEST(contains(write_http_source(contract), ".routes = {},"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(generated_documents)

BOOST_AUTO_TEST_CASE(merge_to_the_union_of_the_modules) {
  std::vector<Contract> contracts;
  contracts.push_back(sample_contract());
  SampleContract second;
  Problems problems;
  contracts.push_back(second.read(problems));
  contracts.back().module = "other";

  const Node merged = merge_openapi(contracts, "Both", "2.0.0");

  BOOST_TEST(merged.at_pointer("/info/title")->text == "Both");
  BOOST_TEST(merged.find("tags")->items.size() == 1U);
  BOOST_TEST(merged.at_pointer("/components/schemas/sample.Part") != nullptr);
  BOOST_TEST(merged.at_pointer("/components/schemas/other.Part") != nullptr);
}

BOOST_AUTO_TEST_CASE(say_who_sends_and_who_listens) {
  const std::vector<Contract> contracts = sample_and_its_user();

  const std::string catalogue = write_catalogue(contracts);
  BOOST_TEST(
      contains(catalogue,
               "| sample.make_thing.v1 | command | sample | owner_id | other, `POST /v1/things` | sample |"));
  BOOST_TEST(contains(catalogue, "| sample.thing_made.v1 | event | sample | label | sample | other |"));
  BOOST_TEST(contains(catalogue, "| count | integer 1…1000 | required |"));
  BOOST_TEST(contains(catalogue, "Refused with `sample.name_taken`, `sample.no_such_thing`."));

  const std::string diagram = write_diagram(contracts);
  BOOST_TEST(contains(diagram, "  clients --> sample\n"));
  BOOST_TEST(contains(diagram, "  other -->|\"MakeThing<br>ListThings\"| sample\n"));
  BOOST_TEST(contains(diagram, "  sample -.->|\"ThingMade\"| other\n"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(edges)

using Types = std::vector<std::string>;

BOOST_AUTO_TEST_CASE(lead_a_command_there_and_its_reply_back) {
  const Edges edges = edges_of(sample_and_its_user());
  BOOST_TEST(edges.at({"other", "sample"}).calls == (Types{"sample.make_thing.v1", "sample.list_things.v1"}));
  BOOST_TEST(edges.at({"other", "sample"}).messages == (Types{"sample.make_thing.v1"}));
  BOOST_TEST(edges.at({"sample", "other"}).messages ==
             (Types{"sample.thing.v1", "banyan.refusal.v1", "sample.thing_made.v1"}));
  BOOST_TEST(edges.at({"sample", "other"}).calls.empty());
}

BOOST_AUTO_TEST_CASE(from_the_gateway_are_the_routes) {
  const Edges edges = edges_of(sample_and_its_user());
  BOOST_TEST(edges.at({"gateway", "sample"}).calls.front() == "sample.make_thing.v1");
  BOOST_TEST(edges.at({"gateway", "sample"}).messages.empty());
  BOOST_TEST(edges.count({"gateway", "other"}) == 0U);
}

BOOST_AUTO_TEST_CASE(become_constants) {
  const std::string source = write_topology(sample_and_its_user()).back().text;
  BOOST_TEST(contains(source,
                      "constexpr std::string_view other_to_sample_messages[] = {\n"
                      "    \"sample.make_thing.v1\",\n};\n"));
  BOOST_TEST(contains(source, "       .messages = {}},\n"));
  BOOST_TEST(contains(write_topology({}).back().text, "  return {};\n"));
}

BOOST_AUTO_TEST_SUITE_END()
