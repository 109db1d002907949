#include "restarts.hpp"

namespace banyan::module {

void Restarts::open(store::Transaction& transaction) {
  transaction.execute(
      "INSERT INTO banyan_start (id, fruitless) VALUES (1, 1) "
      "ON CONFLICT (id) DO UPDATE SET fruitless = fruitless + 1");
  fruitless_ = uncommitted_ = transaction.find<int>("SELECT fruitless FROM banyan_start").value();
}

void Restarts::forgive(store::Transaction& transaction) {
  if (fruitless_ == 0) return;
  transaction.execute("UPDATE banyan_start SET fruitless = 0");
  uncommitted_ = 0;
}

}  // namespace banyan::module
