#pragma once
#include "faulty_disk.hpp"
#include "power_loss.hpp"
#include "sweep.hpp"

namespace fault {

/// From what a shop starts.
enum class Beginning : std::uint8_t {
  nothing,  ///< An empty folder.
  killed    ///< Stores that were in use until SIGKILL, with old rows removed and orders under way.
};

/// One run of the shop, as one process, with calls to its disk that fail. What must hold: it answers, or says
/// in /health that it can't; when nothing fails any more it answers again without a restart; if it ends, it
/// says why. Then it is stopped, or killed and its power taken away, and all must be there on a sound disk.
struct IoTrial {
  Beginning beginning = Beginning::nothing;
  DiskFault fault;
  std::uint64_t seed = 0;  ///< Of how it ends, and of the power loss.
};

/// "killed sync:3:1:EIO seed 7"
std::string to_string(const IoTrial& trial);

/// The outcome of a trial.
struct IoOutcome {
  Violations violations;
  bool has_failed = false;  ///< The call that was to fail was made.
  bool has_ended = false;   ///< The process ended by itself.
  bool was_told = false;    ///< /health said that something is wrong.
  bool has_lost_power = false;
};

/// The state that trials share: the stream, and the stores that were in use. Threads: run() and count() from
/// any.
class IoSweep {
 public:
  IoSweep();

  IoOutcome run(const IoTrial& trial) const;
  /// How many calls of each kind a run makes in which nothing fails.
  std::vector<unsigned> calls(Beginning beginning) const;

 private:
  class Run;

  const acceptance::Stream stream_;
  Tree killed_;
  Answers answers_;  ///< Of the shop that was killed.
};

}  // namespace fault
