-- Semicolons; "quotes", back\slashes, [brackets], ${variables} and @signs@ stay as they are.
CREATE TABLE example_order (
  id   INTEGER PRIMARY KEY,
  note TEXT NOT NULL DEFAULT 'a;b "c" \n [d] ${e} @f@'
) STRICT;
