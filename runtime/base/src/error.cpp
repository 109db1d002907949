#include "banyan/base/error.hpp"

namespace banyan {

std::string_view to_string(Errc code) noexcept {
  switch (code) {
    case Errc::invalid_argument:
      return "invalid_argument";
    case Errc::not_found:
      return "not_found";
    case Errc::conflict:
      return "conflict";
    case Errc::already_exists:
      return "already_exists";
    case Errc::rejected:
      return "rejected";
    case Errc::resource_exhausted:
      return "resource_exhausted";
    case Errc::deadline_exceeded:
      return "deadline_exceeded";
    case Errc::unavailable:
      return "unavailable";
    case Errc::data_loss:
      return "data_loss";
    case Errc::internal:
      return "internal";
  }
  return "unknown";
}

}  // namespace banyan
