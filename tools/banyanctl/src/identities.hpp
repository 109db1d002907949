#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/message/edge.hpp"

namespace banyan::ctl {

/// The processes that are no modules.
inline constexpr std::string_view gateway = "gateway";
inline constexpr std::string_view admin = "admin";  ///< Makes streams and consumers.
inline constexpr std::string_view ops = "ops";      ///< Watches.
inline constexpr std::string_view sys = "sys";      ///< NATS' own system account.
inline constexpr std::string_view server = "nats";  ///< Clients connect to it.

/// The modules that the contracts know, in order of the alphabet.
std::vector<std::string> modules_of(std::span<const message::Edge> edges);

/// Everyone who needs a certificate: the modules, and the processes above.
std::vector<std::string> identities_of(std::span<const message::Edge> edges);

/// True for an identity and for a member of a cluster of servers, "nats-<something>".
bool is_identity(std::span<const message::Edge> edges, std::string_view name);

}  // namespace banyan::ctl
