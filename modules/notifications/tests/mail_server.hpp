#pragma once
#include <boost/asio.hpp>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace shop::notifications {

/// A mail server on the loopback that notes what clients say, and answers as it is told. It serves one client
/// after the other, each on the same thread, until it is destroyed.
class MailServer {
 public:
  /// `answers`: what to say instead of the usual to a line that begins with the key; empty: nothing.
  explicit MailServer(std::map<std::string, std::string> answers = {})
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
    say(socket, "220 test");
    for (std::string line; next_line(socket, buffer, line);) {
      commands_.push_back(line);
      say(socket, answer_to(line));
      if (line == "QUIT") return;
      if (line == "DATA") {
        message_.clear();
        while (next_line(socket, buffer, line) && line != ".") message_ += line + "\n";
        say(socket, answer_to("."));
      }
    }
  }

  std::string answer_to(const std::string& line) const {
    for (const auto& [start, answer] : answers_) {
      if (line.starts_with(start)) return answer;
    }
    if (line == "DATA") return "354 go on";
    return line == "QUIT" ? "221 bye" : "250 ok";
  }

  static void say(Socket& socket, const std::string& line) {
    if (line.empty()) return;
    boost::system::error_code closed;
    boost::asio::write(socket, boost::asio::buffer(line + "\r\n"), closed);
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

  std::map<std::string, std::string> answers_;
  std::vector<std::string> commands_;
  std::string message_;
  std::atomic<bool> stopping_ = false;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_{io_, {boost::asio::ip::address_v4::loopback(), 0}};
  std::thread thread_;
};

}  // namespace shop::notifications
