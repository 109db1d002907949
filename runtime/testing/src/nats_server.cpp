#include "banyan/testing/nats_server.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace banyan::testing {
namespace {

constexpr auto program = "/usr/sbin/nats-server";
constexpr int pause_milliseconds = 5;
constexpr int pauses_max = 12'000;

// A TCP socket of this machine's loopback address.
class LoopbackSocket {
 public:
  explicit LoopbackSocket(std::uint16_t port) {
    address_.sin_family = AF_INET;
    address_.sin_port = htons(port);
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  }
  ~LoopbackSocket() { ::close(file_); }
  LoopbackSocket(const LoopbackSocket&) = delete;
  LoopbackSocket& operator=(const LoopbackSocket&) = delete;

  bool connect() { return ::connect(file_, name(), sizeof address_) == 0; }
  std::uint16_t bind() {
    socklen_t size = sizeof address_;
    if (::bind(file_, name(), size) != 0 || ::getsockname(file_, name(), &size) != 0) {
      throw std::runtime_error("no free port");
    }
    return ntohs(address_.sin_port);
  }

 private:
  sockaddr* name() { return reinterpret_cast<sockaddr*>(&address_); }

  sockaddr_in address_{};
  int file_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

}  // namespace

std::uint16_t free_port() { return LoopbackSocket{0}.bind(); }

NatsServer::NatsServer(std::string configuration) : port_(free_port()) {
  configure(std::move(configuration));
  start();
}

NatsServer::~NatsServer() = default;

void NatsServer::configure(std::string configuration) {
  std::ofstream file{disk_.path() + "/nats.conf"};
  file << "listen: \"127.0.0.1:" << port_ << "\"\n"
       << "jetstream { store_dir: \"" << store() << "\" }\n"
       << configuration << '\n';
}

void NatsServer::start() {
  if (process_) return;
  process_ = std::make_unique<ChildProcess>(std::vector<std::string>{
      program, "--config", disk_.path() + "/nats.conf", "--log", disk_.path() + "/log"});
  for (int i = 0; !LoopbackSocket{port_}.connect(); ++i) {
    if (i == pauses_max) throw std::runtime_error("nats-server does not listen\n" + log());
    ::poll(nullptr, 0, pause_milliseconds);
  }
}

void NatsServer::end_by(int signal) {
  if (!process_) return;
  process_->signal(signal);
  process_->wait();
  process_.reset();
}

std::string NatsServer::log() const {
  std::ostringstream text;
  text << std::ifstream{disk_.path() + "/log"}.rdbuf() << process_->errors();
  return text.str();
}

}  // namespace banyan::testing
