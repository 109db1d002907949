#include "restarts.hpp"

namespace banyan::module {

void Restarts::open(store::ReadTransaction& transaction) {
  fruitless_.clear();
  auto rows = transaction.query("SELECT producer, fruitless FROM banyan_start");
  while (rows.next()) fruitless_[rows.get<std::string>(0)] = rows.get<int>(1);
}

void Restarts::count(store::Transaction& transaction, const std::string& producer) {
  transaction.execute(
      "INSERT INTO banyan_start (producer, fruitless) VALUES (?1, 1) "
      "ON CONFLICT (producer) DO UPDATE SET fruitless = fruitless + 1",
      producer);
  ++fruitless_[producer];
}

void Restarts::forgive(store::Transaction& transaction, const std::string& producer) {
  int& fruitless = fruitless_[producer];
  if (fruitless == 0) return;
  transaction.execute("UPDATE banyan_start SET fruitless = 0 WHERE producer = ?1", producer);
  fruitless = 0;
}

void Restarts::forgive_all(store::Transaction& transaction) {
  transaction.execute("UPDATE banyan_start SET fruitless = 0 WHERE fruitless > 0");
  fruitless_.clear();
}

bool Restarts::are_suspicious(const std::string& producer) const {
  const auto found = fruitless_.find(producer);
  return found != fruitless_.end() && found->second > fruitless_max;
}

}  // namespace banyan::module
