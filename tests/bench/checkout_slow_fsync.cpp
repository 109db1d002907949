// Complete checkouts on a disk whose every fsync takes a millisecond longer, against the same without.
// usage: bench_checkout_slow_fsync [--smoke | --full], or --measure COUNT for the rate alone, which is what
// it starts itself with, once with slow_fsync.c loaded and once without.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "bench.hpp"
#include "shop.hpp"

namespace {

using namespace banyan;
using namespace bench;

constexpr std::size_t in_flight = 256;

double sagas_per_second(std::size_t count) {
  Shop shop;
  const auto start = std::chrono::steady_clock::now();
  shop.check_out(count, in_flight);
  return rate(count, start);
}

double measure_in_child(const std::string& program, std::size_t count, const std::string& environment) {
  const std::string command = environment + " '" + program + "' --measure " + std::to_string(count);
  FILE* const output = ::popen(command.c_str(), "r");
  double measured = 0;
  const bool is_read = output != nullptr && std::fscanf(output, "%lf", &measured) == 1;
  if (!is_read || ::pclose(output) != 0) std::exit(1);
  return measured;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string{argv[1]} == "--measure") {
    std::printf("%f\n", sagas_per_second(std::stoul(argv[2])));
    return 0;
  }
  const Options options = parse_options(argc, argv);
  const std::size_t count = options.pick(300, 20'000, 100'000);
  const auto figures = compare(
      options, [&] { return measure_in_child(argv[0], count, "LD_PRELOAD='" SLOW_FSYNC "'"); },
      [&] { return measure_in_child(argv[0], count, ""); });
  report("checkout_slow_fsync", "sagas/s", figures, {0.5});
}
