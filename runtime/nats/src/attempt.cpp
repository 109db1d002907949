#include "attempt.hpp"

#include <condition_variable>
#include <mutex>

namespace banyan::nats {
namespace {

Result<Established> connect(const ConnectionOptions& options, const ServerAddress& address,
                            boost::asio::io_context& waiting) {
  auto facts = ask_server(address, options.connect_timeout, waiting);
  if (!facts.ok()) return facts.error();
  auto wiring = std::make_unique<Wiring>();
  const auto how = make_options(options, address.url, *wiring);
  if (!how.ok()) return how.error();
  natsConnection* connection = nullptr;
  const natsStatus status = natsConnection_Connect(&connection, how.value().get());
  if (status != NATS_OK) return Error{Errc::unavailable, "nats.refused", describe(status)};
  return Established{std::move(wiring), ConnectionHandle{connection}, std::move(facts).value(), address.url};
}

}  // namespace

struct Attempt::Shared {
  boost::asio::io_context waiting;
  std::mutex mutex;
  std::condition_variable ended;
  OnEnd on_end;          // guarded by mutex
  bool is_over = false;  // guarded by mutex

  void end(Result<Established> result) {
    const std::lock_guard lock{mutex};
    if (on_end) on_end(std::move(result));
    is_over = true;
    ended.notify_all();
  }
};

Attempt::Attempt(const ConnectionOptions& options, const ServerAddress& address, OnEnd on_end)
    : shared_(std::make_shared<Shared>()) {
  shared_->on_end = std::move(on_end);
  thread_ = std::thread{[shared = shared_, options, address] {
    shared->end(connect(options, address, shared->waiting));
    nats_ReleaseThreadMemory();
  }};
}

Attempt::~Attempt() {
  if (!thread_.joinable()) return;
  shared_->waiting.stop();
  std::unique_lock lock{shared_->mutex};
  shared_->on_end = nullptr;
  const bool is_over = shared_->ended.wait_for(lock, patience, [this] { return shared_->is_over; });
  lock.unlock();
  if (is_over) {
    thread_.join();
  } else {
    thread_.detach();
  }
}

void Attempt::abandon() {
  const std::lock_guard lock{shared_->mutex};
  shared_->on_end = nullptr;
  thread_.detach();
}

}  // namespace banyan::nats
