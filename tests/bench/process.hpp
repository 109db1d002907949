#pragma once
#include <cstdio>
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
#include "banyan/remote/bus.hpp"
#include "banyan/telemetry/log.hpp"
#include "banyan/telemetry/metrics.hpp"

namespace banyan::bench {

/// The value of a result without which a benchmark can't go on.
template <class T>
T expect(Result<T> result) {
  BANYAN_ASSERT(result.ok());
  return std::move(result).value();
}

/// Where what must not happen while something is measured is seen.
class StandardError final : public telemetry::LogSink {
 public:
  void write(std::string_view line) noexcept override {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
  }
};

/// A new directory on a disk, below $TMPDIR or else /tmp, removed with all that is in it. Not in memory,
/// where an fsync costs nothing.
class DiskDirectory {
 public:
  DiskDirectory();
  ~DiskDirectory();
  DiskDirectory(const DiskDirectory&) = delete;
  DiskDirectory& operator=(const DiskDirectory&) = delete;

  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

/// The services that a host lends to its modules, with stores in a temporary directory.
class Process {
 public:
  Process();

  /// Opens a module; its store stays the same when it is opened again. Ends the process if it does not open.
  std::unique_ptr<module::Instance> open(const module::Module& module);
  /// A message of no module that is opened here.
  void knows(const message::Descriptor* type) { registry_.add({&type, 1}); }
  std::string directory_of(const std::string& module) const { return disk_.path() + '/' + module; }

  /// The services that it lends to others than modules.
  remote::Environment lend() { return {clock_, random_, registry_, metrics_, log_}; }

  /// For every module that is opened from now on.
  module::InstanceOptions& instance_options() noexcept { return options_; }

  /// The options of a caller's command.
  message::CallOptions call_options();
  const Clock& clock() const noexcept { return clock_; }
  IdSource& ids() noexcept { return ids_; }

 private:
  const DiskDirectory disk_;
  SystemClock clock_;
  SystemRandom random_;
  IdSource ids_{clock_, random_};
  NoFaults faults_;
  message::Registry registry_;
  telemetry::Registry metrics_;
  StandardError log_lines_;
  telemetry::Log log_{log_lines_, clock_, "bench", telemetry::Level::warning};
  module::InstanceOptions options_;
  actor::System actors_{{}};
};

}  // namespace banyan::bench
