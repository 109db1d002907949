#include "banyan/http/server.hpp"

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "places.hpp"
#include "worker.hpp"

namespace banyan::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// After "too many open files" or the like, until some may have been closed.
constexpr std::chrono::milliseconds accept_pause{100};

}  // namespace

class Server::Core {
 public:
  Core(Handler& handler, const Clock& clock, Options options)
      : options_(std::move(options)), workers_(make_workers(handler, clock)) {}

  Status start() {
    auto listener = Listener::open(options_.address, options_.port);
    return listener.ok() ? start(std::move(listener).value()) : listener.error();
  }

  Status start(Listener listener) {
    BANYAN_ASSERT(threads_.empty() && !acceptor_.is_open());
    port_ = listener.port();
    error_code error;
    acceptor_.assign(listener.is_v6() ? tcp::v6() : tcp::v4(), listener.release(), error);
    if (error) return Error{Errc::internal, "http.listen", error.message()};
    asio::co_spawn(acceptor_.get_executor(), accept(), asio::detached);
    running_ = workers_.size();
    for (const auto& worker : workers_) {
      threads_.emplace_back([this, worker] {
        worker->run();
        const std::lock_guard lock{mutex_};
        --running_;
        ended_.notify_one();
      });
    }
    return success();
  }

  std::uint16_t port() const noexcept { return port_; }
  std::size_t connections() const noexcept { return connection_count_; }
  std::uint64_t connections_refused() const noexcept { return places_->refused(); }

  std::size_t drain(Duration budget) {
    if (threads_.empty()) return 0;
    asio::post(acceptor_.get_executor(), [this] { stop_accepting(); });
    for (const auto& worker : workers_) worker->begin_drain();
    std::atomic<std::size_t> cut{0};
    std::unique_lock lock{mutex_};
    if (!ended_.wait_for(lock, budget, [this] { return running_ == 0; })) {
      for (const auto& worker : workers_) worker->cut(cut);
    }
    lock.unlock();
    for (auto& thread : threads_) thread.join();
    threads_.clear();
    return cut;
  }

 private:
  std::vector<std::shared_ptr<Worker>> make_workers(Handler& handler, const Clock& clock) {
    BANYAN_ASSERT(options_.threads > 0);
    std::vector<std::shared_ptr<Worker>> workers;
    for (int i = 0; i < options_.threads; ++i) {
      workers.push_back(std::make_shared<Worker>(handler, clock, options_, connection_count_));
    }
    return workers;
  }

  asio::awaitable<void> accept() {
    asio::steady_timer pause{acceptor_.get_executor()};
    error_code error;
    for (std::size_t turn = 0; acceptor_.is_open(); ++turn) {
      Worker& worker = *workers_[turn % workers_.size()];
      auto socket =
          co_await acceptor_.async_accept(worker.context(), asio::redirect_error(asio::use_awaitable, error));
      if (!error) {
        hand_over(std::move(socket), worker);
      } else if (acceptor_.is_open()) {
        pause.expires_after(accept_pause);
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
      }
    }
  }

  void hand_over(tcp::socket socket, Worker& worker) {
    error_code error;
    const tcp::endpoint peer = socket.remote_endpoint(error);
    if (error) return;  // it has gone already
    auto place = places_->take(peer.address());
    if (!place) return;
    asio::post(worker.context(), [&worker, socket = std::move(socket), place = *std::move(place)]() mutable {
      worker.adopt(std::move(socket), std::move(place));
    });
  }

  void stop_accepting() {
    error_code ignored;
    acceptor_.close(ignored);
  }

  const Options options_;
  const std::shared_ptr<Places> places_ =
      std::make_shared<Places>(options_.connections_per_client_max, options_.proxies);
  std::atomic<std::size_t> connection_count_{0};
  std::vector<std::shared_ptr<Worker>> workers_;
  tcp::acceptor acceptor_{workers_.front()->context()};
  std::uint16_t port_ = 0;

  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::size_t running_ = 0;  // guarded by mutex_
};

Server::Server(Handler& handler, const Clock& clock, Options options)
    : core_(std::make_unique<Core>(handler, clock, std::move(options))) {}

Server::~Server() { drain(Duration::zero()); }

Status Server::start() { return core_->start(); }
Status Server::start(Listener listener) { return core_->start(std::move(listener)); }
std::uint16_t Server::port() const noexcept { return core_->port(); }
std::size_t Server::connections() const noexcept { return core_->connections(); }
std::uint64_t Server::connections_refused() const noexcept { return core_->connections_refused(); }
std::size_t Server::drain(Duration budget) { return core_->drain(budget); }

}  // namespace banyan::http
