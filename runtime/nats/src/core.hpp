#pragma once
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "banyan/nats/connection.hpp"
#include "requests.hpp"
#include "session.hpp"
#include "timers.hpp"

namespace banyan::nats {

/// A message on its way out.
struct Outgoing {
  std::string subject{};
  std::string reply{};
  Headers headers{};
  std::string data{};
  Connection::OnAnswer done{};  ///< Only of a request.
  Instant deadline = no_deadline;
  std::optional<Connection::Inbox> inbox{};
  Duration linger{0};
  std::size_t bytes = 0;
  std::optional<Requests::Id> request{};  ///< Once it is on the loop.
};

class Connection::Core final : public Session::Owner {
 public:
  Core(ConnectionOptions options, std::vector<ServerAddress> addresses, const Clock& clock, Random& random,
       telemetry::Log log);
  ~Core();

  // From any thread.
  void start();
  Status publish(Outgoing message);
  void request(Outgoing message, Duration timeout);
  void subscribe(Pattern pattern, std::string queue_group, OnMessage on_message);
  void stop_listening(std::function<void()> done);
  Inbox open_inbox(OnMessage on_message);
  void on_state(std::function<void(State)> on_state);
  void call(std::function<void()> call);
  void call_after(Duration delay, std::function<void()> call);
  Status reload_certificates();
  void close();

  State state() const noexcept { return state_; }
  std::optional<Error> trouble() const;
  ServerFacts server() const;

 private:
  using Task = std::variant<Outgoing, std::function<void()>>;
  struct Subscription {
    Pattern pattern;
    std::string queue_group;
    OnMessage on_message;
  };
  /// A session that takes nothing any more, but still gets answers.
  struct Retiring {
    std::shared_ptr<Session> session;
    Instant until;
  };

  std::optional<Error> refusal(const Outgoing& message) const;
  bool hand_over(Task&& task);
  void fail(OnAnswer done, const Error& why);

  // Everything below on the loop.
  void on_answer(std::uint64_t request, Message answer) override;
  void on_message(std::size_t subscription, Message message) override;
  void on_inbox(std::size_t inbox, Message message) override;
  void on_writable(Session& session) override;
  void on_refusal(std::string_view text) override;
  void on_lost(Session& session, const std::string& why) override;

  void take_over();
  void take(Outgoing message);
  void write(Outgoing message);
  void write_waiting();
  void drop(Outgoing& message, const Error& error);

  void connect();
  void connect_later();
  void on_attempt_end(Result<Established> result, int generation);
  void on_failure(const Error& error);
  std::shared_ptr<Session> make_session(Established established);
  void listen(Session& session);
  void fall_silent();
  void adopt(std::shared_ptr<Session> session);
  void announce(State state);

  void replace();
  void begin_switch();
  void finish_switch();
  void retire();
  void refuse_more();
  void shut_down();

  const ConnectionOptions options_;
  const std::vector<ServerAddress> addresses_;
  Random& random_;
  const telemetry::Log log_;

  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{loop_.get_executor()};
  std::thread thread_;

  mutable std::mutex mutex_;
  std::vector<Task> handed_over_;  // guarded by mutex_
  bool is_closed_ = false;         // guarded by mutex_
  std::optional<Error> trouble_;   // guarded by mutex_
  ServerFacts facts_;              // guarded by mutex_
  std::atomic<bool> is_closing_{false};
  std::atomic<State> state_{State::connecting};
  std::atomic<std::size_t> payload_max_{0};
  std::atomic<std::size_t> pending_bytes_{0};
  std::atomic<std::size_t> open_requests_{0};
  std::atomic<Inbox> last_inbox_{0};

  // Of the loop.
  Timers timers_;
  Requests requests_{timers_, random_};
  std::vector<Task> taken_;
  std::deque<Outgoing> waiting_;
  std::deque<Subscription> subscriptions_;
  std::deque<OnMessage> inboxes_;
  std::vector<std::function<void(State)>> on_state_;

  std::unique_ptr<Attempt> attempt_;
  std::size_t attempts_ = 0;      // all of them
  int failures_ = 0;              // in a row
  int generation_ = 0;            // of the certificates
  int connected_generation_ = 0;  // of next_, else of current_
  std::shared_ptr<Session> current_;
  Instant answers_until_{};        // of current_
  std::shared_ptr<Session> next_;  // connected with the new certificates
  bool is_replacing_ = false;
  bool is_listening_ = true;
  std::function<void()> on_silence_;
  bool is_held_ = false;  // nothing is written until next_ is current_
  std::vector<Retiring> retiring_;
};

}  // namespace banyan::nats
