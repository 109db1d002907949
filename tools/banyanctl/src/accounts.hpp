#pragma once
#include <span>
#include <string>
#include <vector>

#include "banyan/message/edge.hpp"

namespace banyan::ctl {

/// The rights that an account gives to others. A service is asked by whoever imports it, and answers; a
/// stream is heard.
struct Export {
  enum class Kind { service, service_with_many_answers, stream };
  Kind kind = Kind::service;
  std::string subject;
  std::vector<std::string> accounts;  ///< These may import it.
};

struct Import {
  bool is_stream = false;
  std::string account;
  std::string subject;
};

/// One account of the server with its one user, the holder of the certificate of that name.
struct Account {
  std::string name;  ///< "ORDERS"
  std::string user;  ///< "orders"
  bool has_jetstream = false;
  /// Its user may do everything inside the account. Else only what publish and subscribe list.
  bool is_unlimited = false;
  std::vector<std::string> publish = {};
  std::vector<std::string> subscribe = {};
  std::vector<Export> exports = {};
  std::vector<Import> imports = {};
};

/// The rights of everybody, as the contracts say: an account for each module and for the gateway, CORE, which
/// has all streams and consumers, OPS, which asks the modules and CORE how they are, and the server's own
/// SYS. What is not listed in an account can't be done from it.
std::vector<Account> accounts_of(std::span<const message::Edge> edges);

}  // namespace banyan::ctl
