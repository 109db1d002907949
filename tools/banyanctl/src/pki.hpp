#pragma once
#include <span>
#include <string>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/message/edge.hpp"

namespace banyan::ctl {

/// `banyanctl pki …`. Each function prints what it did to standard output, what is wrong and the next command
/// to standard error, and gives the exit status.
class Pki {
 public:
  Pki(std::string folder, std::span<const message::Edge> edges, const Clock& clock)
      : folder_(std::move(folder)), edges_(edges), clock_(clock) {}

  int init(Duration life) const;
  /// For every identity if `names` is empty.
  int issue(std::vector<std::string> names, Duration life) const;
  /// Only what has been issued before; all of it if `names` is empty.
  int rotate(std::vector<std::string> names, Duration life) const;
  int show(bool as_json) const;
  int check() const;

 private:
  int issue_all(const std::vector<std::string>& names, Duration life) const;
  std::string command(const std::string& what) const;
  int refuse(const std::string& subject, const Error& error, const std::string& next) const;
  std::string next_for(const std::string& name, const Error& error) const;
  /// The command that begins to replace one that will end.
  std::string next_authority() const;
  bool is_folder_good() const;
  bool is_authority_good() const;
  bool is_certificate_good(const std::string& name) const;

  std::string folder_;
  std::span<const message::Edge> edges_;
  const Clock& clock_;
};

}  // namespace banyan::ctl
