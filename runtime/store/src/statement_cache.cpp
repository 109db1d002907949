#include "statement_cache.hpp"

#include <algorithm>

namespace banyan::store {

Statement& StatementCache::find(std::string_view sql) {
  const auto address = reinterpret_cast<std::uintptr_t>(sql.data());
  Statement*& recent = recent_[(address ^ (address >> 8)) % recent_count];
  if (recent == nullptr || recent->in_use || recent->sql() != sql) recent = &find_by_text(sql);
  recent->last_use = ++uses_;
  return *recent;
}

Statement& StatementCache::find_by_text(std::string_view sql) {
  const auto [first, last] = statements_.equal_range(sql);
  const auto free = std::find_if(first, last, [](const auto& entry) { return !entry.second->in_use; });
  if (free != last) return *free->second;

  auto statement = std::make_unique<Statement>(connection_, sql, Origin::handler);
  make_room();
  const std::string_view key = statement->sql();
  return *statements_.emplace(key, std::move(statement))->second;
}

void StatementCache::make_room() {
  if (statements_.size() < statements_max) return;
  const auto oldest = std::ranges::min_element(statements_, {}, [](const auto& entry) {
    return entry.second->in_use ? UINT64_MAX : entry.second->last_use;
  });
  if (oldest->second->in_use) return;
  std::ranges::replace(recent_, oldest->second.get(), nullptr);
  statements_.erase(oldest);
}

}  // namespace banyan::store
