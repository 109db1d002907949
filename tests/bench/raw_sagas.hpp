#pragma once
#include <cstddef>
#include <memory>

namespace banyan::bench {

/// The checkout as bare C++: the statements that one order's saga comes to in the databases of orders,
/// inventory, payments and shipping, with the texts that a real checkout has left there, and no messages.
class RawSagas {
 public:
  /// Lets a shop check one order out, and writes to the stores that it leaves.
  RawSagas();
  ~RawSagas();

  /// Two threads take `count` sagas through their stages, `batch` sagas a commit and stage.
  void run_batches(std::size_t count, std::size_t batch);

  /// One saga from its start to the confirmed order, one commit after the other.
  void run_one();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace banyan::bench
