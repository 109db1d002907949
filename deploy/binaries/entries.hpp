#pragma once
#include "banyan/host/host.hpp"

/// The shop's modules as a binary lists them, each with its own settings.
namespace entries {

banyan::host::Entry users();
banyan::host::Entry inventory();
banyan::host::Entry orders();
banyan::host::Entry payments();
banyan::host::Entry shipping();
banyan::host::Entry notifications();

}  // namespace entries
