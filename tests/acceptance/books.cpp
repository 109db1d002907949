#include "books.hpp"

#include <set>
#include <stdexcept>

namespace acceptance {

using shop::rest::Shop;
using std::string;

namespace {

template <class T>
T value_of(banyan::Result<T> result) {
  if (result.ok()) return std::move(result).value();
  throw std::runtime_error(result.error().reason() + ": " + result.error().detail());
}

/// The traces of an order in the modules around it.
struct Traces {
  string reservation;
  string told;  ///< The notifications, in the order of the alphabet.
};

Traces traces_of(const Outcome& outcome) {
  if (outcome.is_confirmed()) return {"consumed", "invoice_issued order_confirmed "};
  if (outcome.cancel_code == out_of_stock) return {"none", "order_cancelled "};
  return {"released", "order_cancelled stock_released "};
}

/// Compares one view of the shop after the other.
class Audit {
 public:
  Audit(const Stream& stream, const Count& count, const Replay& replay)
      : stream_(stream), count_(count), replay_(replay), shop_(replay.connect()) {
    for (std::size_t i = 0; i < replay.placed().size(); ++i) index_[replay.placed()[i].order_id] = i;
    if (index_.size() != stream.orders.size()) note("two orders have one id");
  }

  std::vector<string> run() {
    compare_orders();
    compare_lists_of_orders();
    compare_stock();
    compare_reservations();
    compare_payments();
    compare_invoices();
    compare_shipments();
    compare_notifications();
    compare_health();
    return std::move(differences_);
  }

 private:
  void note(string difference) { differences_.push_back(std::move(difference)); }

  void expect(const string& what, std::int64_t is, std::int64_t should_be) {
    if (is != should_be) note(what + " is " + std::to_string(is) + ", not " + std::to_string(should_be));
  }
  void expect(const string& what, const string& is, const string& should_be) {
    if (is != should_be) note(what + " is '" + is + "', not '" + should_be + "'");
  }

  string name_of(std::size_t index) const { return "order " + std::to_string(stream_.orders[index].id); }

  /// Calls `compare` with the one item of each confirmed order; notes items too few, too many, of others.
  template <class Item, class Compare>
  void each_confirmed_has_one(const char* kind, const std::vector<Item>& items, Compare compare) {
    std::vector<int> found(stream_.orders.size());
    for (const Item& item : items) {
      const auto at = index_.find(item.order_id);
      if (at == index_.end()) {
        note(string{kind} + " of the unknown order " + item.order_id);
        continue;
      }
      ++found[at->second];
      compare(name_of(at->second) + "'s " + kind, item, at->second);
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
      expect("the number of " + name_of(i) + "'s " + kind + "s", found[i],
             count_.outcomes[i].is_confirmed() ? 1 : 0);
    }
  }

  void compare_orders();
  void compare_lists_of_orders();
  void compare_stock();
  void compare_reservations();
  void compare_payments();
  void compare_invoices();
  void compare_shipments();
  void compare_notifications();
  void compare_health();

  const Stream& stream_;
  const Count& count_;
  const Replay& replay_;
  Shop shop_;
  std::map<string, std::size_t> index_;  ///< Of the stream's orders, by the shop's id.
  std::vector<string> differences_;
};

void Audit::compare_orders() {
  for (std::size_t i = 0; i < stream_.orders.size(); ++i) {
    const auto& placed = replay_.placed()[i];
    const auto order = value_of(shop_.order(placed.order_id));
    const bool is_confirmed = count_.outcomes[i].is_confirmed();
    const string should_be = is_confirmed ? "confirmed" : "cancelled";
    expect(name_of(i) + "'s first outcome", placed.order.status, should_be);
    expect(name_of(i) + "'s status", order.status, should_be);
    expect(name_of(i) + "'s cancel_code", order.cancel_code.value_or(""), count_.outcomes[i].cancel_code);
    expect(name_of(i) + "'s reference", order.reference.value_or(""), std::to_string(stream_.orders[i].id));
    if (is_confirmed) {
      expect(name_of(i) + "'s total", order.total.value_or(banyan::Money{}).amount_minor,
             count_.outcomes[i].total_cents);
    }
  }
}

void Audit::compare_lists_of_orders() {
  std::vector<int> found(stream_.orders.size());
  for (const auto& [name, customer_id] : replay_.customer_ids()) {
    for (const auto& order : value_of(shop_.orders_of(customer_id))) {
      const auto at = index_.find(order.order_id);
      if (at == index_.end()) {
        note("customer " + name + " has an order that nobody knows: " + order.order_id);
        continue;
      }
      ++found[at->second];
      expect(name_of(at->second) + "'s customer", stream_.orders[at->second].customer_id, name);
    }
  }
  for (std::size_t i = 0; i < found.size(); ++i) expect("the number of " + name_of(i), found[i], 1);
}

void Audit::compare_stock() {
  const auto products = value_of(shop_.products());
  expect("the number of products", std::ssize(products), std::ssize(stream_.products));
  for (const auto& product : products) {
    const Stock& stock = count_.stock.at(std::stoll(product.sku));
    expect("what is available of product " + product.sku, product.available, stock.available);
    expect("what is reserved of product " + product.sku, product.reserved, 0);
    expect("what is sold of product " + product.sku, product.sold, stock.sold);
  }
}

void Audit::compare_reservations() {
  for (const auto& [order_id, i] : index_) {
    const auto reservation = shop_.reservation(order_id);
    const bool is_none = !reservation.ok() && reservation.error().code() == banyan::Errc::not_found;
    const string state = is_none ? "none" : value_of(reservation).state;
    expect(name_of(i) + "'s reservation", state, traces_of(count_.outcomes[i]).reservation);
  }
}

void Audit::compare_payments() {
  const auto payments = value_of(shop_.payments());
  std::int64_t captured = 0;
  each_confirmed_has_one("payment", payments, [&](const string& what, const auto& payment, std::size_t i) {
    expect(what + "'s state", payment.state, "captured");
    expect(what, payment.amount.amount_minor, count_.outcomes[i].total_cents);
    expect(what + "'s refunds", payment.refunded.amount_minor, 0);
    captured += payment.amount.amount_minor;
  });
  expect("captured money", captured, count_.cents());
}

void Audit::compare_invoices() {
  auto invoices = value_of(shop_.invoices());
  std::int64_t invoiced = 0;
  each_confirmed_has_one("invoice", invoices, [&](const string& what, const auto& invoice, std::size_t i) {
    expect(what, invoice.total.amount_minor, count_.outcomes[i].total_cents);
    invoiced += invoice.total.amount_minor;
  });
  expect("invoiced money", invoiced, count_.cents());
  std::int64_t number = 0;
  for (const auto& invoice : invoices) expect("the number of the next invoice", invoice.number, ++number);
}

void Audit::compare_shipments() {
  const auto shipments = value_of(shop_.shipments());
  std::int64_t units = 0;
  each_confirmed_has_one("shipment", shipments, [&](const string& what, const auto& shipment, std::size_t i) {
    expect(what + "'s state", shipment.state, "created");
    expect(what + "'s units", shipment.units, count_.outcomes[i].units);
    units += shipment.units;
  });
  expect("shipped units", units, count_.units());
}

void Audit::compare_notifications() {
  std::map<string, std::multiset<string>> told;
  for (const auto& notification : value_of(shop_.notifications())) {
    expect("the state of a notification", notification.state, "sent");
    told[notification.order_id.value_or("")].insert(notification.template_name);
  }
  if (told.contains("")) note("a notification is about no order");
  for (const auto& [order_id, i] : index_) {
    string all;
    for (const string& name : told[order_id]) all += name + " ";
    expect("what is told about " + name_of(i), all, traces_of(count_.outcomes[i]).told);
  }
}

void Audit::compare_health() {
  const auto modules = replay_.health();
  expect("the number of modules that tell how they do", modules ? std::ssize(*modules) : 0, 6);
  for (const auto& module : modules.value_or(std::vector<shop::rest::ModuleHealth>{})) {
    expect(module.module + "'s status", module.status, "ok");
    expect(module.module + "'s dead letters", module.dead_letters, 0);
    expect(module.module + "'s parked messages", module.parked, 0);
  }
}

}  // namespace

std::vector<string> differences(const Stream& stream, const Count& count, const Replay& replay) {
  return Audit{stream, count, replay}.run();
}

}  // namespace acceptance
