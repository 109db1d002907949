#pragma once
#include <boost/asio.hpp>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace shop::notifications {

/// The server's answers to one kind of line: one answer after the other, the last one from then on. "drop"
/// ends the connection, an empty one says nothing.
struct Answers : std::vector<std::string> {
  Answers(const char* always) : std::vector<std::string>{always} {}
  Answers(std::initializer_list<const char*> one_after_the_other)
      : std::vector<std::string>(one_after_the_other.begin(), one_after_the_other.end()) {}
};

/// A mail server on the loopback that notes what clients say, and answers as it is told. It serves one client
/// after the other, each on the same thread, until it is destroyed.
class MailServer {
 public:
  /// `answers`: what to say instead of the usual to a line that begins with the key; to "" when a client
  /// comes.
  explicit MailServer(std::map<std::string, Answers> answers = {})
      : answers_(std::move(answers)), thread_([this] { serve(); }) {}

  ~MailServer() {
    stopping_ = true;
    boost::asio::io_context io;
    boost::asio::ip::tcp::socket{io}.connect(acceptor_.local_endpoint());
    thread_.join();
  }

  std::string url() const { return "smtp://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }

  /// After the sender that talked to it is gone.
  const std::vector<std::string>& commands() const { return commands_; }
  const std::string& message() const { return message_; }

 private:
  using Socket = boost::asio::ip::tcp::socket;

  void serve() {
    while (!stopping_) {
      boost::system::error_code closed;
      Socket socket{io_};
      acceptor_.accept(socket, closed);
      if (!closed && !stopping_) talk(socket);
    }
  }

  void talk(Socket& socket) {
    boost::asio::streambuf buffer;
    if (!say(socket, greeting())) return;
    for (std::string line; next_line(socket, buffer, line);) {
      commands_.push_back(line);
      const std::string answer = answer_to(line);
      if (!say(socket, answer) || line == "QUIT") return;
      if (answer.starts_with("354")) {
        message_.clear();
        while (next_line(socket, buffer, line) && line != ".") message_ += line + "\n";
        if (!say(socket, answer_to("."))) return;
      }
    }
  }

  std::string greeting() {
    const auto own = answers_.find("");
    return own == answers_.end() ? "220 test" : next_of(own->second);
  }

  std::string answer_to(const std::string& line) {
    for (auto& [start, answers] : answers_) {
      if (!start.empty() && line.starts_with(start)) return next_of(answers);
    }
    if (line == "DATA") return "354 go on";
    return line == "QUIT" ? "221 bye" : "250 ok";
  }

  static std::string next_of(Answers& answers) {
    const std::string next = answers.front();
    if (answers.size() > 1) answers.erase(answers.begin());
    return next;
  }

  /// False if the connection is over.
  static bool say(Socket& socket, const std::string& line) {
    if (line == "drop") return false;
    boost::system::error_code closed;
    if (!line.empty()) boost::asio::write(socket, boost::asio::buffer(line + "\r\n"), closed);
    return !closed;
  }

  static bool next_line(Socket& socket, boost::asio::streambuf& buffer, std::string& line) {
    boost::system::error_code closed;
    boost::asio::read_until(socket, buffer, "\r\n", closed);
    if (closed) return false;
    std::istream stream{&buffer};
    std::getline(stream, line);
    line.pop_back();
    return true;
  }

  std::map<std::string, Answers> answers_;
  std::vector<std::string> commands_;
  std::string message_;
  std::atomic<bool> stopping_ = false;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_{io_, {boost::asio::ip::address_v4::loopback(), 0}};
  std::thread thread_;
};

}  // namespace shop::notifications
