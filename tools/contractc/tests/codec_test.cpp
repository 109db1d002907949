#define BOOST_TEST_MODULE contractc_codec
#include <boost/test/unit_test.hpp>

#include "banyan/json/parse.hpp"
#include "shop/sample/messages.hpp"

using namespace banyan;
using namespace shop::sample;

namespace {

Uuid id(char last) {
  std::string text = "01939c5a-7b1e-7c3d-9a50-3f2b8e6d1c40";
  text.back() = last;
  return parse_uuid(text).value();
}

MakeThing full() {
  return MakeThing{
      .owner_id = id('1'),
      .label = "lamp 2",
      .parts = {{.name = "bulb", .count = 1, .weight = 0.25, .price = Money{499, "EUR"}, .sizes = {{1, -5}}},
                {.name = "foot", .count = 1000}},
      .colour = Colour::default_,
      .note = "né 2",
      .is_fragile = true,
      .rating = -1.5,
      .template_ = MakeThingTemplate::fancy,
      .copies = 3,
      .due = parse_rfc3339("2026-01-31T12:00:00.5Z").value(),
      .contact = "a@example.com",
      .link = "https://example.com/x?y=1",
      .friends = {{id('2'), id('3')}},
      .grid = {{{"a", "b"}, {"c"}}},
      .spare = Part{.name = "spare", .count = 2},
      .anything = std::numeric_limits<std::int64_t>::min(),
  };
}

template <class M>
std::string to_json(const M& message) {
  std::string text;
  M::descriptor().encode(&message, text);
  return text;
}

template <class M>
std::optional<M> from_json(std::string_view text) {
  json::Violations violations;
  const auto message = M::descriptor().decode(json::parse(text).value(), violations);
  BOOST_TEST((message == nullptr) == !violations.empty());
  if (message == nullptr) return std::nullopt;
  return *static_cast<const M*>(message.get());
}

/// Each violation as "pointer: detail".
template <class M>
std::vector<std::string> complaints(std::string_view text) {
  json::Violations violations;
  M::descriptor().decode(json::parse(text).value(), violations);
  std::vector<std::string> out;
  for (const json::Violation& violation : violations.all())
    out.push_back(violation.pointer + ": " + violation.detail);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(a_generated_codec)

BOOST_AUTO_TEST_CASE(reads_back_what_it_has_written) {
  const MakeThing thing = full();
  BOOST_TEST((from_json<MakeThing>(to_json(thing)) == thing));

  const MakeThing least{.owner_id = id('1'), .label = "a", .parts = {{.name = "a", .count = 1}}};
  BOOST_TEST((from_json<MakeThing>(to_json(least)) == least));
}

BOOST_AUTO_TEST_CASE(writes_members_in_the_order_of_the_schema) {
  BOOST_TEST(to_json(ChangeThing{.thing_id = id('1'), .expected_version = 7, .parts = {{}}}) ==
             R"({"thing_id":"01939c5a-7b1e-7c3d-9a50-3f2b8e6d1c41","expected_version":7,"parts":[]})");
}

BOOST_AUTO_TEST_CASE(leaves_out_what_is_missing_but_writes_a_null_that_is_required) {
  const std::string text = to_json(MakeThing{});
  BOOST_TEST(text.find("rating") == std::string::npos);
  BOOST_TEST(text.find(R"("note":null)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(fills_in_defaults) {
  BOOST_TEST(from_json<ListThings>("{}")->limit == 20);
  BOOST_TEST(from_json<ListThings>(R"({"limit":3})")->limit == 3);
}

BOOST_AUTO_TEST_CASE(takes_null_only_where_the_schema_does) {
  std::string text = to_json(full());
  text.replace(text.find("-1.5"), 4, "null");
  BOOST_TEST(!from_json<MakeThing>(text)->rating.has_value());

  BOOST_TEST(complaints<ListThings>(R"({"limit":null})") ==
             std::vector<std::string>{"#/limit: must be an integer"});
}

BOOST_AUTO_TEST_CASE(takes_an_object_without_members) {
  BOOST_TEST((from_json<ThingNoted>("{}") == ThingNoted{}));
  BOOST_TEST(complaints<ThingNoted>(R"({"x":1})") == std::vector<std::string>{"#/x: is not known"});
}

BOOST_AUTO_TEST_CASE(says_all_that_is_wrong_at_once_with_pointers) {
  const std::vector<std::string> expected{
      "#/owner_id: must be a UUID",
      "#/label: must match ^[a-z][a-z0-9 ]*$",
      "#/parts/0/name: is required",
      "#/parts/0/count: must be at most 1000",
      "#/parts/0/weight: must be more than 0",
      "#/parts/0/price/amount_minor: must be at least 0",
      "#/parts/0/price/currency: must match ^[A-Z]{3}$",
      "#/parts/0/sizes/1: must be at least -5",
      "#/parts/0/size: is not known",
      "#/parts/1: must be an object",
      "#/colour: must be one of red, green, default",
      "#/note: must have at most 5 characters",
      "#/is_fragile: is required",
      "#/rating: must be less than 1.5",
      "#/template: must be one of plain, fancy",
      "#/copies: must be an integer",
      "#/due: must be a date and time as in RFC 3339",
      "#/contact: must be an e-mail address",
      "#/link: must be a URI",
      "#/friends: must have at most 2 elements",
      "#/grid/0: must have at least 1 elements",
      "#/grid/1/0: must have at most 2 characters",
  };
  const auto found = complaints<MakeThing>(R"({
    "owner_id": "01939c5a", "label": "Lamp",
    "parts": [{"count": 1001, "weight": 0, "price": {"amount_minor": -1, "currency": "eur"}, "sizes": [0, -6],
               "size": 1}, 5],
    "colour": "blue", "note": "toolong", "rating": 1.5, "template": "bold", "copies": 1.5, "due": "tomorrow",
    "contact": "nobody", "link": "not a uri", "friends": ["", "", ""], "grid": [[], ["abc"]]})");

  BOOST_TEST(found == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_object) {
  for (const auto* text : {"null", "[]", "\"x\"", "1"}) {
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(complaints<Thing>(text) == std::vector<std::string>{"#: must be an object"});
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_generated_enumeration)

BOOST_AUTO_TEST_CASE(has_the_names_of_the_contract) {
  BOOST_TEST(to_string(Colour::default_) == "default");
  BOOST_TEST((parse_colour("default") == Colour::default_));
  BOOST_TEST(!parse_colour("default_").has_value());
  BOOST_TEST(!parse_colour("").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_generated_descriptor)

BOOST_AUTO_TEST_CASE(names_type_module_kind_and_answer) {
  const message::Descriptor& command = ChangeThing::descriptor();
  BOOST_TEST(command.type == "sample.change_thing.v2");
  BOOST_TEST(command.module == "sample");
  BOOST_TEST((command.kind == message::Kind::command));
  BOOST_TEST(command.answer == &Thing::descriptor());
  BOOST_TEST((ListThings::descriptor().kind == message::Kind::query));
  BOOST_TEST((Thing::descriptor().kind == message::Kind::reply));
  BOOST_TEST(Thing::descriptor().answer == nullptr);
}

BOOST_AUTO_TEST_CASE(tells_domain_events_from_integration_events) {
  BOOST_TEST((ThingNoted::descriptor().kind == message::Kind::event));
  BOOST_TEST(ThingNoted::descriptor().is_domain);
  BOOST_TEST((ThingMade::descriptor().kind == message::Kind::event));
  BOOST_TEST(!ThingMade::descriptor().is_domain);
}

BOOST_AUTO_TEST_CASE(of_a_state_is_of_kind_state) {
  BOOST_TEST(Making::descriptor().type == "sample.making.v1");
  BOOST_TEST((Making::descriptor().kind == message::Kind::state));
}

BOOST_AUTO_TEST_CASE(knows_the_key) {
  const MakeThing thing = full();
  BOOST_TEST(MakeThing::descriptor().key(&thing) == to_string(id('1')));
  const ThingMade made{.label = "lamp"};
  BOOST_TEST(ThingMade::descriptor().key(&made) == "lamp");
  const ThingNoted noted;
  BOOST_TEST(ThingNoted::descriptor().key(&noted) == "");
}

BOOST_AUTO_TEST_SUITE_END()
