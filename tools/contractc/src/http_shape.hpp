#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace banyan::contractc {

/// "/v1/orders/{order_id}" → "/v1/orders/{}": equal for paths that match the same requests.
std::string shape_of_path(std::string_view path);
/// The names between braces, in their order.
std::vector<std::string> names_in_template(std::string_view text);

}  // namespace banyan::contractc
