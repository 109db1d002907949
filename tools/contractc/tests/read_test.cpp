#define BOOST_TEST_MODULE contractc_read
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "sample_contract.hpp"

using namespace banyan::contractc;

namespace {

/// One change that makes the sample wrong, and what is said about it.
struct Wrong {
  std::string from;
  std::string to;
  std::string text;     ///< Part of the one problem.
  int line_offset = 0;  ///< From the line at which the change begins to the line that the problem names.
  int problems = 1;     ///< With those that it leads to; -1: any number.
};

int line_of(const std::string& text, std::size_t position) {
  return 1 + static_cast<int>(
                 std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(position), '\n'));
}

int count_lines(const std::string& text) {
  return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

void check(const Wrong& wrong, std::string SampleContract::*document, const std::string& file) {
  SampleContract sample;
  std::string& text = sample.*document;
  const std::size_t position = text.find(wrong.from);
  BOOST_REQUIRE_MESSAGE(position != std::string::npos, "the sample has no '" << wrong.from << "'");
  const int line = line_of(text, position) + wrong.line_offset;
  text.replace(position, wrong.from.size(), wrong.to);

  const std::string problems = sample.problems();
  BOOST_TEST_CONTEXT("instead of '" << wrong.from << "': '" << wrong.to << "'\n" << problems) {
    BOOST_TEST(problems.starts_with(file + ":" + std::to_string(line) + ":"));
    BOOST_TEST(problems.find(wrong.text) != std::string::npos);
    if (wrong.problems >= 0) BOOST_TEST(count_lines(problems) == wrong.problems);
  }
}

const Wrong wrong_schemas[] = {
    {"{type: integer, minimum: 1, maximum: 10, default: 1}", "{type: integer, multipleOf: 2}",
     "unknown keyword 'multipleOf'"},
    {"{type: boolean}", "{type: boolean, maxLength: 3}",
     "'maxLength' says nothing about a value of type boolean"},
    {"{type: boolean}", "{type: bool}", "unknown type 'bool'"},
    {"{type: boolean}", "{description: Anything.}", "the schema has no 'type'"},
    {"{type: boolean}", "yes", "a schema is a map"},
    {"{type: boolean}", "{type: object, additionalProperties: false}",
     "an object inside another schema has no name"},
    {"anything: {type: integer}", "anyThing: {type: integer}", "write it in snake_case"},
    {"due: {type: string, format: date-time}", "due: {type: string}",
     "has neither 'maxLength' nor 'enum' nor 'format'"},
    {"due: {type: string, format: date-time}", "due: {type: string, format: date}", "unknown format 'date'"},
    {"due: {type: string, format: date-time}", "due: {type: string, format: date-time, maxLength: 30}",
     "'maxLength' adds nothing to date-time"},
    {"friends: {type: array, maxItems: 2,", "friends: {type: array,", "the array has no 'maxItems'"},
    {"sizes: {type: array, maxItems: 3, items: {type: integer, minimum: -5}}",
     "sizes: {type: array, maxItems: 3}", "the array has no 'items'"},
    {"items: {type: integer, minimum: -5}", "items: {type: [integer, 'null']}",
     "an element of an array is never null"},
    {"type: object\n      additionalProperties: false\n      required: [label]",
     "type: object\n      required: [label]", "does not say 'additionalProperties: false'"},
    {"required: [name, count]", "required: [name, number]",
     "'number' is required but is no property of Part"},
    {"required: [name, count]", "required: [name, count, name]", "'name' is listed as required twice"},
    {"minItems: 1, maxItems: 2", "minItems: 3, maxItems: 2", "'minItems' is above 'maxItems'"},
    {"maxItems: 3", "maxItems: -3", "'maxItems' is a count"},
    {"minimum: 1, exclusiveMaximum: 1001", "minimum: 1, exclusiveMaximum: 1",
     "the least value is above the greatest"},
    {"minimum: 1, exclusiveMaximum: 1001", "minimum: 1.5", "'minimum' of an integer is a whole number"},
    {"exclusiveMinimum: 0, maximum: 2.5", "exclusiveMinimum: 0, minimum: 0",
     "'exclusiveMinimum' stands beside the bound"},
    {"default: 20", "default: 500", "the default is no value that this schema of type integer allows", 0, 2},
    {"default: plain", "default: red", "the default is no value that this schema of type enum allows"},
    {"enum: [red, green, default]", "enum: [red, light blue]", "'light blue' becomes a C++ enumerator", 0, 2},
    {"enum: [red, green, default]", "enum: [red, red]", "'red' is listed twice", 0, 2},
    {"pattern: '^[a-z][a-z0-9 ]*$'", "pattern: '^[a-z'", "the pattern is no regular expression"},
    {"x-banyan-type: banyan::Money", "x-banyan-type: std::map", "unknown C++ type 'std::map'"},
    {"required: [amount_minor, currency]", "required: [amount_minor]",
     "banyan::Money has two required members", -3},
    {"x-banyan-state: true", "x-banyan-state: maybe", "'x-banyan-state' is true"},
    {"spare: {$ref: '#/components/schemas/Part'}", "spare: {$ref: '#/components/schemas/Path'}",
     "leads nowhere"},
    {"spare: {$ref: '#/components/schemas/Part'}",
     "spare: {$ref: 'other.asyncapi.yaml#/components/schemas/Part'}",
     "leads into another file or to no component"},
    {"spare: {$ref: '#/components/schemas/Part'}", "spare: {$ref: '#/definitions/Part'}",
     "leads into another file or to no component"},
    {"spare: {$ref: '#/components/schemas/Part'}", "spare: {$ref: '#/components/schemas/Part', maxLength: 3}",
     "'maxLength' beside a $ref"},
    {"price: {$ref: '#/components/schemas/Money'}", "price: {$ref: '#/components/schemas/Part'}",
     "Part contains itself", -8},
    {"    Making:", "    making:", "write it in CamelCase", 1},
    {"        at: {type", "        label: {type", "'label' occurs twice here"},
};

const Wrong wrong_messages[] = {
    {"asyncapi: 3.0.0", "asyncapi: 2.6.0", "AsyncAPI '2.6.0' is not read here"},
    {"title: sample", "title: example", "info.title is 'example'", 0},
    {"defaultContentType:", "defaultContent:", "unknown keyword 'defaultContent' in an AsyncAPI document"},
    {"  domain:\n    address: sample.domain", "  internal:\n    address: sample.domain",
     "unknown channel 'internal'", 0, 3},
    {"address: sample.events", "address: example.events", "subjects are built from 'sample.events'", -1},
    {"      ThingMade: {$ref: '#/components/messages/ThingMade'}",
     "      ThingMade: {$ref: '#/components/messages/Thing'}", "message 'ThingMade' of a channel must be", 0,
     2},
    {"name: sample.thing_made.v1", "name: sample.thing_made",
     "write 'sample.thing_made.v1', or a later number"},
    {"name: sample.thing_made.v1", "name: shop.thing_made.v1", "is no name for message 'ThingMade'"},
    {"name: sample.thing_made.v1", "name: sample.thing_made.v01", "is no name for message 'ThingMade'"},
    {"x-banyan-key: label", "x-banyan-key: title", "the key 'title' is no property of ThingMade"},
    {"payload: {$ref: '#/components/schemas/ThingMade'}", "payload: {$ref: '#/components/schemas/Thing'}",
     "must be the schema of the same name"},
    {"      name: sample.thing_made.v1\n", "", "message 'ThingMade' has no 'name'", 0},
    {"  thing_made:\n    action: send", "  thing_made:\n    action: receive",
     "the module has the action 'send' for a message of kind event", 1},
    {"  thing_noted:\n", "  note_thing:\n", "the operation for message 'ThingNoted' is named 'thing_noted'"},
    {"messages: [{$ref: '#/channels/events/messages/ThingMade'}]",
     "messages: [{$ref: '#/channels/events/messages/ThingNoted'}]",
     "operation 'thing_made' must carry one message of its channel", 0, 2},
    {"messages: [{$ref: '#/channels/replies/messages/ThingPage'}]",
     "messages: [{$ref: '#/channels/replies/messages/Page'}]",
     "the reply of 'list_things' must be one message of the channel 'replies'", -1},
    {"{title: Name is taken, status: 409}", "{title: Name is taken, status: 500}",
     "write one from 400 to 499", 0, 3},
    {"{title: No such thing, code: not_found, status: 404}",
     "{title: No such thing, code: gone, status: 404}", "unknown code 'gone'"},
    {"{title: No such thing, code: not_found, status: 404}", "{code: not_found, status: 404}",
     "has no 'title'"},
    {"no_such_thing:", "noSuchThing:", "'noSuchThing' becomes the name of a C++ constant"},
    {"name_taken: {title: Name is taken, status: 409}\n      no",
     "name_taken: {title: Taken, status: 409}\n      no", "has another title, code or status at line 43"},
    {"channels:\n", "x-banyan-uses:\n  topics: {}\nchannels:\n", "unknown keyword 'topics' in x-banyan-uses",
     1},
    {"channels:\n", "x-banyan-uses:\n  events: {sample: [ThingMade]}\nchannels:\n",
     "uses its own messages without saying so", 1},
};

const Wrong wrong_operations[] = {
    {"openapi: 3.1.0", "openapi: 3.0.3", "OpenAPI '3.0.3' is not read here"},
    {"x-banyan-message: MakeThing", "x-banyan-message: BuyThing",
     "'BuyThing' is no command or query of module 'sample'"},
    {"x-banyan-message: MakeThing", "x-banyan-message: ThingMade", "'ThingMade' is no command or query"},
    {"operationId: listThings", "operationId: makeThing", "the operationId 'makeThing' occurs twice"},
    {"operationId: listThings", "operationId: list-things", "becomes a name in C++"},
    {"        - {$ref: '#/components/parameters/IdempotencyKey'}", "        []",
     "a POST needs the required header parameter", -6},
    {"name: colour, in: query", "name: shade, in: query",
     "parameter 'shade' fills no member: ListThings has no 'shade'"},
    {"name: colour, in: query", "name: colour, in: cookie", "it can be in path, query or header"},
    {"name: colour, in: query", "name: colour, style: form, in: query",
     "unknown keyword 'style' in a parameter"},
    {"name: size, in: query, x-banyan-field: limit, schema: {type: integer, default: 20}",
     "name: size, in: query, x-banyan-field: limit, schema: {type: integer, maximum: 50}",
     "has another 'maximum', but fills 'limit'"},
    {"name: size, in: query, x-banyan-field: limit, schema: {type: integer, default: 20}",
     "name: size, in: query, x-banyan-field: limit, schema: {type: number}",
     "has type number instead of integer"},
    {"enum: [red, green, default]", "enum: [red, green, blue]", "has other values of 'enum'"},
    {"{name: colour, in: query",
     "{name: limit, in: query, schema: {type: integer}}\n        - {name: colour, in: query",
     "the member 'limit' is filled by two parameters", 2},
    {"name: thing_id, in: path, required: true", "name: thing_id, in: path, required: false",
     "write 'required: true'"},
    {"name: If-Match, in: header, required: true", "name: If-Match, in: header",
     "the required member 'expected_version' of ChangeThing is not covered", -4},
    {"/v1/things/{thing_id}:\n", "/v1/things/{id}:\n", "the path has '{id}'", 0, 4},
    {"  /v1/things/{thing_id}:\n", "  /v1/{thing_id}/{thing_id}:\n", "'{thing_id}' occurs twice in the path"},
    {"application/json: {schema: {$ref: '#/components/schemas/ThingChange'}}",
     "application/json: {schema: {$ref: '#/components/schemas/Change'}}", "leads nowhere"},
    {"application/json: {schema: {$ref: '#/components/schemas/ThingChange'}}",
     "text/plain: {schema: {$ref: '#/components/schemas/ThingChange'}}",
     "is 'application/json' and nothing else"},
    {"application/json: {schema: {$ref: 'sample.asyncapi.yaml#/components/schemas/Thing'}}",
     "application/json: {schema: {$ref: 'sample.asyncapi.yaml#/components/schemas/ThingPage'}}",
     "the response is not the reply's schema"},
    {"        '201':", "        '206':", "the status 206 is not one of 200, 201, 202 and 204"},
    {"        '204': {description: It is changed.}\n", "", "0 responses with a status 2xx"},
    {"        '409': {$ref: '#/components/responses/Problem'}\n", "",
     "may be refused with 'name_taken', but there is no response 409", -2},
    {"x-banyan-location: /v1/things/{thing_id}", "x-banyan-location: /v1/things/{id}",
     "'id' must be a required member of the reply Thing"},
    {"x-banyan-version: version", "x-banyan-version: thing_id",
     "'thing_id' must be a required member of the reply Thing of type integer"},
    {"        '204': {description: It is changed.}\n",
     "        '204': {description: It is changed.}\n        '304': {description: It was so.}\n",
     "only a GET with x-banyan-version is answered 304", 1},
    {"x-banyan-next-cursor: next_cursor", "x-banyan-next-cursor: items",
     "'items' must be a member of the reply ThingPage of type string"},
    {"        label: {$ref: 'sample.asyncapi.yaml#/components/schemas/Label'}",
     "        label: {type: string, maxLength: 99}", "'label' of the body has another 'maxLength'"},
    {"        label: {$ref: 'sample.asyncapi.yaml#/components/schemas/Label'}",
     "        name: {$ref: 'sample.asyncapi.yaml#/components/schemas/Label'}",
     "'name' of the body fills no member of ChangeThing"},
    {"      additionalProperties: false\n      properties:\n        label",
     "      additionalProperties: false\n      required: [label]\n      properties:\n        label",
     "the body requires 'label', but ChangeThing does not", 3},
    {"items: {$ref: 'sample.asyncapi.yaml#/components/schemas/Part'}",
     "items: {$ref: 'orders.asyncapi.yaml#/components/schemas/Part'}",
     "leads into another file or to no component"},
    {"tags: [things]", "x-banyan-cache: 10", "unknown keyword 'x-banyan-cache' in an operation"},
    {"x-banyan-message: ListThings", "x-banyan-message: MakeThing", "a GET changes nothing", -1, -1},
    {"  /v1/things:", "  /v1/thi ngs:", "has a character that no path has"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(a_contract)

BOOST_AUTO_TEST_CASE(that_is_right_has_no_problems) { BOOST_TEST(SampleContract{}.problems() == ""); }

BOOST_AUTO_TEST_CASE(with_a_wrong_schema_is_refused_with_its_line) {
  for (const Wrong& wrong : wrong_schemas) check(wrong, &SampleContract::asyncapi, "sample.asyncapi.yaml");
}

BOOST_AUTO_TEST_CASE(with_a_wrong_message_is_refused_with_its_line) {
  for (const Wrong& wrong : wrong_messages) check(wrong, &SampleContract::asyncapi, "sample.asyncapi.yaml");
}

BOOST_AUTO_TEST_CASE(with_a_wrong_operation_is_refused_with_its_line) {
  for (const Wrong& wrong : wrong_operations) check(wrong, &SampleContract::openapi, "sample.openapi.yaml");
}

BOOST_AUTO_TEST_CASE(that_is_no_yaml_is_refused_with_its_line) {
  SampleContract sample;
  sample.asyncapi.replace(sample.asyncapi.find("info:\n"), 6, "info: [\n");
  BOOST_TEST(sample.problems().find("this is not YAML") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(that_is_not_there_is_refused) {
  Problems problems;
  read_contract("/nowhere", "sample", problems);
  BOOST_TEST(problems.to_text().find("/nowhere/sample.asyncapi.yaml:1:1: the file cannot be read") == 0U);
}

BOOST_AUTO_TEST_CASE(shows_all_its_problems_at_once_in_the_order_of_their_lines) {
  SampleContract sample;
  const auto change = [&](const std::string& from, const std::string& to) {
    sample.asyncapi.replace(sample.asyncapi.find(from), from.size(), to);
  };
  change("anything: {type: integer}", "anything: {type: whatever}");
  change("due: {type: string, format: date-time}", "due: {type: string, format: hour}");
  change("maxItems: 100", "maxItems: many");
  sample.openapi.replace(sample.openapi.find("x-banyan-message: ListThings"), 28,
                         "x-banyan-message: Nothing");

  const std::string problems = sample.problems();
  const std::size_t first = problems.find("unknown format 'hour'");
  const std::size_t second = problems.find("unknown type 'whatever'");
  const std::size_t third = problems.find("'maxItems' is a count");
  const std::size_t fourth = problems.find("'Nothing' is no command or query");
  BOOST_TEST(first < second);
  BOOST_TEST(second < third);
  BOOST_TEST(third < fourth);
  BOOST_TEST(fourth != std::string::npos);
}

BOOST_AUTO_TEST_CASE(with_a_message_without_channel_or_operation_is_refused) {
  SampleContract sample;
  const std::string line = "      ThingMade: {$ref: '#/components/messages/ThingMade'}\n";
  sample.asyncapi.erase(sample.asyncapi.find(line), line.size());
  BOOST_TEST(sample.problems().find("'ThingMade' lies in no channel") != std::string::npos);

  SampleContract other;
  const std::size_t start = other.asyncapi.find("  thing_noted:\n");
  other.asyncapi.erase(start, other.asyncapi.find("\ncomponents:") - start);
  BOOST_TEST(other.problems().find("add the operation 'thing_noted'") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(contracts_together)

BOOST_AUTO_TEST_CASE(name_only_messages_that_exist) {
  SampleContract sample;
  const std::string uses =
      "x-banyan-uses:\n  commands:\n    other: [MakeThing, Nothing, ThingMade]\n  events:\n    nobody: "
      "[ThingMade]\n";
  sample.asyncapi.insert(sample.asyncapi.find("channels:\n"), uses);
  Problems problems;
  std::vector<Contract> contracts;
  contracts.push_back(sample.read(problems));
  BOOST_TEST(problems.to_text() == "");
  SampleContract plain;
  contracts.push_back(plain.read(problems));
  contracts.back().module = "other";
  contracts.back().routes.clear();

  check_together(contracts, problems);

  const std::string text = problems.to_text();
  BOOST_TEST(text.find("module 'other' has no message 'Nothing'") != std::string::npos);
  BOOST_TEST(text.find("module 'other' has 'ThingMade' as event, not as command") != std::string::npos);
  BOOST_TEST(text.find("there is no module 'nobody'") != std::string::npos);
  BOOST_TEST(count_lines(text) == 3);
}

BOOST_AUTO_TEST_CASE(share_no_path_and_no_operation) {
  Problems problems;
  SampleContract sample;
  std::vector<Contract> contracts;
  contracts.push_back(sample.read(problems));
  contracts.push_back(sample.read(problems));
  contracts.back().module = "other";

  check_together(contracts, problems);

  BOOST_TEST(problems.to_text().find("the operationId 'makeThing' is taken by another module") !=
             std::string::npos);
  BOOST_TEST(problems.to_text().find("the path '/v1/things' is taken by module 'sample'") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
