#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "attempt.hpp"
#include "socket.hpp"

namespace banyan::nats {

/// One established connection, until it is lost or closed. All on the loop, which does all of its reading and
/// writing: with TLS, cnats is not safe otherwise.
class Session final : public std::enable_shared_from_this<Session> {
 public:
  class Owner {
   public:
    virtual void on_answer(std::uint64_t request, Message answer) = 0;
    virtual void on_message(std::size_t subscription, Message message) = 0;
    virtual void on_inbox(std::size_t inbox, Message message) = 0;
    /// It has room again.
    virtual void on_writable(Session& session) = 0;
    /// The server has refused a subject: said once for each.
    virtual void on_refusal(std::string_view text) = 0;
    /// Not if it was closed.
    virtual void on_lost(Session& session, const std::string& why) = 0;

   protected:
    ~Owner() = default;
  };

  /// The subjects below which answers to requests come, and what comes to inboxes. Nobody can guess them, but
  /// who answers a request sees the first: it must tell nothing about the second.
  struct Subjects {
    std::string answers;
    std::string inboxes;
  };

  Session(boost::asio::io_context& loop, Established established, bool is_encrypted, const Subjects& subjects,
          Owner& owner);
  ~Session();

  void start();
  void subscribe(std::size_t subscription, const std::string& pattern, const std::string& queue_group);
  void open_inbox(std::size_t inbox);
  std::string answer_subject(std::uint64_t request) const;
  std::string inbox_subject(std::size_t inbox) const;

  /// True if it was taken over; it is written by flush().
  bool publish(const std::string& subject, const std::string& reply, const Headers& headers,
               const std::string& data);
  /// False if the peer reads too slowly; on_writable() follows.
  bool has_room();
  void flush();

  /// Calls `done` when the server has done all that was sent before, and all that it had sent before is
  /// delivered; with false if that doesn't happen soon.
  void confirm(std::function<void(bool)> done);
  /// Ends all subscriptions but the inboxes; what is under way to them is still delivered.
  void stop_listening();
  void close();

  const ServerFacts& facts() const noexcept { return facts_; }
  const std::string& url() const noexcept { return url_; }

 private:
  enum class Kind : std::uint8_t { subscription, inbox };
  struct Listener {
    Kind kind;
    std::size_t index;
    natsSubscription* subscription;
  };

  static void filter(natsConnection*, natsMsg** message, void* session);
  void listen(Kind kind, std::size_t index, const std::string& pattern, const std::string& queue_group);
  bool set_headers(natsMsg& message, const Headers& headers);
  bool is_open() const;
  void await_readable();
  void await_writable();
  void on_readable();
  void deliver();
  void deliver_answers();
  void deliver_to(const Listener& listener);
  void notice_refusal();
  bool notice_loss();

  boost::asio::io_context& loop_;
  std::unique_ptr<Wiring> wiring_;
  ConnectionHandle connection_;
  const ServerFacts facts_;
  const std::string url_;
  const std::string answers_;  // as inboxes_, ends with a dot
  const std::string inboxes_;
  Owner& owner_;

  boost::asio::posix::stream_descriptor descriptor_;
  Socket socket_;
  std::vector<Listener> listeners_;
  std::vector<MessageHandle> answered_;  // as the parser found them, not delivered yet
  std::vector<std::thread> confirming_;
  std::string header_lines_;  // of one message; kept for its memory
  std::string last_refusal_;
  bool is_blocked_ = false;
  bool is_over_ = false;
};

}  // namespace banyan::nats
