#include "product_rows.hpp"

namespace shop::inventory {

std::optional<Product> find_product(banyan::View& view, const banyan::Uuid& product_id) {
  auto rows = view.query(
      R"(SELECT version, sku, name, description, category, price_minor, currency, available, reserved, sold
         FROM inventory_product JOIN inventory_stock USING (product_id)
         WHERE product_id = ?1)",
      product_id);
  if (!rows.next()) return std::nullopt;
  return Product{.product_id = product_id,
                 .version = rows.get<std::int64_t>(0),
                 .sku = rows.get<std::string>(1),
                 .name = rows.get<std::string>(2),
                 .description = rows.get<std::optional<std::string>>(3),
                 .category = rows.get<std::string>(4),
                 .unit_price = {rows.get<std::int64_t>(5), rows.get<std::string>(6)},
                 .available = rows.get<std::int64_t>(7),
                 .reserved = rows.get<std::int64_t>(8),
                 .sold = rows.get<std::int64_t>(9)};
}

std::vector<CatalogueEntry> entries_after(banyan::View& view, std::int64_t position,
                                          const std::optional<std::string>& category,
                                          std::int64_t count_max) {
  // Two statements, so that each can use its index.
  auto rows = category ? view.query(
                             "SELECT position, product_id FROM inventory_product "
                             "WHERE category = ?1 AND position > ?2 ORDER BY position LIMIT ?3",
                             *category, position, count_max)
                       : view.query(
                             "SELECT position, product_id FROM inventory_product "
                             "WHERE position > ?1 ORDER BY position LIMIT ?2",
                             position, count_max);
  std::vector<CatalogueEntry> entries;
  while (rows.next()) entries.push_back({rows.get<std::int64_t>(0), rows.get<banyan::Uuid>(1)});
  return entries;
}

bool insert_product(banyan::Tx& tx, const Product& product, banyan::Timestamp now) {
  const bool is_new =
      tx.execute(
          R"(INSERT INTO inventory_product (product_id, sku, name, description, category, price_minor,
                                            currency, version, added_at, changed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9) ON CONFLICT (sku) DO NOTHING)",
          product.product_id, product.sku, product.name, product.description, product.category,
          product.unit_price.amount_minor, product.unit_price.currency, product.version, now) == 1;
  if (!is_new) return false;
  const std::int64_t position = tx.last_insert_id();
  tx.execute(
      "INSERT INTO inventory_search (rowid, sku, name, description, category) VALUES (?1, ?2, ?3, ?4, ?5)",
      position, product.sku, product.name, product.description, product.category);
  tx.execute("INSERT INTO inventory_stock (product_id, available, reserved, sold) VALUES (?1, ?2, ?3, ?4)",
             product.product_id, product.available, product.reserved, product.sold);
  return true;
}

void update_product(banyan::Tx& tx, const Product& product, banyan::Timestamp now) {
  tx.execute(
      R"(UPDATE inventory_product SET name = ?2, description = ?3, category = ?4, price_minor = ?5,
                currency = ?6, version = ?7, changed_at = ?8
         WHERE product_id = ?1)",
      product.product_id, product.name, product.description, product.category,
      product.unit_price.amount_minor, product.unit_price.currency, product.version, now);
  tx.execute(
      R"(UPDATE inventory_search SET name = ?2, description = ?3, category = ?4
         WHERE rowid = (SELECT position FROM inventory_product WHERE product_id = ?1))",
      product.product_id, product.name, product.description, product.category);
}

void update_available(banyan::Tx& tx, const Product& product) {
  tx.execute("UPDATE inventory_stock SET available = ?2 WHERE product_id = ?1", product.product_id,
             product.available);
}

}  // namespace shop::inventory
