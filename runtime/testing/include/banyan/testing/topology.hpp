#pragma once
#include <cstdint>
#include <tuple>

namespace banyan::testing {

/// How what passes between modules passes.
enum class Passage : std::uint8_t {
  direct,   ///< As it is: one process.
  encoded,  ///< Through bytes; every batch of messages arrives twice.
  split,    ///< Over NATS with mutual TLS: each module as if it were alone in its process.
};

/// From one case of a sweep to the next: over a network a world takes long to begin.
constexpr int stride(Passage passage) { return passage == Passage::split ? 8 : 1; }

/// One test body for every topology:
///
///   BOOST_AUTO_TEST_CASE_TEMPLATE(an_order_is_confirmed, Topology, testing::Topologies) {
///     testing::World world{{inventory::module(), orders::module()}, {.passage = Topology::passage}};
struct Direct {
  static constexpr Passage passage = Passage::direct;
};
struct Encoded {
  static constexpr Passage passage = Passage::encoded;
};
struct Split {
  static constexpr Passage passage = Passage::split;
};
using Topologies = std::tuple<Direct, Encoded, Split>;

}  // namespace banyan::testing
