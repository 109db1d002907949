#pragma once
#include <optional>
#include <string>

#include "banyan/module/module.hpp"
#include "courier.hpp"
#include "shop/notifications/patience.hpp"

namespace shop::notifications {

using banyan::Tx;
using banyan::View;

/// A notification that the sender has not taken, and that is handed to it again.
struct Waiting {
  banyan::Age since{};
  std::int64_t attempts = 0;  ///< That were made.
  banyan::Duration delay{};   ///< After the latest deferral; zero: there was none.
  banyan::Age next_at{};
  std::string answer{};
};

std::optional<Waiting> find_waiting(View& view, const banyan::Uuid& notification_id);
std::int64_t count_waiting(View& view);

/// How a notification that was not taken goes on; `before` is how it waited so far. Nothing: it is given up.
std::optional<Waiting> next_attempt(const std::optional<Waiting>& before, const Handover& handover,
                                    const Patience& patience, banyan::Age now);

/// No more may wait than do now.
bool is_full(View& view, const Patience& patience);
void wait(Tx& tx, const banyan::Uuid& notification_id, std::size_t bytes, const Waiting& waiting);
void stop_waiting(Tx& tx, const banyan::Uuid& notification_id);

/// Sends the commands that hand over what is due: a few at a time, so that new notifications are not behind
/// all of them, and a single one while nobody knows whether the sender is in reach.
void ask_again(Tx& tx, const Courier& courier, const banyan::Context& context);

}  // namespace shop::notifications
