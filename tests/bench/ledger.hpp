#pragma once
#include "banyan/module/module.hpp"
#include "banyan/testing/sample.hpp"

/// The smallest module that does everything a durable command does: a row of state, an event, an answer.
namespace banyan::bench::ledger {

using Recorded = testing::Sample<"ledger.recorded.v1", message::Kind::reply>;
using Record = testing::Sample<"ledger.record.v1", message::Kind::command, Recorded>;
using EntryAdded = testing::Sample<"ledger.entry_added.v1", message::Kind::event>;

inline constexpr std::string_view schema = R"(
CREATE TABLE ledger_entry (
  id BLOB PRIMARY KEY,
  account TEXT NOT NULL,
  amount INTEGER NOT NULL,
  made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)";
inline constexpr std::string_view insert_entry =
    "INSERT INTO ledger_entry (id, account, amount, made_at) VALUES (?1, ?2, ?3, ?4)";

inline Result<Recorded> record(Tx& tx, const Record& command, const Context& context) {
  tx.execute(insert_entry, context.new_id(), command.key, command.number, context.now);
  tx.publish(EntryAdded{command.key, command.number, command.text});
  return Recorded{command.key, command.number};
}

inline module::Module module() {
  static const message::Descriptor* const messages[] = {&Record::descriptor(), &Recorded::descriptor(),
                                                        &EntryAdded::descriptor()};
  static constexpr store::Migration migrations[] = {
      {.owner = "ledger", .version = 1, .name = "entries", .sql = schema}};
  return module::Module{"ledger", messages}.migrates(migrations).handles<Record>(record);
}

}  // namespace banyan::bench::ledger
