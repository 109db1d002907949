#include "banyan/delivery/inbox.hpp"

#include <algorithm>

#include "log.hpp"

namespace banyan::delivery {

void Inbox::open(store::ReadTransaction& transaction) {
  sources_.clear();
  moved_.clear();
  auto rows = transaction.query("SELECT producer, epoch, seq, hash, replayed_until FROM banyan_inbox");
  while (rows.next()) {
    const Position position{rows.get<Uuid>(1), rows.get<std::uint64_t>(2),
                            to_hash(rows.get<std::vector<std::byte>>(3))};
    sources_[rows.get<std::string>(0)] = {position, position, rows.get<std::uint64_t>(4)};
  }
}

Position Inbox::position(const std::string& producer) const {
  const auto source = sources_.find(producer);
  return source == sources_.end() ? Position{} : source->second.durable;
}

std::vector<std::string> Inbox::producers() const {
  std::vector<std::string> names;
  for (const auto& [producer, source] : sources_) names.push_back(producer);
  return names;
}

bool Inbox::has_gap(const Batch& batch) const {
  const auto source = sources_.find(batch.producer);
  const Position current = source == sources_.end() ? Position{} : source->second.current;
  return batch.after > current.seq || (!current.epoch.is_nil() && batch.epoch != current.epoch);
}

bool Inbox::is_repeat(const Batch& batch, const Delivery& delivery) const {
  const auto source = sources_.find(batch.producer);
  return source != sources_.end() && delivery.seq <= source->second.current.seq;
}

void Inbox::advance(const Batch& batch, const Delivery& delivery) {
  move(batch.producer, {batch.epoch, delivery.seq, delivery.hash});
}

void Inbox::rewind(const std::string& producer, const Position& to) {
  Source& source = sources_[producer];
  source.replayed_until = std::max(source.replayed_until, source.current.seq);
  move(producer, to);
}

std::uint64_t Inbox::handled_until(const std::string& producer) const {
  const auto source = sources_.find(producer);
  if (source == sources_.end()) return 0;
  return std::max(source->second.durable.seq, source->second.replayed_until);
}

bool Inbox::is_replay(const std::string& producer, std::uint64_t seq) const {
  const auto source = sources_.find(producer);
  return source != sources_.end() && seq <= source->second.replayed_until;
}

void Inbox::move(const std::string& producer, const Position& to) {
  Source& source = sources_[producer];
  source.current = to;
  if (std::find(moved_.begin(), moved_.end(), producer) == moved_.end()) moved_.push_back(producer);
}

void Inbox::save(store::Transaction& transaction) {
  for (const std::string& producer : moved_) {
    const Source& source = sources_[producer];
    const Position& position = source.current;
    transaction.execute(
        "INSERT INTO banyan_inbox (producer, epoch, seq, hash, replayed_until) VALUES (?1, ?2, ?3, ?4, ?5) "
        "ON CONFLICT (producer) DO UPDATE SET epoch = ?2, seq = ?3, hash = ?4, replayed_until = ?5",
        producer, position.epoch, position.seq, std::span<const std::byte>{position.hash},
        source.replayed_until);
  }
}

std::vector<std::string> Inbox::committed() {
  for (const std::string& producer : moved_) sources_[producer].durable = sources_[producer].current;
  return std::exchange(moved_, {});
}

}  // namespace banyan::delivery
