#pragma once
#include <string_view>
#include <vector>

#include "banyan/message/registry.hpp"

namespace banyan::fuzz {

/// Every message of the shop's contracts, and the runtime's own.
const std::vector<const message::Descriptor*>& messages();
/// The one of that name, or else one that the name picks.
const message::Descriptor& message_called(std::string_view name);
/// Knows them all.
const message::Registry& registry();

}  // namespace banyan::fuzz
