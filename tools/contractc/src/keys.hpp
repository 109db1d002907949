#pragma once
#include <initializer_list>
#include <string_view>

#include "document.hpp"

namespace banyan::contractc {

/// Every member of `node` that is not among `known` is a problem, except extensions ("x-…") other than ours
/// ("x-banyan-…"). `what` names the thing in the text: "an operation".
void check_keys(const Node& node, std::string_view what, std::initializer_list<std::string_view> known,
                Problems& problems);

/// The member of that name; a problem and nullptr if there is none.
const Node* need(const Node& node, std::string_view name, std::string_view what, Problems& problems);

/// The text of the member of that name if it is a scalar, else empty.
std::string text_of(const Node& node, std::string_view name);

/// The text behind the last '/' of the $ref at `node`; empty if it has none or the $ref does not begin with
/// `prefix`.
std::string name_behind_ref(const Node& node, std::string_view prefix);

}  // namespace banyan::contractc
