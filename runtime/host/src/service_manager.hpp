#pragma once
#include <string_view>

namespace banyan::host {

/// Tells whoever manages this service (systemd, Type=notify) how it is: "READY=1", "RELOADING=1",
/// "STOPPING=1". Does nothing where nobody asks for it by $NOTIFY_SOCKET. Threads: safe.
void tell_service_manager(std::string_view state);

}  // namespace banyan::host
