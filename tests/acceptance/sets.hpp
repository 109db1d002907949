#pragma once
#include <cstdint>
#include <future>
#include <random>
#include <string>
#include <vector>

#include "replay.hpp"
#include "shop_process.hpp"

namespace acceptance {

/// How a command of maintenance has ended.
struct Ended {
  int status = 0;
  std::string output;
  std::string errors;
};

/// Backups of a shop, taken while it works, and put back into its place.
///
/// Threads: one.
class Sets {
 public:
  Sets(ShopProcess& shop, Split split, std::uint64_t seed)
      : shop_(shop), split_(std::move(split)), engine_(seed) {}

  /// That many at random moments of the replay; throws if one can't be made.
  void take_while(std::future<void>& work, const Replay& replay, int orders, int count);
  int count() const noexcept { return static_cast<int>(settled_.size()); }
  /// How many orders were settled when the n-th set was begun.
  int settled(int n) const { return settled_.at(static_cast<std::size_t>(n)); }

  /// The stores of the n-th set, in the place of those that are there, which are put aside. What else lies in
  /// the data directory stays, the broker's streams too. The shop does not run.
  void put_back(int n);
  /// The same with one module alone; what the command says.
  std::string put_back(int n, const std::string& module);
  /// The folder of the module's store that was put aside last.
  std::string aside(const std::string& module) const;

  /// `banyan`, or `banyanctl` for a split shop, with the shop's stores.
  Ended run(std::vector<std::string> arguments) const;

 private:
  std::string folder(int n) const { return shop_.data_directory() + "/sets/" + std::to_string(n); }
  void put_aside(const std::string& module);
  std::string restore(int n, std::vector<std::string> more);

  ShopProcess& shop_;
  const Split split_;
  std::mt19937_64 engine_;
  std::vector<int> settled_;
  int aside_ = 0;
};

}  // namespace acceptance
