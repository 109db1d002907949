#define BOOST_TEST_MODULE shipment_rules
#include "shipment_rules.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <set>
#include <utility>

#include "shop/shipping/reasons.hpp"

using namespace shop::shipping;

namespace {

constexpr std::array all_states{ShipmentState::created,   ShipmentState::picked_up, ShipmentState::in_transit,
                                ShipmentState::delivered, ShipmentState::returned,  ShipmentState::cancelled};

const Carriers carriers = built_in_carriers();

}  // namespace

BOOST_AUTO_TEST_SUITE(states)

BOOST_AUTO_TEST_CASE(a_shipment_goes_forward_comes_back_or_is_cancelled_before_it_left) {
  using enum ShipmentState;
  const std::set<std::pair<ShipmentState, ShipmentState>> allowed{
      {created, picked_up},    {created, in_transit},  {created, delivered},  {created, cancelled},
      {picked_up, in_transit}, {picked_up, delivered}, {picked_up, returned}, {in_transit, delivered},
      {in_transit, returned},  {delivered, returned}};
  for (const ShipmentState from : all_states) {
    for (const ShipmentState to : all_states) {
      BOOST_TEST_CONTEXT(to_string(from) << " to " << to_string(to)) {
        BOOST_TEST(can_become(from, to) == allowed.contains({from, to}));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(every_report_leads_to_the_state_of_its_name) {
  for (const Movement movement :
       {Movement::picked_up, Movement::in_transit, Movement::delivered, Movement::returned}) {
    BOOST_TEST(to_string(state_after(movement)) == to_string(movement));
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(choosing_a_carrier)

BOOST_AUTO_TEST_CASE(takes_the_one_that_is_named) {
  for (const char* code : {"standard", "speedy_express", "united_package", "federal_shipping"}) {
    const auto chosen = choose(carriers, code);
    BOOST_REQUIRE(chosen.ok());
    BOOST_TEST(chosen.value()->code() == code);
  }
}

BOOST_AUTO_TEST_CASE(takes_the_first_if_none_is_named) {
  BOOST_TEST(choose(carriers, std::nullopt).value()->code() == "standard");
}

BOOST_AUTO_TEST_CASE(refuses_one_that_does_not_exist) {
  const auto chosen = choose(carriers, "pigeon");
  BOOST_REQUIRE(!chosen.ok());
  BOOST_TEST(chosen.error().reason() == unknown_carrier.name);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(built_in)

BOOST_AUTO_TEST_CASE(goes_everywhere_but_to_antarctica_however_that_is_written) {
  for (const auto& carrier : carriers) {
    for (const char* country : {"Antarctica", "ANTARCTICA", "antarctica", "AQ", "aq", "ATA"}) {
      BOOST_TEST(!carrier->serves(country));
    }
    for (const char* country : {"France", "UK", "Österreich", "Aquitania"}) {
      BOOST_TEST(carrier->serves(country));
    }
  }
}

BOOST_AUTO_TEST_CASE(names_a_shipment_by_prefix_and_the_end_of_its_id) {
  const auto id = banyan::parse_uuid("01939c5a-7b1e-7c3d-9a50-3f2b8e6d1c53").value();
  BOOST_TEST(carriers.at(0)->tracking_number(id) == "ST3F2B8E6D1C53");
  BOOST_TEST(carriers.at(3)->tracking_number(id) == "FS3F2B8E6D1C53");
}

BOOST_AUTO_TEST_SUITE_END()
