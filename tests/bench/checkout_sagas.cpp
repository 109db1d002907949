// Complete checkouts, from the command at the endpoint of orders to the visible OrderConfirmed, against a
// bare loop that writes the same rows into the same four databases.
#include "bench.hpp"
#include "raw_sagas.hpp"
#include "shop.hpp"

namespace {

using namespace banyan;
using namespace bench;

constexpr std::size_t in_flight = 256;
constexpr std::size_t batch = 256;

double sagas_per_second(std::size_t count) {
  Shop shop;
  const auto start = std::chrono::steady_clock::now();
  shop.check_out(count, in_flight);
  return rate(count, start);
}

double raw_sagas_per_second(std::size_t count) {
  RawSagas raw;
  const auto start = std::chrono::steady_clock::now();
  raw.run_batches(count, batch);
  return rate(count, start);
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse_options(argc, argv);
  const std::size_t count = options.pick(300, 20'000, 100'000);
  const auto figures = compare(
      options, [&] { return sagas_per_second(count); }, [&] { return raw_sagas_per_second(count); });
  report("checkout_sagas", "sagas/s", figures, {0.2});
}
