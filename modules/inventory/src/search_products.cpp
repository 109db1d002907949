#include "product_rows.hpp"
#include "search_text.hpp"
#include "use_cases.hpp"

namespace shop::inventory {
namespace {

std::vector<banyan::Uuid> best_matches(View& view, const std::string& expression, std::int64_t count_max) {
  auto rows = view.query(
      R"(SELECT product_id FROM inventory_search JOIN inventory_product ON position = inventory_search.rowid
         WHERE inventory_search MATCH ?1 ORDER BY rank, position LIMIT ?2)",
      expression, count_max);
  std::vector<banyan::Uuid> ids;
  while (rows.next()) ids.push_back(rows.get<banyan::Uuid>(0));
  return ids;
}

}  // namespace

Result<ProductMatches> search_products(View& view, const SearchProducts& query, const Context&) {
  ProductMatches matches;
  const std::string expression = match_expression(query.q);
  if (expression.empty()) return matches;
  for (const banyan::Uuid& id : best_matches(view, expression, query.limit)) {
    matches.items.push_back(find_product(view, id).value());
  }
  return matches;
}

}  // namespace shop::inventory
