#pragma once

namespace banyan::security {

/// Makes libsodium ready; to be called before any of its functions. Threads: safe, and cheap after the first
/// call.
void require_sodium();

}  // namespace banyan::security
