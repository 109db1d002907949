// runtime/http alone, doing what bench_raw_http does, so that the two can be compared.
// usage: bench_http PORT THREADS [BYTES] [later]
//   later: another thread gives the answers, as a module's actor would.
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/http/server.hpp"

namespace {

using namespace banyan;

class Documents final : public http::Handler {
 public:
  Documents(std::size_t bytes, bool later) : document_(bytes, 'x') {
    if (later) answering_ = std::jthread{[this](const std::stop_token& stop) { answer_waiting(stop); }};
  }

  void on_request(http::Request request, http::Responder respond) override {
    if (!answering_.joinable()) return respond(answer(request));
    const std::lock_guard lock{mutex_};
    waiting_.emplace_back(std::move(request), std::move(respond));
    if (waiting_.size() == 1) arrived_.notify_one();
  }

 private:
  http::Response answer(const http::Request& request) const {
    int status = 200;
    if (request.method == "POST") {
      status = nlohmann::json::parse(request.body, nullptr, false).is_discarded() ? 400 : 202;
    }
    return {status, {{"Content-Type", "application/json"}}, document_};
  }

  void answer_waiting(const std::stop_token& stop) {
    std::vector<std::pair<http::Request, http::Responder>> batch;
    while (!stop.stop_requested()) {
      {
        std::unique_lock lock{mutex_};
        arrived_.wait(lock, stop, [this] { return !waiting_.empty(); });
        batch.swap(waiting_);
      }
      for (const auto& [request, respond] : batch) respond(answer(request));
      batch.clear();
    }
  }

  const std::string document_;
  std::mutex mutex_;
  std::condition_variable_any arrived_;
  std::vector<std::pair<http::Request, http::Responder>> waiting_;
  std::jthread answering_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: bench_http PORT THREADS [BYTES] [later]\n");
    return 2;
  }
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  const SystemClock clock;
  Documents documents{argc > 3 ? std::stoul(argv[3]) : 200, argc > 4};
  http::Server server{
      documents,
      clock,
      {.port = static_cast<std::uint16_t>(std::stoi(argv[1])), .threads = std::stoi(argv[2])}};
  if (const auto started = server.start(); !started.ok()) {
    std::fprintf(stderr, "%s\n", started.error().detail().c_str());
    return 1;
  }
  int signal = 0;
  sigwait(&signals, &signal);
  server.drain(std::chrono::seconds{5});
}
