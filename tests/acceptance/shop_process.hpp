#pragma once
#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "banyan/testing/temporary_directory.hpp"
#include "shop/rest/shop.hpp"

namespace acceptance {

/// Modules that run in processes of their own, "payments,shipping", the others in one. Empty: the shop is one
/// process.
using Split = std::string;

/// The real thing: build/bin/banyan with all modules, or several processes with a NATS server between them,
/// listening where the system lets it, its data in a temporary directory that stays the same from start to
/// start. It ends with this object, and with the test however that ends. What goes wrong is thrown, with the
/// end of the process' log.
///
/// Threads: one, which outlives the process; endpoint() from any.
class ShopProcess {
 public:
  /// Names of settings in the environment, and their values.
  using Environment = std::vector<std::pair<std::string, std::string>>;

  /// `environment` holds for each start. The log is of level warning unless it says otherwise. `options` are
  /// more of those that tools/split/supervise.py takes.
  explicit ShopProcess(Environment environment = {}, Split split = {}, std::vector<std::string> options = {});
  ~ShopProcess();

  void start();
  /// Only begins to start, with more in the environment.
  void launch(const Environment& more = {});
  /// Whether the process serves; false if it has ended instead.
  bool serves();
  /// Waits at most that long for the process to end by itself.
  bool ends_within(std::chrono::milliseconds time);
  /// With what it has ended last; 128 and the signal's number if one has ended it.
  int status() const { return status_; }
  /// All that it has written to standard error since it was first started.
  std::string log() const;
  /// Sends SIGKILL, to all of it.
  void kill();
  /// Sends SIGTERM; the exit status.
  int stop();
  /// Sends SIGHUP, to all of it.
  void reload();
  /// Whether each store is whole and its positions are in the others' logs, as `banyan check` says; the
  /// process must not run.
  bool stores_are_sound();

  /// One process of a split shop, by its name: a module, "gateway", "nats-server", "provisioner". When it
  /// ends, it is started again by itself, and is another process then.
  pid_t pid(const std::string& name);
  /// Stops it, until it is started.
  void stop(const std::string& name);
  /// With more in the environment, this time.
  void start(const std::string& name, const Environment& more = {});

  /// Where it serves, or has served last.
  shop::rest::Endpoint endpoint() const { return {.port = port_}; }
  /// Where each process tells of its modules.
  std::vector<shop::rest::Endpoint> administrations();
  std::string data_directory() const { return disk_.path() + "/data"; }

 private:
  void run(const std::vector<std::string>& arguments, const Environment& more);
  bool read_more();
  void note(const std::string& line);
  void command(const std::string& line);
  void catch_up();
  void reap();
  [[noreturn]] void fail(const std::string& what);

  banyan::testing::TemporaryDirectory disk_;
  Environment environment_;
  const Split split_;
  const std::vector<std::string> options_;
  pid_t pid_ = 0;     ///< 0: no process.
  int process_ = -1;  ///< Its pidfd.
  int input_ = -1;    ///< The writing end of its standard input.
  int output_ = -1;   ///< The reading end of its standard output.
  int status_ = 0;
  std::string unread_;
  bool serves_ = false;
  std::map<std::string, pid_t>
      pids_;  ///< Of a split shop's processes; those that were stopped are not in it.
  std::map<std::string, shop::rest::Endpoint> administrations_;
  std::atomic<std::uint16_t> port_ = 0;
};

}  // namespace acceptance
