#pragma once
#include <string_view>
#include <variant>
#include <vector>

#include "banyan/gateway/gateway.hpp"
#include "problems.hpp"

namespace banyan::gateway {

/// The message that a request carries by its route, or what is wrong with the request.
std::variant<message::Payload, Problem> to_message(const message::HttpRoute& route,
                                                   const http::Request& request,
                                                   const std::vector<std::string_view>& path_values,
                                                   const GatewayOptions& options, const Problems& problems);

/// A module's answer in HTTP: status, body, Location, ETag (and 304), Link to the next page.
http::Response to_response(const message::HttpRoute& route, const http::Request& request,
                           const message::Payload& answer);

}  // namespace banyan::gateway
