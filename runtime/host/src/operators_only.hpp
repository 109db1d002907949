#pragma once
#include <string>
#include <vector>

#include "banyan/gateway/gateway.hpp"

namespace banyan::host {

/// Pages that ask nobody who he is, so that they refuse, as 403 and before they look at anything else, what a
/// browser may send because some web page wants it:
///  - a request with an Origin, or with a Sec-Fetch-Site other than "none" (an address that somebody typed);
///  - a Host with a dotted name that is not among `names`: the owner of a domain can have it mean this
///    machine's address for a moment, and then his page is of the same origin. Numbers and names without a
///    dot belong to nobody on the web.
/// An operator's tools send neither of the first two.
std::vector<gateway::Page> operators_only(std::vector<gateway::Page> pages,
                                          const std::vector<std::string>& names);

/// A name of a host as operators_only() compares it: "shop.example", without a port.
/// Errors: invalid_argument "host.bad_name".
Status check_host_name(const std::string& name);

}  // namespace banyan::host
