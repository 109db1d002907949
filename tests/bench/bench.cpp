#include "bench.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <vector>

namespace banyan::bench {
namespace {

constexpr std::size_t turns = 5;

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

Options parse_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--smoke") {
      options.is_smoke = true;
    } else if (argument == "--full") {
      options.is_full = true;
    } else {
      std::fprintf(stderr, "usage: %s [--smoke | --full]\n", argv[0]);
      std::exit(2);
    }
  }
  return options;
}

Comparison compare(const Options& options, const std::function<double()>& ours,
                   const std::function<double()>& raw) {
  std::vector<double> values;
  std::vector<double> baselines;
  std::vector<double> ratios;
  for (std::size_t turn = 0; turn < options.pick(1, turns, turns); ++turn) {
    baselines.push_back(raw());
    values.push_back(ours());
    ratios.push_back(values.back() / baselines.back());
  }
  return {median(values), median(baselines), median(ratios)};
}

void report(const std::string& name, const std::string& unit, const Comparison& figures, Target target) {
  const bool at_least = target.bound == Target::Bound::at_least;
  const bool ok = at_least ? figures.ratio >= target.ratio : figures.ratio <= target.ratio;
  std::printf(
      R"({"name": "%s", "value": %.6g, "unit": "%s", "baseline": %.6g, "ratio": %.4g, "target": "%s %g", )"
      R"("ok": %s})"
      "\n",
      name.c_str(), figures.value, unit.c_str(), figures.baseline, figures.ratio,
      at_least ? ">=" : "<=", target.ratio, ok ? "true" : "false");
  std::fflush(stdout);
}

double resident_mib() {
  std::ifstream file{"/proc/self/statm"};
  double pages = 0;
  file >> pages >> pages;
  return pages * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

}  // namespace banyan::bench
