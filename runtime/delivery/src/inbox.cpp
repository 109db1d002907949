#include "banyan/delivery/inbox.hpp"

#include <algorithm>

namespace banyan::delivery {

void Inbox::open(store::ReadTransaction& transaction) {
  sources_.clear();
  moved_.clear();
  auto rows = transaction.query("SELECT producer, epoch, seq, hash FROM banyan_inbox");
  while (rows.next()) {
    Position position{.epoch = rows.get<Uuid>(1), .seq = rows.get<std::uint64_t>(2)};
    const auto hash = rows.get<std::vector<std::byte>>(3);
    std::copy_n(hash.begin(), std::min(hash.size(), position.hash.size()), position.hash.begin());
    sources_[rows.get<std::string>(0)] = {position, position};
  }
}

Position Inbox::position(const std::string& producer) const {
  const auto source = sources_.find(producer);
  return source == sources_.end() ? Position{} : source->second.durable;
}

bool Inbox::has_gap(const Batch& batch) const {
  const auto source = sources_.find(batch.producer);
  const Position current = source == sources_.end() ? Position{} : source->second.current;
  return batch.after > current.seq || (current.seq > 0 && batch.epoch != current.epoch);
}

bool Inbox::is_repeat(const Batch& batch, const Delivery& delivery) const {
  const auto source = sources_.find(batch.producer);
  return source != sources_.end() && delivery.seq <= source->second.current.seq;
}

void Inbox::advance(const Batch& batch, const Delivery& delivery) {
  Source& source = sources_[batch.producer];
  const bool is_first_move = source.current == source.durable;
  source.current = {batch.epoch, delivery.seq, delivery.hash};
  if (is_first_move) moved_.push_back(batch.producer);
}

void Inbox::save(store::Transaction& transaction) {
  for (const std::string& producer : moved_) {
    const Position& position = sources_[producer].current;
    transaction.execute(
        "INSERT INTO banyan_inbox (producer, epoch, seq, hash) VALUES (?1, ?2, ?3, ?4) "
        "ON CONFLICT (producer) DO UPDATE SET epoch = ?2, seq = ?3, hash = ?4",
        producer, position.epoch, position.seq, std::span<const std::byte>{position.hash});
  }
}

std::vector<std::string> Inbox::committed() {
  for (const std::string& producer : moved_) sources_[producer].durable = sources_[producer].current;
  return std::exchange(moved_, {});
}

}  // namespace banyan::delivery
