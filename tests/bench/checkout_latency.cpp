// How long one checkout takes while nothing else happens, from the command to the visible OrderConfirmed,
// against the nine commits that it needs, one after the other.
#include "bench.hpp"
#include "raw_sagas.hpp"
#include "shop.hpp"

namespace {

using namespace banyan;
using namespace bench;

double milliseconds_each(std::size_t count, std::chrono::steady_clock::time_point start) {
  return 1000 / rate(count, start);
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse_options(argc, argv);
  const std::size_t count = options.pick(5, 100, 1000);
  Shop shop;
  RawSagas raw;
  const auto figures = compare(
      options,
      [&] {
        const auto start = std::chrono::steady_clock::now();
        for (std::size_t i = 0; i < count; ++i) shop.check_out(1, 1);
        return milliseconds_each(count, start);
      },
      [&] {
        const auto start = std::chrono::steady_clock::now();
        for (std::size_t i = 0; i < count; ++i) raw.run_one();
        return milliseconds_each(count, start);
      });
  report("checkout_latency", "ms", figures, {3, Target::Bound::at_most});
}
