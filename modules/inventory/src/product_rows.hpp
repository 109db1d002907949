#pragma once
#include <optional>
#include <string>
#include <vector>

#include "banyan/module/module.hpp"
#include "shop/inventory/messages.hpp"

namespace shop::inventory {

/// A product's place in the order in which the catalogue grew.
struct CatalogueEntry {
  std::int64_t position = 0;
  banyan::Uuid product_id;
};

std::optional<Product> find_product(banyan::View& view, const banyan::Uuid& product_id);

/// The next `count_max` entries behind `position`, of one category or of all.
std::vector<CatalogueEntry> entries_after(banyan::View& view, std::int64_t position,
                                          const std::optional<std::string>& category, std::int64_t count_max);

/// Adds a product with its stock and its text. False, and nothing changed, if its sku is in use.
bool insert_product(banyan::Tx& tx, const Product& product, banyan::Timestamp now);

/// Writes all but the stock of a product that exists.
void update_product(banyan::Tx& tx, const Product& product, banyan::Timestamp now);

/// Writes the available units of a product that exists.
void update_available(banyan::Tx& tx, const Product& product);

}  // namespace shop::inventory
