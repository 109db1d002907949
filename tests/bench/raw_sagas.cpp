#include "raw_sagas.hpp"

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <thread>
#include <vector>

#include "banyan/base/clock.hpp"
#include "raw_database.hpp"
#include "shop.hpp"

namespace banyan::bench {
namespace {

constexpr std::size_t batches_under_way = 6;
constexpr std::int64_t lines_per_order = 2;

/// The key of one saga's rows.
struct Ids {
  Uuid order;
  Uuid payment;
  Uuid shipment;
  Uuid key;
  std::int64_t saga = 0;
};

/// A store with what every stage of every module writes.
class Store {
 public:
  explicit Store(const std::string& directory) : database_(directory + "/store.db") {}

  void begin() { begin_(); }
  /// Ends a stage: how far it has come in its producer's log.
  void commit(std::string_view producer) {
    if (!producer.empty()) inbox_(producer, Uuid{}, ++position_, Uuid{});
    commit_();
  }

 protected:
  /// An outbox row as a real checkout has left it.
  struct Message {
    std::string type, headers, payload;
  };
  Message message(const std::string& type) const {
    const std::string from = " FROM banyan_outbox WHERE type = '" + type + "' ORDER BY seq DESC LIMIT 1";
    return {type, database_.text("SELECT headers" + from), database_.text("SELECT payload" + from)};
  }
  void emit(const Message& message, std::int64_t now) {
    outbox_(message.type, now, message.headers, message.payload, Uuid{});
  }

  RawDatabase database_;

 private:
  RawStatement begin_{database_, "BEGIN IMMEDIATE"};
  RawStatement commit_{database_, "COMMIT"};
  RawStatement outbox_{database_,
                       "INSERT INTO banyan_outbox (type, created_at, headers, payload, hash) "
                       "VALUES (?1, ?2, ?3, ?4, ?5)"};
  RawStatement inbox_{database_,
                      "INSERT INTO banyan_inbox (producer, epoch, seq, hash) VALUES (?1, ?2, ?3, ?4) "
                      "ON CONFLICT (producer) DO UPDATE SET epoch = ?2, seq = ?3, hash = ?4"};
  std::int64_t position_ = 0;
};

class Orders : public Store {
 public:
  using Store::Store;

  void place(Ids& ids, std::int64_t now) {
    order_(ids.order, customer_, now);
    for (std::int64_t line = 0; line < lines_per_order; ++line) line_(ids.order, line, product_);
    saga_(ids.order, state_, now);
    ids.saga = sqlite3_last_insert_rowid(database_.handle());
    emit(placed_, now);
    emit(reserve_, now);
    answer_(to_string(ids.key), fingerprint_, answer_text_, now);
  }
  void reserved(const Ids& ids, std::int64_t now) { step(ids, 1, authorise_, now); }
  void authorised(const Ids& ids, std::int64_t now) { step(ids, 2, ship_, now); }
  void shipped(const Ids& ids, std::int64_t now) { step(ids, 3, capture_, now); }
  void captured(const Ids& ids, std::int64_t now) {
    note_(ids.saga, std::int64_t{4}, now);
    confirm_(ids.order, ids.payment, ids.shipment, now);
    for (std::int64_t line = 0; line < lines_per_order; ++line) price_(ids.order, line);
    note_(ids.saga, std::int64_t{5}, now);
    complete_(ids.saga);
    emit(confirmed_, now);
  }

 private:
  void step(const Ids& ids, std::int64_t number, const Message& command, std::int64_t now) {
    note_(ids.saga, number, now);
    advance_(ids.saga, number, now, state_);
    emit(command, now);
  }

  const Message placed_ = message("orders.order_placed.v1");
  const Message reserve_ = message("inventory.reserve_stock.v1");
  const Message authorise_ = message("payments.authorise_payment.v1");
  const Message ship_ = message("shipping.create_shipment.v1");
  const Message capture_ = message("payments.capture_payment.v1");
  const Message confirmed_ = message("orders.order_confirmed.v1");
  const std::string state_ = database_.text("SELECT state FROM banyan_saga ORDER BY n DESC LIMIT 1");
  const std::string answer_text_ = database_.text("SELECT answer FROM banyan_answer ORDER BY n DESC LIMIT 1");
  const std::string fingerprint_ = std::string(64, 'f');
  const Uuid customer_ = database_.uuid("SELECT customer_id FROM orders_customer");
  const Uuid product_ = database_.uuid("SELECT product_id FROM orders_line");

  RawStatement order_{
      database_,
      "INSERT INTO orders_order (order_id, version, customer_id, status, ship_name, ship_street, ship_city, "
      "ship_postal_code, ship_country, placed_at, changed_at) VALUES (?1, 1, ?2, 'placed', 'Maria Anders', "
      "'Obere Str. 57', 'Berlin', '12209', 'Germany', ?3, ?3)"};
  RawStatement line_{database_,
                     "INSERT INTO orders_line (order_id, line, product_id, quantity, discount_percent) "
                     "VALUES (?1, ?2, ?3, 2, 0)"};
  RawStatement saga_{
      database_,
      "INSERT INTO banyan_saga (saga, id, status, step, attempt, state, reason, abort_reason, "
      "wake_at, started_at, deadline) VALUES ('checkout', ?1, 'running', 0, 1, ?2, '', '', ?3, "
      "?3, ?3)"};
  RawStatement answer_{database_,
                       "INSERT INTO banyan_answer (principal, key, fingerprint, type, answer, age) "
                       "VALUES ('', ?1, ?2, 'orders.order_accepted.v1', ?3, ?4)"};
  RawStatement note_{
      database_,
      "INSERT INTO banyan_saga_history (saga, n, at, step, outcome, detail) VALUES (?1, ?2, ?3, "
      "'authorise payment', 'done', '')"};
  RawStatement advance_{
      database_, "UPDATE banyan_saga SET step = ?2, attempt = 1, wake_at = ?3, state = ?4 WHERE n = ?1"};
  RawStatement complete_{database_, "UPDATE banyan_saga SET status = 'completed' WHERE n = ?1"};
  RawStatement confirm_{database_,
                        "UPDATE orders_order SET status = 'confirmed', version = version + 1, currency = "
                        "'EUR', total_minor = 4000, carrier = 'standard', payment_id = ?2, shipment_id = ?3, "
                        "tracking_number = 'ST0123456789', changed_at = ?4 WHERE order_id = ?1"};
  RawStatement price_{
      database_,
      "UPDATE orders_line SET price_minor = 1000, total_minor = 2000 WHERE order_id = ?1 AND line = ?2"};
};

class Inventory : public Store {
 public:
  using Store::Store;

  void reserve(const Ids& ids, std::int64_t now) {
    reservation_(ids.order, customer_, now);
    for (std::int64_t line = 0; line < lines_per_order; ++line) {
      const Uuid& product = product_of(ids, line);
      line_(ids.order, line, product);
      hold_(product);
    }
    emit(reserved_, now);
  }
  void sell(const Ids& ids, std::int64_t now) {
    consume_(ids.order, now);
    for (std::int64_t line = 0; line < lines_per_order; ++line) sell_(product_of(ids, line));
  }

 private:
  const Uuid& product_of(const Ids& ids, std::int64_t line) const {
    const auto chance = std::to_integer<std::size_t>(ids.order.bytes.back());
    return products_[(chance + static_cast<std::size_t>(line)) % products_.size()];
  }

  const Message reserved_ = message("inventory.stock_reserved.v1");
  const Uuid customer_ = database_.uuid("SELECT customer_id FROM inventory_reservation");
  const std::vector<Uuid> products_ = database_.uuids("SELECT product_id FROM inventory_product");

  RawStatement reservation_{
      database_,
      "INSERT INTO inventory_reservation (order_id, customer_id, state, expires_at, changed_at) VALUES (?1, "
      "?2, 'held', ?3, ?3)"};
  RawStatement line_{database_,
                     "INSERT INTO inventory_reservation_line (order_id, line, product_id, quantity, "
                     "price_minor, currency) VALUES (?1, ?2, ?3, 2, 1000, 'EUR')"};
  RawStatement hold_{database_,
                     "UPDATE inventory_stock SET available = available - 2, reserved = reserved + 2 "
                     "WHERE product_id = ?1"};
  RawStatement consume_{
      database_, "UPDATE inventory_reservation SET state = 'consumed', changed_at = ?2 WHERE order_id = ?1"};
  RawStatement sell_{database_,
                     "UPDATE inventory_stock SET reserved = reserved - 2, sold = sold + 2 "
                     "WHERE product_id = ?1"};
};

class Payments : public Store {
 public:
  using Store::Store;

  void authorise(const Ids& ids, std::int64_t now) {
    payment_(ids.payment, ids.order, customer_, reference_, now);
    emit(authorised_, now);
  }
  void capture(const Ids& ids, std::int64_t now) {
    capture_(ids.order, now);
    invoice_(ids.key, ids.order, ids.payment, customer_, now);
    emit(captured_, now);
    emit(issued_, now);
    emit(receipt_, now);
  }

 private:
  const Message authorised_ = message("payments.payment_authorised.v1");
  const Message captured_ = message("payments.payment_captured.v1");
  const Message issued_ = message("payments.invoice_issued.v1");
  const Message receipt_ = message("payments.capture_receipt.v1");
  const Uuid customer_ = database_.uuid("SELECT customer_id FROM payments_payment");
  const std::string reference_ = database_.text("SELECT provider_reference FROM payments_payment");

  RawStatement payment_{
      database_,
      "INSERT INTO payments_payment (payment_id, version, order_id, customer_id, state, amount_minor, "
      "currency, provider, provider_reference, authorised_at, changed_at) VALUES (?1, 1, ?2, ?3, "
      "'authorised', 4000, 'EUR', 'built_in', ?4, ?5, ?5)"};
  RawStatement capture_{
      database_,
      "UPDATE payments_payment SET state = 'captured', version = version + 1, captured_at = ?2, changed_at = "
      "?2 WHERE order_id = ?1"};
  RawStatement invoice_{
      database_,
      "INSERT INTO payments_invoice (invoice_id, order_id, payment_id, customer_id, total_minor, currency, "
      "issued_at) VALUES (?1, ?2, ?3, ?4, 4000, 'EUR', ?5)"};
};

class Shipping : public Store {
 public:
  using Store::Store;

  void create(const Ids& ids, std::int64_t now) {
    shipment_(ids.shipment, ids.order, customer_);
    tracking_(ids.shipment, now);
    emit(created_, now);
  }
  void release(const Ids& ids) { release_(ids.order); }

 private:
  const Message created_ = message("shipping.shipment_created.v1");
  const Uuid customer_ = database_.uuid("SELECT customer_id FROM shipping_shipment");

  RawStatement shipment_{
      database_,
      "INSERT INTO shipping_shipment (shipment_id, version, order_id, customer_id, carrier, tracking_number, "
      "state, units, name, street, city, postal_code, country, is_released) VALUES (?1, 1, ?2, ?3, "
      "'standard', 'ST0123456789', 'created', 4, 'Maria Anders', 'Obere Str. 57', 'Berlin', '12209', "
      "'Germany', 0)"};
  RawStatement release_{database_, "UPDATE shipping_shipment SET is_released = 1 WHERE order_id = ?1"};
  RawStatement tracking_{
      database_,
      "INSERT INTO shipping_tracking (shipment_id, entry, state, at) VALUES (?1, 1, 'created', ?2)"};
};

}  // namespace

struct RawSagas::Parts {
  /// One stage of a saga: in which store, after whose message, and what it writes.
  struct Stage {
    Store* store;
    std::string_view producer;
    std::function<void(Ids&, std::int64_t now)> write;
  };
  struct Batch {
    std::vector<Ids> sagas;
    std::size_t stage = 0;
  };

  explicit Parts(std::unique_ptr<Shop> of) : shop(std::move(of)) {}

  const std::unique_ptr<Shop> shop;
  Orders orders{shop->directory_of("orders")};
  Inventory inventory{shop->directory_of("inventory")};
  Payments payments{shop->directory_of("payments")};
  Shipping shipping{shop->directory_of("shipping")};
  SystemClock clock;
  SystemRandom random;
  IdSource ids{clock, random};
  const std::vector<Stage> stages{
      {&orders, "", [this](Ids& saga, auto now) { orders.place(saga, now); }},
      {&inventory, "orders", [this](Ids& saga, auto now) { inventory.reserve(saga, now); }},
      {&orders, "inventory", [this](Ids& saga, auto now) { orders.reserved(saga, now); }},
      {&payments, "orders", [this](Ids& saga, auto now) { payments.authorise(saga, now); }},
      {&orders, "payments", [this](Ids& saga, auto now) { orders.authorised(saga, now); }},
      {&shipping, "orders", [this](Ids& saga, auto now) { shipping.create(saga, now); }},
      {&orders, "shipping", [this](Ids& saga, auto now) { orders.shipped(saga, now); }},
      {&payments, "orders", [this](Ids& saga, auto now) { payments.capture(saga, now); }},
      {&orders, "payments", [this](Ids& saga, auto now) { orders.captured(saga, now); }},
      {&inventory, "orders", [this](Ids& saga, auto now) { inventory.sell(saga, now); }},
      {&shipping, "orders", [this](Ids& saga, auto) { shipping.release(saga); }}};

  // Which batches wait for their next stage, and whose store is at work.
  std::mutex mutex;
  std::condition_variable changed;
  std::list<Batch> waiting;   // guarded by mutex
  std::vector<Store*> busy;   // guarded by mutex
  std::size_t not_begun = 0;  // sagas; guarded by mutex
  std::size_t under_way = 0;  // batches; guarded by mutex

  Batch new_batch(std::size_t size) {
    Batch batch;
    for (std::size_t i = 0; i < size; ++i) {
      batch.sagas.push_back({ids.next(), ids.next(), ids.next(), ids.next()});
    }
    return batch;
  }

  void run_stage(Batch& batch) {
    const Stage& stage = stages[batch.stage];
    const auto now = clock.utc().time_since_epoch().count();
    stage.store->begin();
    for (Ids& saga : batch.sagas) stage.write(saga, now);
    stage.store->commit(stage.producer);
    ++batch.stage;
  }

  bool is_free(const Batch& batch) const {
    return std::find(busy.begin(), busy.end(), stages[batch.stage].store) == busy.end();
  }

  /// One thread's part: whichever batch finds its store free goes on.
  void work(std::size_t batch_size) {
    std::unique_lock lock{mutex};
    for (;;) {
      auto next = std::find_if(waiting.begin(), waiting.end(), [&](const Batch& b) { return is_free(b); });
      if (next == waiting.end() && not_begun > 0 && under_way < batches_under_way) {
        const std::size_t size = std::min(batch_size, not_begun);
        not_begun -= size;
        ++under_way;
        waiting.push_back(new_batch(size));
        continue;
      }
      if (next == waiting.end()) {
        if (under_way == 0) return;
        changed.wait(lock);
        continue;
      }
      Batch batch = std::move(*next);
      waiting.erase(next);
      Store* const store = stages[batch.stage].store;
      busy.push_back(store);
      lock.unlock();
      run_stage(batch);
      lock.lock();
      std::erase(busy, store);
      if (batch.stage == stages.size()) {
        --under_way;
      } else {
        waiting.push_back(std::move(batch));
      }
      changed.notify_all();
    }
  }
};

RawSagas::RawSagas() {
  auto shop = std::make_unique<Shop>();
  shop->check_out(1, 1);
  shop->close();
  parts_ = std::make_unique<Parts>(std::move(shop));
}

RawSagas::~RawSagas() = default;

void RawSagas::run_batches(std::size_t count, std::size_t batch) {
  parts_->not_begun = count;
  std::jthread other{[&] { parts_->work(batch); }};
  parts_->work(batch);
}

void RawSagas::run_one() {
  Parts::Batch batch = parts_->new_batch(1);
  while (batch.stage + 1 < parts_->stages.size()) parts_->run_stage(batch);  // the sale is after the fact
}

}  // namespace banyan::bench
