-- `version` counts the changes of the catalogue's entry, which people edit, and not those of the stock, which
-- moves with every order.
ALTER TABLE inventory_product ADD COLUMN version INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1);
UPDATE inventory_product AS product
  SET version = (SELECT version FROM inventory_stock AS stock WHERE stock.product_id = product.product_id);
ALTER TABLE inventory_stock DROP COLUMN version;
