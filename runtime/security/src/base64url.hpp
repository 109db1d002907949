#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace banyan::security {

/// RFC 4648 §5 without padding.
std::string to_base64url(std::string_view bytes);
/// nullopt for anything that to_base64url would not have written.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace banyan::security
