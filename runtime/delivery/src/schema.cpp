#include "banyan/delivery/schema.hpp"

namespace banyan::delivery {
namespace {

constexpr store::Migration all[] = {
    {.owner = "banyan.delivery",
     .version = 1,
     .name = "outbox, inbox, answers, parked messages, timers",
     .sql = R"(
CREATE TABLE banyan_log (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  epoch BLOB NOT NULL,
  begun_at INTEGER NOT NULL
) STRICT;

CREATE TABLE banyan_outbox (
  seq INTEGER PRIMARY KEY,
  type TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  headers TEXT NOT NULL,
  payload TEXT NOT NULL,
  hash BLOB NOT NULL
) STRICT;

CREATE TABLE banyan_inbox (
  producer TEXT PRIMARY KEY,
  epoch BLOB NOT NULL,
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE banyan_answer (
  n INTEGER PRIMARY KEY,
  principal TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  type TEXT NOT NULL,
  answer TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (principal, key)
) STRICT;

CREATE TABLE banyan_parked (
  producer TEXT NOT NULL,
  seq INTEGER NOT NULL,
  type TEXT NOT NULL,
  key TEXT NOT NULL,
  state INTEGER NOT NULL CHECK (state IN (1, 2, 3)),
  attempts INTEGER NOT NULL,
  next_attempt_at INTEGER NOT NULL,
  parked_at INTEGER NOT NULL,
  cause TEXT NOT NULL,
  headers TEXT NOT NULL,
  payload TEXT NOT NULL,
  PRIMARY KEY (producer, seq)
) STRICT;
CREATE INDEX banyan_parked_key ON banyan_parked (producer, key, seq);
CREATE INDEX banyan_parked_due ON banyan_parked (state, next_attempt_at);

CREATE TABLE banyan_timer (
  due_at INTEGER NOT NULL,
  id BLOB NOT NULL,
  type TEXT NOT NULL,
  headers TEXT NOT NULL,
  payload TEXT NOT NULL,
  PRIMARY KEY (due_at, id)
) STRICT;

CREATE TABLE banyan_schedule (
  name TEXT PRIMARY KEY,
  next_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)"},
    {.owner = "banyan.delivery", .version = 2, .name = "suspects and fruitless starts", .sql = R"(
ALTER TABLE banyan_parked ADD COLUMN is_suspect INTEGER NOT NULL DEFAULT 0;

CREATE TABLE banyan_start (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  fruitless INTEGER NOT NULL
) STRICT;
)"},
    {.owner = "banyan.delivery", .version = 3, .name = "owner", .sql = R"(
CREATE TABLE banyan_owner (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  epoch INTEGER NOT NULL,
  since INTEGER NOT NULL
) STRICT;
)"},
    {.owner = "banyan.delivery", .version = 4, .name = "replays", .sql = R"(
ALTER TABLE banyan_inbox ADD COLUMN replayed_until INTEGER NOT NULL DEFAULT 0;
)"},
    {.owner = "banyan.delivery", .version = 5, .name = "what subscribers had when rows went", .sql = R"(
CREATE TABLE banyan_subscription (
  subscriber TEXT PRIMARY KEY,
  had INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)"},
    {.owner = "banyan.delivery", .version = 6, .name = "fruitless starts of each producer", .sql = R"(
DROP TABLE banyan_start;
CREATE TABLE banyan_start (
  producer TEXT PRIMARY KEY,
  fruitless INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)"},
    {.owner = "banyan.delivery", .version = 7, .name = "up to where subscribers are known", .sql = R"(
ALTER TABLE banyan_subscription ADD COLUMN until INTEGER NOT NULL DEFAULT 0;
)"},
    // Which row went last was not kept before: the first one that is there stands for it.
    {.owner = "banyan.delivery", .version = 8, .name = "where the log begins", .sql = R"(
CREATE TABLE banyan_removed (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL
) STRICT;
INSERT INTO banyan_removed (id, seq, hash)
  SELECT 1, seq, hash FROM (SELECT seq, hash FROM banyan_outbox ORDER BY seq LIMIT 1) WHERE seq > 1;
)"},
    // Times are in microseconds for which the store was open; `ids` in 1/4096 ms since 1970. All that is
    // there begins its time anew, and is kept longer for it. Ids go on above the time of the last row.
    {.owner = "banyan.delivery", .version = 9, .name = "age", .sql = R"(
CREATE TABLE banyan_age (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  age INTEGER NOT NULL,
  ids INTEGER NOT NULL
) STRICT;
INSERT INTO banyan_age (id, age, ids)
  SELECT 1, 0, (at / 1000 + 1) * 4096 FROM (SELECT max(0, coalesce(max(at), 0)) AS at FROM (
    SELECT max(created_at) AS at FROM banyan_outbox
    UNION ALL SELECT max(created_at) FROM banyan_answer
    UNION ALL SELECT max(parked_at) FROM banyan_parked));

ALTER TABLE banyan_outbox ADD COLUMN age INTEGER NOT NULL DEFAULT 0;

ALTER TABLE banyan_answer ADD COLUMN age INTEGER NOT NULL DEFAULT 0;
ALTER TABLE banyan_answer DROP COLUMN created_at;

ALTER TABLE banyan_parked ADD COLUMN age INTEGER NOT NULL DEFAULT 0;
ALTER TABLE banyan_parked RENAME COLUMN next_attempt_at TO next_attempt;
UPDATE banyan_parked SET next_attempt = 0;
)"},
};

}  // namespace

std::span<const store::Migration> migrations() { return all; }

}  // namespace banyan::delivery
