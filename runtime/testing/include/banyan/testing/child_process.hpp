#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "banyan/testing/temporary_directory.hpp"

namespace banyan::testing {

/// Another program, as a test sees it: what it says, and how it ends. Killed when this ends, and when the
/// test does. What takes longer than `patience` is thrown as std::runtime_error, with what the program has
/// written to standard error.
///
/// Threads: one, which outlives the program.
class ChildProcess {
 public:
  using Environment = std::vector<std::pair<std::string, std::string>>;
  static constexpr std::chrono::seconds patience{60};

  /// Starts `command.front()` with the environment of the test, but for BANYAN_… and FAULT_POINT, and with
  /// `more` in it.
  explicit ChildProcess(std::vector<std::string> command, const Environment& more = {});
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// The next line of its standard output, when it is there; nothing if it has closed that.
  std::optional<std::string> read_line();
  void signal(int number);
  /// Waits for its end: its exit status, or 128 and the signal that ended it.
  int wait();

  /// The output that read_line() has not given yet; all of it once it has ended.
  std::string output();
  std::string errors() const;

 private:
  bool read_more();
  [[noreturn]] void give_up(const std::string& what) const;

  TemporaryDirectory disk_;
  int pid_ = 0;
  int process_ = -1;  // its pidfd
  int output_ = -1;   // the reading end of its standard output
  std::string unread_;
  std::optional<int> status_;
};

}  // namespace banyan::testing
