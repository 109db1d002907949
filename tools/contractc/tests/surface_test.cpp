#define BOOST_TEST_MODULE contractc_surface
#include <boost/test/unit_test.hpp>
#include <functional>
#include <set>

#include "banyan/json/parse.hpp"
#include "shop/sample/client.hpp"
#include "shop/sample/contract.hpp"
#include "shop/sample/http.hpp"
#include "shop/sample/reasons.hpp"

using namespace banyan;
using namespace shop::sample;

namespace {

/// Keeps what it is asked and gives one answer.
class OneAnswer final : public message::Endpoint {
 public:
  explicit OneAnswer(message::Reply answer) : answer_(std::move(answer)) {}
  void submit(message::Request request) override {
    asked = request;
    request.reply(answer_);
  }

  message::Request asked;

 private:
  message::Reply answer_;
};

const message::HttpRoute& route(std::string_view operation) {
  for (const message::HttpRoute& candidate : http().routes) {
    if (candidate.operation == operation) return candidate;
  }
  BOOST_FAIL("no such operation");
  return http().routes.front();
}

Thing some_thing() {
  return {.thing_id = parse_uuid("01939c5a-7b1e-7c3d-9a50-3f2b8e6d1c41").value(), .version = 3};
}

void each_ref(const json::Value& value, const std::function<void(const std::string&)>& visit) {
  if (const auto* array = value.if_a<json::Array>()) {
    for (const json::Value& element : *array) each_ref(element, visit);
  }
  if (const auto* object = value.if_a<json::Object>()) {
    for (const auto& [name, member] : *object) {
      if (name == "$ref") visit(*member.if_a<std::string>());
      each_ref(member, visit);
    }
  }
}

const json::Value* at_pointer(const json::Value& root, std::string_view pointer) {
  const json::Value* value = &root;
  while (value != nullptr && !pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    value = value->find(pointer.substr(0, end));
    pointer.remove_prefix(end);
  }
  return value;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(the_client)

BOOST_AUTO_TEST_CASE(fills_in_destination_and_key_and_hands_the_answer_on) {
  OneAnswer endpoint{message::Payload::of(some_thing())};
  message::CallOptions options;
  options.envelope.source = "tests";
  options.envelope.destination = "nobody";
  options.idempotency = message::Idempotency{.key = "k", .fingerprint = "f"};
  std::optional<Thing> answer;

  Client{endpoint}.change_thing({.thing_id = some_thing().thing_id, .expected_version = 2}, options,
                                [&](Result<Thing> reply) { answer = reply.value(); });

  BOOST_TEST((answer == some_thing()));
  const message::Envelope& envelope = endpoint.asked.parcel->envelope;
  BOOST_TEST(envelope.source == "tests");
  BOOST_TEST(envelope.destination == "sample");
  BOOST_TEST(envelope.key == to_string(some_thing().thing_id));
  BOOST_TEST(endpoint.asked.parcel->payload.as<ChangeThing>().expected_version == 2);
  BOOST_TEST(endpoint.asked.idempotency->key == "k");
}

BOOST_AUTO_TEST_CASE(hands_a_refusal_on) {
  OneAnswer endpoint{reject(no_such_thing, "gone")};
  std::optional<Error> error;

  Client{endpoint}.list_things({}, {}, [&](Result<ThingPage> reply) { error = reply.error(); });

  BOOST_REQUIRE(error.has_value());
  BOOST_TEST((error->code() == Errc::not_found));
  BOOST_TEST(error->reason() == "sample.no_such_thing");
  BOOST_TEST(error->detail() == "gone");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(the_http_binding)

BOOST_AUTO_TEST_CASE(has_a_route_for_each_operation) {
  BOOST_TEST(http().module == "sample");
  BOOST_TEST(http().routes.size() == 4U);
  const message::HttpRoute& make = route("makeThing");
  BOOST_TEST(make.method == "POST");
  BOOST_TEST(make.path == "/v1/things");
  BOOST_TEST(make.message == &MakeThing::descriptor());
  BOOST_TEST(make.parameters.empty());
  BOOST_TEST(make.has_body);
  BOOST_TEST(make.needs_idempotency_key);
  BOOST_TEST(make.success_status == 201);
  BOOST_TEST(!route("changeThing").needs_idempotency_key);
  BOOST_TEST(route("changeThing").success_status == 204);
  BOOST_TEST(!route("listThings").has_body);
}

BOOST_AUTO_TEST_CASE(tells_where_each_parameter_goes) {
  const auto parameters = route("changeThing").parameters;
  BOOST_REQUIRE(parameters.size() == 2U);
  BOOST_TEST(parameters[0].name == "thing_id");
  BOOST_TEST((parameters[0].in == message::HttpParameter::In::path));
  BOOST_TEST((parameters[0].type == message::HttpParameter::Type::string));
  BOOST_TEST(parameters[0].required);
  BOOST_TEST(parameters[1].name == "If-Match");
  BOOST_TEST((parameters[1].in == message::HttpParameter::In::header));
  BOOST_TEST((parameters[1].type == message::HttpParameter::Type::integer));
  BOOST_TEST(parameters[1].field == "expected_version");

  const auto query = route("listThings").parameters;
  BOOST_REQUIRE(query.size() == 2U);
  BOOST_TEST(query[1].name == "size");
  BOOST_TEST(query[1].field == "limit");
  BOOST_TEST(!query[1].required);
}

BOOST_AUTO_TEST_CASE(reads_location_version_and_cursor_from_the_reply) {
  const Thing thing = some_thing();
  BOOST_TEST(route("makeThing").location(&thing) == "/v1/things/01939c5a-7b1e-7c3d-9a50-3f2b8e6d1c41");
  BOOST_TEST(route("makeThing").version(&thing) == 3);
  BOOST_TEST((route("makeThing").next_cursor == nullptr));

  ThingPage page;
  BOOST_TEST(route("listThings").next_cursor(&page) == "");
  page.next_cursor = "abc";
  BOOST_TEST(route("listThings").next_cursor(&page) == "abc");
  BOOST_TEST((route("listThings").location == nullptr));
}

BOOST_AUTO_TEST_CASE(tells_what_need_not_be_sent_to_a_reader_who_has_its_version) {
  BOOST_TEST(route("getThing").may_be_unchanged);
  BOOST_TEST(!route("listThings").may_be_unchanged);
  BOOST_TEST(!route("changeThing").may_be_unchanged);
}

BOOST_AUTO_TEST_CASE(lists_each_refusal_once) {
  BOOST_REQUIRE(http().refusals.size() == 2U);
  BOOST_TEST(http().refusals[0].reason == "sample.name_taken");
  BOOST_TEST(http().refusals[0].status == 409);
  BOOST_TEST(http().refusals[0].title == "Name is taken");
  BOOST_TEST(http().refusals[1].reason == "sample.no_such_thing");
}

BOOST_AUTO_TEST_CASE(has_a_document_that_stands_alone_and_names_its_components_after_the_module) {
  const json::Value document = json::parse(http().openapi_json).value();
  std::set<std::string> refs;
  each_ref(document, [&](const std::string& ref) { refs.insert(ref); });
  BOOST_TEST(refs.contains("#/components/schemas/sample.Part"));
  BOOST_TEST(refs.contains("#/components/responses/sample.Problem"));
  for (const std::string& ref : refs) {
    BOOST_TEST_CONTEXT(ref) { BOOST_TEST(at_pointer(document, std::string_view{ref}.substr(1)) != nullptr); }
  }
  for (const auto& [section, components] : *document.find("components")->if_a<json::Object>()) {
    for (const auto& [name, component] : *components.if_a<json::Object>()) {
      BOOST_TEST_CONTEXT(section << "/" << name) { BOOST_TEST(name.starts_with("sample.")); }
    }
  }
  BOOST_TEST(http().openapi_json.find("x-banyan") == std::string_view::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(the_contract)

BOOST_AUTO_TEST_CASE(lists_its_messages_but_not_its_states) {
  std::set<std::string_view> types;
  for (const message::Descriptor* type : messages()) types.insert(type->type);
  BOOST_TEST(types.size() == 8U);
  BOOST_TEST(types.contains("sample.thing_noted.v1"));
  BOOST_TEST(!types.contains("sample.making.v1"));
}

BOOST_AUTO_TEST_CASE(is_there_as_json) {
  const json::Value document = json::parse(asyncapi()).value();
  BOOST_TEST(*document.find("info")->find("title")->if_a<std::string>() == "sample");
  BOOST_TEST(
      document.find("info")->find("description")->if_a<std::string>()->ends_with(")json1\" and */ too."));
  const json::Value* limit = at_pointer(document, "/components/schemas/ListThings/properties/limit");
  BOOST_REQUIRE(limit != nullptr);
  BOOST_TEST(*limit->find("maximum")->if_a<std::int64_t>() == 100);
}

BOOST_AUTO_TEST_SUITE_END()
