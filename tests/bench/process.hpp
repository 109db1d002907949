#pragma once
#include <memory>
#include <string>
#include <vector>

#include "banyan/actor/system.hpp"
#include "banyan/base/clock.hpp"
#include "banyan/base/fault.hpp"
#include "banyan/base/random.hpp"
#include "banyan/base/uuid.hpp"
#include "banyan/message/call.hpp"
#include "banyan/message/registry.hpp"
#include "banyan/module/instance.hpp"
#include "banyan/testing/temporary_directory.hpp"

namespace banyan::bench {

/// What a host lends to its modules, with stores in a temporary directory.
class Process {
 public:
  Process();

  /// Opens a module; its store stays the same when it is opened again. Ends the process if it does not open.
  std::unique_ptr<module::Instance> open(const module::Module& module);
  std::string directory_of(const std::string& module) const { return disk_.path() + '/' + module; }

  /// For every module that is opened from now on.
  module::InstanceOptions& instance_options() noexcept { return options_; }

  /// What a caller sends along with a command.
  message::CallOptions call_options();
  const Clock& clock() const noexcept { return clock_; }
  IdSource& ids() noexcept { return ids_; }

 private:
  const testing::TemporaryDirectory disk_;
  SystemClock clock_;
  SystemRandom random_;
  IdSource ids_{clock_, random_};
  NoFaults faults_;
  message::Registry registry_;
  module::InstanceOptions options_;
  actor::System actors_{{}};
};

}  // namespace banyan::bench
