#pragma once
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/module/module.hpp"
#include "banyan/testing/sample.hpp"
#include "banyan/testing/world.hpp"

/// A module that counts and one that keeps a mirror of it, for tests of what runs modules.
namespace banyan::module {

using message::Kind;
using namespace std::chrono_literals;

using Added = testing::Sample<"counter.added.v1", Kind::reply>;
using Add = testing::Sample<"counter.add.v1", Kind::command, Added>;
using Pay = testing::Sample<"counter.pay.v1", Kind::command, Added>;  ///< Prepared: asks somebody first.
using Forward =
    testing::Sample<"counter.forward.v1", Kind::command, Added>;      ///< Sends a Note, in `number` s.
using Run = testing::Sample<"counter.run.v1", Kind::command, Added>;  ///< Runs the SQL in `text`.
using Mumble =
    testing::Sample<"counter.mumble.v1", Kind::command, Added>;  ///< Publishes what nobody listens to.
using Mumbled = testing::Sample<"counter.mumbled.v1", Kind::event>;
using Sum = testing::Sample<"counter.sum.v1", Kind::reply>;
using GetSum = testing::Sample<"counter.get_sum.v1", Kind::query, Sum>;
using Changed = testing::Sample<"counter.changed.v1", Kind::event>;
using Touched = testing::DomainEvent<"counter.touched.v1">;

using Noted = testing::Sample<"mirror.noted.v1", Kind::reply>;
using Note = testing::Sample<"mirror.note.v1", Kind::command, Noted>;

/// The actions of a handler before its work: by "<type>" or "<type>/<key>", in a preparation by
/// "prepare <type>", and at the stop by "hurry". Success if nothing is said; may throw.
using Script = std::map<std::string, std::function<Status()>, std::less<>>;

inline Status act(const Script& script, const std::string& type, const std::string& key = {}) {
  for (const std::string& name : {type + '/' + key, type}) {
    if (const auto line = script.find(name); line != script.end()) return line->second();
  }
  return success();
}

inline void write_down(Tx& tx, std::string_view type, const std::string& key, std::int64_t number) {
  tx.execute("INSERT INTO entry (type, key, number) VALUES (?1, ?2, ?3)", type, key, number);
}

/// Writes the message down, and publishes that.
template <message::Message C>
Result<Added> count(const Script& script, Tx& tx, const C& command) {
  write_down(tx, C::descriptor().type, command.key, command.number);
  tx.publish(Changed{.key = command.key, .number = command.number});
  tx.publish(Touched{.key = command.key, .number = command.number});
  const Status said = act(script, std::string{C::descriptor().type}, command.key);
  if (!said.ok()) return said.error();
  return Added{.key = command.key, .number = command.number};
}

inline std::span<const store::Migration> entries() {
  static constexpr store::Migration tables[] = {
      {.owner = "counting", .version = 1, .name = "entries", .sql = R"(
CREATE TABLE entry (
  n INTEGER PRIMARY KEY, type TEXT NOT NULL, key TEXT NOT NULL, number INTEGER NOT NULL
) STRICT;)"}};
  return tables;
}

inline Module counter(const Script& script) {
  static const message::Descriptor* const messages[] = {
      &Added::descriptor(),   &Add::descriptor(),    &Pay::descriptor(),    &Forward::descriptor(),
      &Run::descriptor(),     &Sum::descriptor(),    &GetSum::descriptor(), &Changed::descriptor(),
      &Touched::descriptor(), &Mumble::descriptor(), &Mumbled::descriptor()};
  return Module{"counter", messages}
      .handles<Add>(
          [&script](Tx& tx, const Add& command, const Context&) { return count(script, tx, command); })
      .handles_prepared<Pay, int>(
          [&script](const Pay&, const Context&) -> Result<int> {
            const Status said = act(script, "prepare counter.pay.v1");
            return said.ok() ? Result<int>{1} : Result<int>{said.error()};
          },
          [&script](Tx& tx, const Pay& command, int, const Context&) { return count(script, tx, command); })
      .handles<Forward>([](Tx& tx, const Forward& command, const Context& context) -> Result<Added> {
        tx.send_at(context.now + std::chrono::seconds{command.number}, Note{.key = command.key});
        return Added{.key = command.key};
      })
      .hurries([&script] { static_cast<void>(act(script, "hurry")); })
      .handles<Run>([](Tx& tx, const Run& command, const Context&) -> Result<Added> {
        tx.execute(command.text);
        return Added{};
      })
      .handles<Mumble>([](Tx& tx, const Mumble& command, const Context&) -> Result<Added> {
        tx.publish(Mumbled{.key = command.key});
        return Added{};
      })
      .answers<GetSum>([&script](View& view, const GetSum& query, const Context&) -> Result<Sum> {
        if (const Status said = act(script, "counter.get_sum.v1"); !said.ok()) return said.error();
        return Sum{.key = query.key,
                   .number = *view.find<std::int64_t>(
                       "SELECT coalesce(sum(number), 0) FROM entry WHERE key = ?1 AND type <> ?2", query.key,
                       Touched::descriptor().type)};
      })
      .on<Touched>([](Tx& tx, const Touched& event, const Context&) {
        write_down(tx, Touched::descriptor().type, event.key, event.number);
        return success();
      })
      .migrates(entries());
}

inline Module mirror(const Script& script) {
  static const message::Descriptor* const messages[] = {&Noted::descriptor(), &Note::descriptor()};
  return Module{"mirror", messages}
      .on<Changed>([&script](Tx& tx, const Changed& event, const Context&) {
        write_down(tx, Changed::descriptor().type, event.key, event.number);
        return act(script, "counter.changed.v1", event.key + std::to_string(event.number));
      })
      .handles<Note>([&script](Tx& tx, const Note& command, const Context&) -> Result<Noted> {
        write_down(tx, Note::descriptor().type, command.key, command.number);
        if (const Status said = act(script, "mirror.note.v1"); !said.ok()) return said.error();
        return Noted{.key = command.key};
      })
      .migrates(entries());
}

using MakeMirror = std::function<Module(const Script& script)>;

/// Both, and what they do.
struct Counting {
  explicit Counting(testing::World::Options options = {}, const MakeMirror& make_mirror = mirror)
      : world{{counter(script), make_mirror(script)}, options} {
    world.faults().clear();
  }

  Status add(std::string key, std::int64_t number = 1) {
    return status(world.call(Add{.key = key, .number = number}));
  }
  template <class T>
  static Status status(const Result<T>& result) {
    return result.ok() ? success() : Status{result.error()};
  }
  static message::Idempotency once(std::string key) {
    return {.key = std::move(key), .fingerprint = "print"};
  }

  /// Adds under an idempotency key, again and again until it is answered with success.
  void insist(const std::string& key, std::int64_t number) {
    for (int attempt = 0; attempt < 5; ++attempt) {
      auto options = world.call_options();
      options.idempotency = once(key + std::to_string(number));
      if (world.call(Add{.key = key, .number = number}, options).ok()) return;
      world.recover();
      world.advance(2s);
    }
  }

  /// The messages of one type that a module has written down, as "<key><number>", in order.
  std::vector<std::string> entries_of(std::string_view module, std::string_view type) {
    std::vector<std::string> lines;
    world.inspect(module, [&](View& view) {
      auto rows = view.query("SELECT key || number FROM entry WHERE type = ?1 ORDER BY n", type);
      while (rows.next()) lines.push_back(rows.get<std::string>(0));
    });
    return lines;
  }
  std::vector<std::string> counted() { return entries_of("counter", "counter.add.v1"); }
  std::vector<std::string> mirrored() { return entries_of("mirror", "counter.changed.v1"); }
  std::vector<std::string> notes() { return entries_of("mirror", "mirror.note.v1"); }

  Health health(std::string_view module) { return world.instance(module).health(); }

  Script script;
  testing::World world;
};

inline Status refused() { return Error{Errc::rejected, "test.no"}; }

}  // namespace banyan::module
