#include "banyan/backup/console.hpp"

namespace banyan::backup {

bool Console::fail(const std::string& who, const Error& why) const {
  complain(who + ": " + why.reason() + ": " + why.detail());
  return false;
}

}  // namespace banyan::backup
