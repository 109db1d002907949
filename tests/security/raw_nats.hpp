#pragma once
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// A client of nats-server that says what it likes: the protocol's lines over TLS, without any library's
/// care.
///
/// Threads: one. What takes longer than ten seconds, and the end of the connection, is thrown as
/// RawNats::Ended.
class RawNats {
 public:
  struct Files {
    std::string ca;
    std::string certificate;  ///< Empty: shows none.
    std::string key;
  };
  struct Message {
    std::string subject;
    std::string reply;
    std::string body;  ///< With the headers, if there are any.
  };
  /// With what the server said last.
  struct Ended : std::runtime_error {
    using std::runtime_error::runtime_error;
  };

  /// Up to the greeting of the server, without TLS.
  explicit RawNats(std::uint16_t port);
  /// All the way to an answered PING. Throws Ended if the server does not want it.
  RawNats(std::uint16_t port, const Files& files);
  /// As another server of the cluster "banyan", at the port where its servers meet, whose certificate has
  /// that name. Up to an answered PING; throws Ended if the server does not want it.
  static RawNats as_server(std::uint16_t port, const Files& files, const std::string& host);
  ~RawNats();
  RawNats(RawNats&&) noexcept;
  RawNats(const RawNats&) = delete;
  RawNats& operator=(const RawNats&) = delete;

  void start_tls(const Files& files, const std::string& host = "nats.banyan.internal");
  /// Introduces itself.
  void say_hello();

  void send(std::string_view bytes);
  void publish(std::string_view subject, std::string_view body = {}, std::string_view reply = {});
  void subscribe(std::string_view pattern);
  /// Returns when the server has done all that was sent.
  void flush();
  /// Reads one line of the server, and what belongs to it; waits for it.
  std::string read_one();

  /// The refusals of the server since the last call: its "-ERR" lines.
  std::vector<std::string> take_errors();
  /// The messages since the last call. flush() brings what was sent before by others, too.
  std::vector<Message> take_messages();
  /// Waits for the next message.
  Message next_message();

  /// The permissions that the server grants.
  bool may_publish(std::string_view subject);
  bool may_subscribe(std::string_view pattern);

  /// The serial number of the server's certificate, hexadecimal.
  std::string server_serial() const;
  /// True if the server has ended the connection; waits for that, up to `milliseconds`.
  bool is_ended_within(int milliseconds);

 private:
  struct Wire;
  explicit RawNats(std::unique_ptr<Wire> wire);
  std::string read_line();
  std::string read_bytes(std::size_t count);
  void fill();

  std::unique_ptr<Wire> wire_;
  std::string unread_;
  std::vector<std::string> errors_;
  std::vector<Message> messages_;
  int subscriptions_ = 0;
};

/// SHA-256 of the first certificate of that PEM in hexadecimal, as the server tells it of its clients. Throws
/// std::runtime_error if there is none.
std::string fingerprint_of(const std::string& pem);
