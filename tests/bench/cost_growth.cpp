// The cost of an order in a shop that holds many, against one that holds few. Many are 100,000; with --full a
// million, as the requirement says.
#include "bench.hpp"
#include "shop.hpp"

namespace {

using namespace banyan;
using namespace bench;

constexpr std::size_t in_flight = 256;

double microseconds_each(Shop& shop, std::size_t count) {
  const auto start = std::chrono::steady_clock::now();
  shop.check_out(count, in_flight);
  return 1e6 / rate(count, start);
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse_options(argc, argv);
  const std::size_t few = options.pick(50, 10'000, 10'000);
  const std::size_t many = options.pick(500, 100'000, 1'000'000);
  const std::size_t measured = options.pick(50, 2'000, 10'000);
  Shop small;
  Shop large;
  small.check_out(few, in_flight);
  large.check_out(many, in_flight);
  const auto figures = compare(
      options, [&] { return microseconds_each(large, measured); },
      [&] { return microseconds_each(small, measured); });
  report("cost_growth, " + std::to_string(many) + " orders against " + std::to_string(few), "us/order",
         figures, {1.3, Target::Bound::at_most});
}
