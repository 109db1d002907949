#include "close_reservation.hpp"
#include "use_cases.hpp"

namespace shop::inventory {

Result<StockReleaseResult> release_stock(Tx& tx, const ReleaseStock& command, const Context& context) {
  return StockReleaseResult{.order_id = command.order_id,
                            .units = close_reservation(tx, command.order_id, context.now)};
}

}  // namespace shop::inventory
