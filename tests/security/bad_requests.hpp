#pragma once
#include <string>
#include <vector>

namespace security {

/// A request that is to be refused, and how.
struct BadRequest {
  std::string what;
  std::string bytes;
  int status;
  std::string type;          ///< Of the problem, without /problems/.
  std::string pointer = {};  ///< Of the first violation; empty where the document is not the trouble.
};

/// In which order they come does not matter; none of them leaves a trace in the shop. `customer` exists.
std::vector<BadRequest> bad_requests(const std::string& customer);

/// A request with everything that it needs, "Connection: close" included.
std::string post(const std::string& path, const std::string& body, const std::string& key = "k-1");
std::string get(const std::string& target, const std::string& fields = {});

// Documents that are right, but for what is given.
std::string customer(const std::string& email, const std::string& more = {});
std::string product(const std::string& unit_price, const std::string& sku = "\"S-1\"");
std::string order(const std::string& line, const std::string& more = {});

}  // namespace security
