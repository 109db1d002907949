#pragma once
#include <span>
#include <string_view>
#include <unordered_map>

#include "banyan/message/descriptor.hpp"

namespace banyan::message {

/// The message types that this process knows, by name: those of its modules, and the runtime's own Refusal.
/// Filled while the process is wired, then only read.
class Registry {
 public:
  Registry();

  /// Adding the same descriptor again changes nothing; two descriptors with one name abort.
  void add(std::span<const Descriptor* const> types);
  /// nullptr if the type is not known.
  const Descriptor* find(std::string_view type) const noexcept;

 private:
  std::unordered_map<std::string_view, const Descriptor*> types_;
};

}  // namespace banyan::message
