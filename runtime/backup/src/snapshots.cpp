#include "snapshots.hpp"

#include <algorithm>

#include "banyan/delivery/audit.hpp"
#include "banyan/delivery/inbox.hpp"
#include "banyan/store/failure.hpp"
#include "banyan/store/maintenance.hpp"

namespace banyan::backup {
namespace {

/// The largest store is copied by then.
constexpr Duration hold_max = std::chrono::hours{24};

/// The first look at a store is what takes the snapshot.
void look(store::ReadTransaction& store) {
  static_cast<void>(store.find<std::int64_t>("SELECT count(*) FROM sqlite_schema"));  // any page will do
}

Result<std::unique_ptr<store::Reader>> open(const ModuleStore& store, const Clock& clock) {
  if (const Status there = store::check_there(store.options); !there.ok()) return there.error();
  store::Options options = store.options;
  options.read_age_max = hold_max;
  auto reader = store::Reader::open(options, clock);
  if (!reader.ok()) return reader;
  // Once before it counts: then the statements are compiled, and the schema is read.
  const Status looked = reader.value()->read(look);
  return looked.ok() ? std::move(reader) : looked.error();
}

bool are_the_same(const std::vector<Misfit>& now, const std::vector<Misfit>& before) {
  return std::ranges::all_of(now, [&](const Misfit& one) {
    return std::ranges::any_of(before, [&](const Misfit& other) { return one.is_same(other); });
  });
}

Error no_moment(const Misfit& moving, int attempts) {
  return {Errc::unavailable, "backup.no_moment",
          "the link from " + moving.producer + " to " + moving.subscriber + " kept moving through " +
              std::to_string(attempts) +
              " attempts; next: the same again when less is under way, or with its processes stopped"};
}

}  // namespace

bool Misfit::is_same(const Misfit& other) const {
  return producer == other.producer && subscriber == other.subscriber && at == other.at;
}

std::vector<Misfit> misfits(std::span<const Looked> stores) {
  std::vector<Misfit> found;
  for (const Looked& subscriber : stores) {
    delivery::Inbox inbox;
    inbox.open(subscriber.store);
    for (const Looked& producer : stores) {
      const delivery::Position at = inbox.position(producer.module);
      if (at.epoch.is_nil()) continue;
      auto why = delivery::misplacement(producer.store, subscriber.module, at);
      if (why) found.push_back({producer.module, subscriber.module, at, *std::move(why)});
    }
  }
  return found;
}

Result<Snapshots> Snapshots::take(std::span<const ModuleStore> stores, const Console& console,
                                  const SnapshotLimits& limits) {
  Snapshots taken;
  for (const ModuleStore& store : stores) {
    auto reader = open(store, console.clock);
    if (!reader.ok())
      return Error{reader.error().code(), reader.error().reason(),
                   store.module + ": " + reader.error().detail()};
    taken.readers_.push_back(std::move(reader).value());
  }
  const auto give_up_at = console.clock.now() + limits.time_max;
  std::vector<Misfit> before;
  while (true) {
    ++taken.attempts_;
    if (const Status held = taken.hold(stores); !held.ok()) return held.error();
    if (are_the_same(taken.stopped_, before)) return taken;
    before = std::exchange(taken.stopped_, {});
    taken.drop();
    if (taken.attempts_ >= limits.attempts_max || console.clock.now() >= give_up_at) {
      return no_moment(before.front(), taken.attempts_);
    }
    console.pause(Duration{1 + static_cast<std::int64_t>(console.random.uniform() *
                                                         static_cast<double>(limits.pause_max.count()))});
  }
}

// All snapshots first: what is looked at after that has time.
Status Snapshots::hold(std::span<const ModuleStore> stores) {
  try {
    for (const auto& reader : readers_) {
      if (const Status begun = reader->begin(); !begun.ok()) return begun;
      look(reader->transaction());
    }
    std::vector<Looked> looked;
    for (std::size_t i = 0; i < stores.size(); ++i) {
      looked.push_back({stores[i].module, readers_[i]->transaction()});
    }
    stopped_ = misfits(looked);
    return success();
  } catch (const store::Failure& failure) {
    return failure.error();
  }
}

void Snapshots::drop() {
  for (const auto& reader : readers_) reader->end();
}

}  // namespace banyan::backup
