#pragma once
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <semaphore>
#include <string>
#include <utility>
#include <vector>

#include "bench.hpp"
#include "broker.hpp"

namespace banyan::bench {

inline constexpr std::size_t calls_in_flight = 256;

/// How long a call takes, made `count` times one after the other.
template <class Call>
double median_microseconds(std::size_t count, Call call) {
  using Steady = std::chrono::steady_clock;
  std::vector<Steady::duration> took;
  for (std::size_t i = 0; i < count; ++i) {
    const auto start = Steady::now();
    call();
    took.push_back(Steady::now() - start);
  }
  const auto middle = took.begin() + static_cast<std::ptrdiff_t>(took.size() / 2);
  std::nth_element(took.begin(), middle, took.end());
  return std::chrono::duration<double, std::micro>{*middle}.count();
}

/// Request and reply with bare cnats.
class RawCalls {
 public:
  RawCalls(const Broker& broker, bool sends_at_once)
      : subject_(sends_at_once ? "raw.at_once" : "raw.buffered"),
        callee_(broker.open_raw(sends_at_once)),
        caller_(broker.open_raw(sends_at_once)) {
    succeed(natsConnection_Subscribe(&echo_, callee_.get(), subject_, on_request, nullptr));
    succeed(natsConnection_Flush(callee_.get()));
  }
  ~RawCalls() {
    natsSubscription_Destroy(echo_);
    natsSubscription_Destroy(answers_);
  }
  RawCalls(const RawCalls&) = delete;
  RawCalls& operator=(const RawCalls&) = delete;

  double microseconds(std::size_t count) {
    return median_microseconds(count, [this] {
      natsMsg* answer = nullptr;
      succeed(natsConnection_Request(&answer, caller_.get(), subject_, body_.data(),
                                     static_cast<int>(body_.size()), 10'000));
      natsMsg_Destroy(answer);
    });
  }

  double calls_per_second(std::size_t count) {
    begun_ = 0;
    open_ = count;
    total_ = count;
    succeed(natsConnection_Subscribe(&answers_, caller_.get(), "answers", on_answer, this));
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < std::min(calls_in_flight, count); ++i) ask();
    all_.acquire();
    const double calls = rate(count, start);
    natsSubscription_Destroy(std::exchange(answers_, nullptr));
    return calls;
  }

 private:
  static void on_request(natsConnection* connection, natsSubscription*, natsMsg* request, void*) {
    succeed(natsConnection_Publish(connection, natsMsg_GetReply(request), natsMsg_GetData(request),
                                   natsMsg_GetDataLength(request)));
    natsMsg_Destroy(request);
  }

  static void on_answer(natsConnection*, natsSubscription*, natsMsg* answer, void* raw) {
    natsMsg_Destroy(answer);
    auto& self = *static_cast<RawCalls*>(raw);
    self.ask();
    if (--self.open_ == 0) self.all_.release();
  }

  void ask() {
    if (begun_++ >= total_) return;
    succeed(natsConnection_PublishRequest(caller_.get(), subject_, "answers", body_.data(),
                                          static_cast<int>(body_.size())));
  }

  const char* const subject_;
  const std::string body_ = std::string(200, 'x');
  RawConnection callee_;
  RawConnection caller_;
  natsSubscription* echo_ = nullptr;
  natsSubscription* answers_ = nullptr;
  std::size_t total_ = 0;
  std::atomic<std::size_t> begun_{0};
  std::atomic<std::size_t> open_{0};
  std::binary_semaphore all_{0};
};

}  // namespace banyan::bench
