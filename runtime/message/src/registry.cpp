#include "banyan/message/registry.hpp"

#include "banyan/message/refusal.hpp"

namespace banyan::message {

Registry::Registry() {
  const Descriptor* const refusal = &Refusal::descriptor();
  add({&refusal, 1});
}

void Registry::add(std::span<const Descriptor* const> types) {
  for (const Descriptor* type : types) {
    const auto [known, is_new] = types_.emplace(type->type, type);
    BANYAN_ASSERT(is_new || known->second == type);
  }
}

const Descriptor* Registry::find(std::string_view type) const noexcept {
  const auto found = types_.find(type);
  return found == types_.end() ? nullptr : found->second;
}

}  // namespace banyan::message
