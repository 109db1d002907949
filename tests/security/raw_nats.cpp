#include "raw_nats.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace {

constexpr int patience_milliseconds = 10'000;

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream in{line};
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

int connect_to(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int file = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(file, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(file);
    throw RawNats::Ended{"nobody listens"};
  }
  const int on = 1;
  ::setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return file;
}

}  // namespace

struct RawNats::Wire {
  explicit Wire(std::uint16_t port) : file(connect_to(port)) {}
  ~Wire() {
    SSL_free(tls);
    SSL_CTX_free(context);
    ::close(file);
  }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  bool has_input(int milliseconds) const {
    if (tls != nullptr && SSL_pending(tls) > 0) return true;
    pollfd waiting{file, POLLIN, 0};
    return ::poll(&waiting, 1, milliseconds) > 0;
  }
  /// 0 at the end.
  int read(char* to, int size) const {
    const int count = tls == nullptr ? static_cast<int>(::recv(file, to, static_cast<std::size_t>(size), 0))
                                     : SSL_read(tls, to, size);
    return count < 0 ? 0 : count;
  }
  bool write(std::string_view bytes) const {
    const int size = static_cast<int>(bytes.size());
    if (tls != nullptr) return SSL_write(tls, bytes.data(), size) == size;
    return ::send(file, bytes.data(), bytes.size(), MSG_NOSIGNAL) == size;
  }

  int file;
  SSL_CTX* context = nullptr;
  SSL* tls = nullptr;
};

RawNats::RawNats(std::uint16_t port) : wire_(std::make_unique<Wire>(port)) { read_line(); }

RawNats::RawNats(std::uint16_t port, const Files& files) : RawNats(port) {
  start_tls(files);
  say_hello();
  flush();
}

RawNats::RawNats(std::unique_ptr<Wire> wire) : wire_(std::move(wire)) {}

RawNats RawNats::as_server(std::uint16_t port, const Files& files, const std::string& host) {
  RawNats route{std::make_unique<Wire>(port)};
  route.start_tls(files, host);
  route.send("CONNECT {\"verbose\":false,\"pedantic\":false,\"name\":\"x\",\"cluster\":\"banyan\"}\r\n");
  route.flush();
  return route;
}

RawNats::~RawNats() = default;
RawNats::RawNats(RawNats&&) noexcept = default;

void RawNats::start_tls(const Files& files, const std::string& host) {
  ::signal(SIGPIPE, SIG_IGN);
  wire_->context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_load_verify_file(wire_->context, files.ca.c_str());
  SSL_CTX_set_verify(wire_->context, SSL_VERIFY_PEER, nullptr);
  if (!files.certificate.empty()) {
    SSL_CTX_use_certificate_chain_file(wire_->context, files.certificate.c_str());
    SSL_CTX_use_PrivateKey_file(wire_->context, files.key.c_str(), SSL_FILETYPE_PEM);
  }
  wire_->tls = SSL_new(wire_->context);
  SSL_set1_host(wire_->tls, host.c_str());
  SSL_set_fd(wire_->tls, wire_->file);
  if (SSL_connect(wire_->tls) != 1) throw Ended{"no handshake"};
}

void RawNats::say_hello() {
  send("CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true,\"no_responders\":true}\r\n");
}

void RawNats::send(std::string_view bytes) {
  if (!wire_->write(bytes)) throw Ended{"can't send"};
}

void RawNats::publish(std::string_view subject, std::string_view body, std::string_view reply) {
  std::string line = "PUB " + std::string{subject} + " ";
  if (!reply.empty()) line += std::string{reply} + " ";
  send(line + std::to_string(body.size()) + "\r\n" + std::string{body} + "\r\n");
}

void RawNats::subscribe(std::string_view pattern) {
  send("SUB " + std::string{pattern} + " " + std::to_string(++subscriptions_) + "\r\n");
}

void RawNats::flush() {
  send("PING\r\n");
  while (read_one() != "PONG") continue;
}

std::string RawNats::read_one() {
  std::string line = read_line();
  if (line.starts_with("MSG ") || line.starts_with("HMSG ")) {
    const std::vector<std::string> words = words_of(line);
    const bool has_reply = words.size() == (line.front() == 'M' ? 5U : 6U);
    std::string body = read_bytes(std::stoul(words.back()) + 2);
    body.resize(body.size() - 2);
    messages_.push_back({words[1], has_reply ? words[3] : "", std::move(body)});
  } else if (line == "PING") {
    send("PONG\r\n");
  } else if (line.starts_with("-ERR")) {
    errors_.push_back(line);
  }
  return line;
}

std::vector<std::string> RawNats::take_errors() { return std::exchange(errors_, {}); }

std::vector<RawNats::Message> RawNats::take_messages() { return std::exchange(messages_, {}); }

RawNats::Message RawNats::next_message() {
  while (messages_.empty()) read_one();
  Message first = std::move(messages_.front());
  messages_.erase(messages_.begin());
  return first;
}

bool RawNats::may_publish(std::string_view subject) {
  publish(subject);
  flush();
  return take_errors().empty();
}

bool RawNats::may_subscribe(std::string_view pattern) {
  subscribe(pattern);
  flush();
  send("UNSUB " + std::to_string(subscriptions_) + "\r\n");
  return take_errors().empty();
}

std::string RawNats::server_serial() const {
  X509* certificate = SSL_get1_peer_certificate(wire_->tls);
  BIGNUM* number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr);
  char* text = BN_bn2hex(number);
  std::string out{text};
  OPENSSL_free(text);
  BN_free(number);
  X509_free(certificate);
  return out;
}

bool RawNats::is_ended_within(int milliseconds) {
  try {
    while (wire_->has_input(milliseconds)) read_one();
  } catch (const Ended&) {
    return true;
  }
  return false;
}

std::string RawNats::read_line() {
  std::size_t end = 0;
  while ((end = unread_.find("\r\n")) == std::string::npos) fill();
  std::string line = unread_.substr(0, end);
  unread_.erase(0, end + 2);
  return line;
}

std::string RawNats::read_bytes(std::size_t count) {
  while (unread_.size() < count) fill();
  std::string bytes = unread_.substr(0, count);
  unread_.erase(0, count);
  return bytes;
}

void RawNats::fill() {
  std::array<char, 64 * 1024> buffer;
  if (!wire_->has_input(patience_milliseconds)) throw Ended{"the server says nothing"};
  const int count = wire_->read(buffer.data(), static_cast<int>(buffer.size()));
  if (count <= 0) throw Ended{errors_.empty() ? "the server has ended it" : errors_.back()};
  unread_.append(buffer.data(), static_cast<std::size_t>(count));
}

std::string fingerprint_of(const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> in{
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free};
  const std::unique_ptr<X509, decltype(&X509_free)> certificate{
      PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr), X509_free};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (!certificate || X509_digest(certificate.get(), EVP_sha256(), digest.data(), &size) != 1) {
    throw std::runtime_error("no certificate");
  }
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    constexpr std::string_view digits = "0123456789abcdef";
    text += digits[digest[i] >> 4];
    text += digits[digest[i] & 15];
  }
  return text;
}
