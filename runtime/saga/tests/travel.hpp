#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "banyan/module/module.hpp"
#include "banyan/saga/history.hpp"
#include "banyan/testing/sample.hpp"
#include "banyan/testing/world.hpp"

/// An agency that books journeys by a saga: a flight, a payment, a mail that can't be taken back, a room.
namespace banyan::saga {

using message::Kind;
using namespace std::chrono_literals;

using Journey = testing::Sample<"agency.journey.v1", Kind::state>;
using Booked = testing::DomainEvent<"agency.booked.v1">;
using Answer = testing::Sample<"agency.answer.v1", Kind::reply>;
using Book = testing::Sample<"agency.book.v1", Kind::command, Answer>;
using Abort = testing::Sample<"agency.abort.v1", Kind::command, Answer>;

using FlightDone = testing::Sample<"flights.done.v1", Kind::reply>;
using ReserveFlight = testing::Sample<"flights.reserve.v1", Kind::command, FlightDone>;
using CancelFlight = testing::Sample<"flights.cancel.v1", Kind::command, FlightDone>;
using BankDone = testing::Sample<"bank.done.v1", Kind::reply>;
using Charge = testing::Sample<"bank.charge.v1", Kind::command, BankDone>;
using Refund = testing::Sample<"bank.refund.v1", Kind::command, BankDone>;
using MailDone = testing::Sample<"mail.done.v1", Kind::reply>;
using SendMail = testing::Sample<"mail.send.v1", Kind::command, MailDone>;
using RoomDone = testing::Sample<"rooms.done.v1", Kind::reply>;
using ReserveRoom = testing::Sample<"rooms.reserve.v1", Kind::command, RoomDone>;
using CancelRoom = testing::Sample<"rooms.cancel.v1", Kind::command, RoomDone>;

/// The outcome of a command, by its type; success if not given. May throw.
using Script = std::map<std::string, std::function<Status()>, std::less<>>;

inline constexpr std::string_view work_table = R"(
CREATE TABLE work (
  type TEXT NOT NULL, key TEXT NOT NULL, times INTEGER NOT NULL, PRIMARY KEY (type, key)
) STRICT;)";

/// Does what the script says, and counts what was done for each key.
template <message::Message C>
auto doing(const Script& script) {
  return [&script](Tx& tx, const C& command, const Context&) -> Result<typename C::Answer> {
    tx.execute(
        "INSERT INTO work (type, key, times) VALUES (?1, ?2, 1) ON CONFLICT DO UPDATE SET times = times + 1",
        C::descriptor().type, command.key);
    const auto line = script.find(C::descriptor().type);
    if (line != script.end()) {
      if (const Status said = line->second(); !said.ok()) return said.error();
    }
    return typename C::Answer{.key = command.key, .number = 7};
  };
}

/// A module that carries out the commands C.
template <message::Message... C>
module::Module partner(std::string name, const Script& script) {
  static const message::Descriptor* const messages[] = {&C::descriptor()..., &C::Answer::descriptor()...};
  static constexpr store::Migration tables[] = {
      {.owner = "partner", .version = 1, .name = "work", .sql = work_table}};
  module::Module made{std::move(name), messages};
  (made.template handles<C>(doing<C>(script)), ...);
  return made.migrates(tables);
}

/// The command C for a journey.
template <message::Message C>
C of(const Journey& journey) {
  return {.key = journey.key};
}

inline Uuid id_of(std::string_view key) { return parse_uuid(key).value(); }

inline std::shared_ptr<const Definition> journey_saga() {
  const auto end = [](Tx& tx, const Journey& journey, std::string_view how) {
    tx.execute("INSERT INTO outcome (key, how, number) VALUES (?1, ?2, ?3)", journey.key, how,
               journey.number);
    return success();
  };
  return Saga<Journey>{"journey"}
      .starts_on<Booked>([](const Booked& event) { return id_of(event.key); },
                         [](const Booked& event) { return Journey{.key = event.key}; })
      .step("flight")
      .sends<ReserveFlight>(of<ReserveFlight>)
      .absorbs<FlightDone>([](Journey& journey, const FlightDone& done) { journey.number += done.number; })
      .undo<CancelFlight>(of<CancelFlight>)
      .step("payment")
      .sends<Charge>(of<Charge>)
      .undo<Refund>(of<Refund>)
      .within(10s)
      .attempts(3)
      .step("mail")
      .sends<SendMail>(of<SendMail>)
      .irreversible("a mail can't be unsent")
      .step("room")
      .sends<ReserveRoom>(of<ReserveRoom>)
      .undo<CancelRoom>(of<CancelRoom>)
      .within(10s)
      .deadline(5min)
      .completes([end](Tx& tx, const Journey& journey, const Context&) { return end(tx, journey, "booked"); })
      .fails([end](Tx& tx, const Journey& journey, const Error& reason, const Context&) {
        return end(tx, journey, reason.reason());
      })
      .build();
}

inline module::Module agency() {
  static const message::Descriptor* const messages[] = {&Journey::descriptor(), &Booked::descriptor(),
                                                        &Answer::descriptor(), &Book::descriptor(),
                                                        &Abort::descriptor()};
  static constexpr store::Migration tables[] = {
      {.owner = "agency", .version = 1, .name = "outcomes", .sql = R"(
CREATE TABLE outcome (
  n INTEGER PRIMARY KEY, key TEXT NOT NULL, how TEXT NOT NULL, number INTEGER NOT NULL
) STRICT;)"}};
  return module::Module{"agency", messages}
      .handles<Book>([](Tx& tx, const Book& command, const Context&) -> Result<Answer> {
        tx.publish(Booked{.key = command.key});
        return Answer{.key = command.key};
      })
      .handles<Abort>([](Tx& tx, const Abort& command, const Context&) -> Result<Answer> {
        const Error reason{Errc::rejected, "agency.changed_mind"};
        return Answer{.number = abort(tx, "journey", id_of(command.key), reason) ? 1 : 0};
      })
      .runs(journey_saga())
      .migrates(tables);
}

/// The agency and its partners, and one journey.
struct Travel {
  explicit Travel(testing::Passage passage = testing::Passage::direct)
      : world{{agency(), partner<ReserveFlight, CancelFlight>("flights", script),
               partner<Charge, Refund>("bank", script), partner<SendMail>("mail", script),
               partner<ReserveRoom, CancelRoom>("rooms", script)},
              {.passage = passage}} {}

  Result<Answer> book() { return world.call(Book{.key = key}, options()); }
  bool abort_it() { return world.call(Abort{.key = key}).value().number == 1; }

  /// The same idempotency key every time.
  message::CallOptions options() {
    auto made = world.call_options();
    made.idempotency = message::Idempotency{.key = "booking", .fingerprint = "journey"};
    return made;
  }

  void refuse(std::string type, Error with = {Errc::rejected, "test.no", "not today"}) {
    script[std::move(type)] = [with] { return with; };
  }

  /// How the journey ended: "booked" or the reason why not; empty if it has not.
  std::string outcome() {
    return world.value<std::string>("agency", "SELECT coalesce(group_concat(how), '') FROM outcome").value();
  }

  /// How often a partner did something for this journey.
  template <message::Message C>
  int times() {
    return world
        .value<int>(C::descriptor().module, "SELECT times FROM work WHERE type = ?1 AND key = ?2",
                    C::descriptor().type, key)
        .value_or(0);
  }

  std::vector<std::string> happened() {
    std::vector<std::string> lines;
    world.inspect("agency", [&](View& view) {
      for (const HistoryEntry& entry : history(view, "journey", id_of(key))) {
        lines.push_back(entry.step + " " + entry.outcome);
      }
    });
    return lines;
  }

  std::string key = "0190a5b2-7c1d-7aaa-8bbb-123456789abc";
  Script script;
  testing::World world;
};

}  // namespace banyan::saga
