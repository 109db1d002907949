#include "reply_queue.hpp"

#include <utility>

namespace banyan::http {
bool ReplyQueue::push(std::unique_ptr<Reply> reply) {
  Reply* top = top_.load(std::memory_order_relaxed);
  do {
    if (top == &closed_) return false;
    reply->next = top;
  } while (
      !top_.compare_exchange_weak(top, reply.get(), std::memory_order_release, std::memory_order_relaxed));
  static_cast<void>(reply.release());  // the queue has it
  return top == nullptr;
}

Reply* ReplyQueue::take_all() {
  Reply* stack = top_.exchange(nullptr, std::memory_order_acquire);
  Reply* in_order = nullptr;
  while (stack != nullptr) {
    Reply* const below = std::exchange(stack->next, in_order);
    in_order = std::exchange(stack, below);
  }
  return in_order;
}

void ReplyQueue::close() {
  Reply* reply = top_.exchange(&closed_, std::memory_order_acquire);
  if (reply == &closed_) return;
  while (reply != nullptr) {
    const std::unique_ptr<Reply> dropped{reply};
    reply = dropped->next;
  }
}

}  // namespace banyan::http
