#include "banyan/saga/engine.hpp"

namespace banyan::saga {
namespace {

constexpr store::Migration all[] = {
    {.owner = "banyan.saga", .version = 1, .name = "instances and their history", .sql = R"(
CREATE TABLE banyan_saga (
  n INTEGER PRIMARY KEY,
  saga TEXT NOT NULL,
  id BLOB NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('running', 'compensating', 'completed', 'failed')),
  step INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  abort_reason TEXT NOT NULL,
  wake_at INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  deadline INTEGER NOT NULL,
  UNIQUE (saga, id)
) STRICT;
CREATE INDEX banyan_saga_active ON banyan_saga (n) WHERE status IN ('running', 'compensating');

CREATE TABLE banyan_saga_history (
  saga INTEGER NOT NULL REFERENCES banyan_saga (n),
  n INTEGER NOT NULL,
  at INTEGER NOT NULL,
  step TEXT NOT NULL,
  outcome TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (saga, n)
) STRICT, WITHOUT ROWID;
)"},
    // From here on wake_at, deadline and began are ages of the store. An instance that is under way gets what
    // it had when its step began, and so more time, not less.
    {.owner = "banyan.saga", .version = 2, .name = "times in the life of the store", .sql = R"(
ALTER TABLE banyan_saga ADD COLUMN began INTEGER NOT NULL DEFAULT 0;
UPDATE banyan_saga
  SET wake_at = max(0, min(wake_at, deadline) - started_at), deadline = max(0, deadline - started_at)
  WHERE status IN ('running', 'compensating');
)"},
};

}  // namespace

std::span<const store::Migration> migrations() { return all; }

}  // namespace banyan::saga
