#include <algorithm>

#include "banyan/saga/history.hpp"
#include "order_rows.hpp"
#include "shop/orders/reasons.hpp"
#include "use_cases.hpp"

namespace shop::orders {
namespace {

/// The most that the contract lets an order tell: one that can't be undone goes on for days.
constexpr std::size_t history_max = 1000;

std::optional<std::string> unless_empty(std::string text) {
  return text.empty() ? std::nullopt : std::optional{std::move(text)};
}

void add_saga(View& view, const char* saga, const banyan::Uuid& order_id,
              std::vector<HistoryEntry>& history) {
  for (auto& entry : banyan::saga::history(view, saga, order_id)) {
    history.push_back(
        {entry.at, std::move(entry.step), std::move(entry.outcome), unless_empty(std::move(entry.detail))});
  }
}

void add_own(View& view, const banyan::Uuid& order_id, std::vector<HistoryEntry>& history) {
  auto rows = view.query(
      "SELECT at, step, outcome, detail FROM orders_history WHERE order_id = ?1 ORDER BY entry", order_id);
  while (rows.next()) {
    history.push_back({rows.get<banyan::Timestamp>(0), rows.get<std::string>(1), rows.get<std::string>(2),
                       rows.get<std::optional<std::string>>(3)});
  }
}

std::vector<HistoryEntry> history_of(View& view, const Order& order) {
  std::vector<HistoryEntry> history{{.at = order.placed_at, .step = "place order", .outcome = "done"}};
  add_saga(view, "checkout", order.order_id, history);
  add_saga(view, "cancellation", order.order_id, history);
  add_own(view, order.order_id, history);
  std::stable_sort(history.begin(), history.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return history;
}

void keep_newest(std::vector<HistoryEntry>& history, std::size_t count) {
  if (history.size() <= count) return;
  history.erase(history.begin(), history.end() - static_cast<std::ptrdiff_t>(count));
}

}  // namespace

Result<Order> get_order(View& view, const GetOrder& query, const Context&) {
  auto order = find_order(view, query.order_id);
  if (!order) return reject(unknown_order, to_string(query.order_id));
  order->history = history_of(view, *order);
  order->version += std::ssize(order->history);  // a line of history is a change, too
  keep_newest(order->history, history_max);
  return *std::move(order);
}

}  // namespace shop::orders
