#pragma once
#include <string>
#include <string_view>

#include "banyan/base/result.hpp"

namespace banyan::testing {

/// Signatures where no key is needed, as nobody lies: the name of who signs, and what is signed.
inline Result<std::string> sign_plainly(std::string_view name, std::string_view statement) {
  return std::string{name} + ':' + std::string{statement};
}

/// The signer of exactly that text. Errors: rejected "testing.not_signed".
inline Result<std::string> signer_of(std::string_view signature, std::string_view statement) {
  const std::size_t colon = signature.find(':');
  if (colon != signature.npos && signature.substr(colon + 1) == statement) {
    return std::string{signature.substr(0, colon)};
  }
  return Error{Errc::rejected, "testing.not_signed", "not what was sent"};
}

}  // namespace banyan::testing
