#pragma once
#include <span>
#include <string>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/message/edge.hpp"

namespace banyan::ctl {

/// `banyanctl keys …`: the keys with which service accounts sign their tokens. Each function prints what it
/// did to standard output, what is wrong and the next command to standard error, and gives the exit status.
class Keys {
 public:
  Keys(std::string folder, std::span<const message::Edge> edges, const Clock& clock)
      : folder_(std::move(folder)), edges_(edges), clock_(clock) {}

  /// For every account that has none if `accounts` is empty.
  int init(std::vector<std::string> accounts) const;
  /// All that have one if `accounts` is empty. Revoking, the keys before are not believed any more.
  int rotate(std::vector<std::string> accounts, bool is_revoking) const;
  int show(bool as_json) const;

 private:
  int refuse(const std::string& account, const Error& error) const;
  bool are_known(const std::vector<std::string>& accounts) const;

  std::string folder_;
  std::span<const message::Edge> edges_;
  const Clock& clock_;
};

/// Everyone who calls others: the modules and the gateway, in order of the alphabet.
std::vector<std::string> service_accounts_of(std::span<const message::Edge> edges);

}  // namespace banyan::ctl
