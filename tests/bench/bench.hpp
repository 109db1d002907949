#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace banyan::bench {

/// How much to measure.
struct Options {
  bool is_smoke = false;  ///< Next to nothing: shows that the benchmark works.
  bool is_full = false;   ///< The amounts of the requirements, where the usual run takes smaller ones.

  /// One of three amounts.
  std::size_t pick(std::size_t smoke, std::size_t usual, std::size_t full) const {
    return is_smoke ? smoke : is_full ? full : usual;
  }
};

/// Reads --smoke and --full; ends the process with 2 on anything else.
Options parse_options(int argc, char** argv);

/// The bound that a ratio has to keep.
struct Target {
  enum class Bound { at_least, at_most };
  double ratio;
  Bound bound = Bound::at_least;
};

/// Two rates that were measured by turns, so that what else the machine does meets both.
struct Comparison {
  double value = 0;
  double baseline = 0;
  double ratio = 0;  ///< The median of each turn's.
};

/// Runs `ours` and `raw` by turns, each giving its rate, and takes the medians.
Comparison compare(const Options& options, const std::function<double()>& ours,
                   const std::function<double()>& raw);

/// Prints one figure as a JSON object on a line of its own.
void report(const std::string& name, const std::string& unit, const Comparison& figures, Target target);

/// How often something that was done `count` times since `start` is done in a second.
inline double rate(std::size_t count, std::chrono::steady_clock::time_point start) {
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  return static_cast<double>(count) / took.count();
}

/// Memory of this process that is in use now.
double resident_mib();

}  // namespace banyan::bench
