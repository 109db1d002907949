#pragma once
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "banyan/nats/connection.hpp"
#include "banyan/telemetry/log_sinks.hpp"
#include "banyan/testing/nats_server.hpp"

namespace banyan::nats {

inline constexpr std::chrono::seconds patience{30};

/// The value that a callback gives, for a test that waits for it.
template <class T>
class Awaited {
 public:
  /// The callback. Only its first call counts.
  std::function<void(T)> setter() {
    return [state = state_](T value) {
      if (!std::exchange(state->is_set, true)) state->promise.set_value(std::move(value));
    };
  }
  T get() {
    if (future_.wait_for(patience) != std::future_status::ready) throw std::runtime_error("nothing came");
    return future_.get();
  }

 private:
  struct State {
    std::promise<T> promise;
    bool is_set = false;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
  std::future<T> future_ = state_->promise.get_future();
};

/// A connection and what it needs.
class Peer {
 public:
  explicit Peer(const ConnectionOptions& options) : connection_(open(options)) {}
  explicit Peer(const std::string& url) : Peer(options_for(url)) {}

  static ConnectionOptions options_for(const std::string& url) {
    ConnectionOptions options;
    options.name = "test";
    options.url = url;
    options.reconnect_min = std::chrono::milliseconds{5};
    options.reconnect_max = std::chrono::milliseconds{50};
    return options;
  }

  Connection& operator*() { return *connection_; }
  Connection* operator->() { return connection_.get(); }

  /// Waits until it is in this state. No macro of Boost.Test in callbacks: they have a thread of their own.
  void await(State wanted) {
    Awaited<State> reached;
    connection_->on_state([set = reached.setter(), wanted](State state) {
      if (state == wanted) set(state);
    });
    reached.get();
  }
  /// Waits until the server has done what was sent before: it takes a request that nobody answers.
  void settle() { static_cast<void>(request("settle", {})); }

  /// Waits until it knows why it can't connect.
  Error await_trouble() {
    for (;;) {
      if (auto trouble = connection_->trouble()) return std::move(*trouble);
      std::this_thread::yield();
    }
  }

  Result<Message> request(std::string_view subject, std::string data,
                          Duration timeout = std::chrono::seconds{5}) {
    Awaited<Result<Message>> answer;
    connection_->request(Subject::parse(subject).value(), {}, std::move(data), timeout, answer.setter());
    return answer.get();
  }

  void echo(std::string_view subject, std::string group = {}) {
    const auto subscribed = connection_->subscribe(subject, std::move(group), [this](const Message& request) {
      static_cast<void>(connection_->respond(request, request.headers, request.data));
    });
    BOOST_REQUIRE(subscribed.ok());
    settle();
  }

  std::vector<std::string> log() const { return lines_.lines(); }

 private:
  std::unique_ptr<Connection> open(const ConnectionOptions& options) {
    auto opened = Connection::open(options, clock_, random_, log_);
    if (!opened.ok()) throw std::runtime_error(opened.error().reason() + ": " + opened.error().detail());
    return std::move(opened).value();
  }

  SystemClock clock_;
  SystemRandom random_;
  telemetry::CapturedLog lines_;
  telemetry::Log log_{lines_, clock_, "test", telemetry::Level::debug};
  std::unique_ptr<Connection> connection_;
};

}  // namespace banyan::nats
