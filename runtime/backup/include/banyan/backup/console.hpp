#pragma once
#include <functional>
#include <string>

#include "banyan/base/clock.hpp"
#include "banyan/base/error.hpp"
#include "banyan/base/random.hpp"

namespace banyan::backup {

/// The surroundings of a maintenance command.
struct Console {
  std::string program;  ///< As it is typed: "banyan". Named in commands that are to be typed next.
  std::string version;
  std::function<void(const std::string&)> say;       ///< A line that tells what was done.
  std::function<void(const std::string&)> complain;  ///< A line that tells what is wrong.
  std::function<void(Duration)> pause;               ///< Returns after that time.
  const Clock& clock;
  Random& random;

  /// Complains: "<who>: <reason>: <why>". False.
  bool fail(const std::string& who, const Error& why) const;
};

}  // namespace banyan::backup
