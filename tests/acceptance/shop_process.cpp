#include "shop_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

extern char** environ;

namespace acceptance {

using namespace std::chrono_literals;
using std::string;

namespace {

constexpr std::chrono::milliseconds patience = 60s;

/// Waits until there is something to read, at most that long.
bool is_readable(int file, std::chrono::milliseconds time) {
  pollfd waiting{.fd = file, .events = POLLIN, .revents = 0};
  return ::poll(&waiting, 1, static_cast<int>(time.count())) > 0;
}

void close_file(int& file) {
  if (file >= 0) ::close(file);
  file = -1;
}

bool configures_banyan(std::string_view variable) {
  return variable.starts_with("BANYAN_") || variable.starts_with("FAULT_POINT=");
}

/// The test's own environment without what would configure the process.
std::vector<string> environment_with(const ShopProcess::Environment& settings,
                                     const ShopProcess::Environment& more) {
  std::vector<string> all;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!configures_banyan(*variable)) all.emplace_back(*variable);
  }
  for (const auto* list : {&settings, &more}) {
    for (const auto& [name, value] : *list) all.push_back(name + "=" + value);
  }
  return all;
}

std::vector<char*> pointers_to(std::vector<string>& texts) {
  std::vector<char*> pointers;
  for (string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

ShopProcess::ShopProcess(Environment environment, Split split, std::vector<string> options)
    : environment_(std::move(environment)), split_(std::move(split)), options_(std::move(options)) {
  const auto is_level = [](const auto& setting) { return setting.first == "BANYAN_LOG_LEVEL"; };
  if (std::none_of(environment_.begin(), environment_.end(), is_level)) {
    environment_.emplace_back("BANYAN_LOG_LEVEL", "warning");
  }
  // A module that is killed is back at once: nobody should wait half a minute for it.
  for (const char* module : {"USERS", "INVENTORY", "ORDERS", "PAYMENTS", "SHIPPING", "NOTIFICATIONS"}) {
    environment_.emplace_back("BANYAN_RESILIENCE_" + string{module} + "_BREAKER_OPEN", "500ms");
  }
}

ShopProcess::~ShopProcess() { kill(); }

void ShopProcess::start() {
  launch();
  if (!serves()) fail("ended before it served");
}

void ShopProcess::launch(const Environment& more) {
  if (split_.empty()) {
    return run({BANYAN_PROGRAM, "--data-dir", data_directory(), "--listen", "127.0.0.1:0", "--admin-listen",
                "127.0.0.1:0"},
               more);
  }
  std::vector<string> arguments{"/usr/bin/python3",
                                CHECKOUT "/tools/split/supervise.py",
                                "--bin",
                                BANYAN_PROGRAMS,
                                "--data-dir",
                                data_directory(),
                                "--port",
                                "0",
                                "--modules",
                                split_,
                                "--commands"};
  arguments.insert(arguments.end(), options_.begin(), options_.end());
  run(arguments, more);
}

void ShopProcess::run(const std::vector<string>& arguments, const Environment& more) {
  if (pid_ != 0) throw std::logic_error("the process runs already");
  std::vector<string> words = arguments;
  std::vector<string> variables = environment_with(environment_, more);
  const std::vector<char*> argv = pointers_to(words);
  const std::vector<char*> envp = pointers_to(variables);
  const string log = disk_.path() + "/log";
  const pid_t parent = ::getpid();
  unread_.clear();
  serves_ = false;
  pids_.clear();
  administrations_.clear();
  int in[2], out[2];
  if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) fail("no pipe");

  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);
    const int errors = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(errors, STDERR_FILENO);
    ::dup2(in[0], STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    ::execve(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  input_ = in[1];
  output_ = out[0];
  if (pid_ < 0) pid_ = 0, fail("no process");
  process_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));  // glibc 2.36 declares it for C only
}

bool ShopProcess::serves() {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!serves_ && std::chrono::steady_clock::now() < end) {
    if (is_readable(output_, 1s) && !read_more()) return reap(), false;
  }
  return serves_ ? true : (fail("neither serves nor ends"), false);
}

// False at the end of its output.
bool ShopProcess::read_more() {
  char bytes[512];
  const ssize_t size = ::read(output_, bytes, sizeof bytes);
  if (size <= 0) return false;
  unread_.append(bytes, static_cast<std::size_t>(size));
  for (std::size_t end = unread_.find('\n'); end != string::npos; end = unread_.find('\n')) {
    note(unread_.substr(0, end));
    unread_.erase(0, end + 1);
  }
  return true;
}

// "serving URL", "administration [NAME] URL", "pid NAME NUMBER", "stopped NAME"; anything else is for people.
void ShopProcess::note(const string& line) {
  std::istringstream words{line};
  string what, name, value;
  words >> what >> name >> value;
  if (value.empty()) std::swap(name, value);
  if (what == "pid") {
    pids_[name] = std::stoi(value);
  } else if (what == "stopped") {
    pids_.erase(value);
  } else if (what == "serving" || what == "administration") {
    const auto endpoint = shop::rest::parse_url(value);
    if (!endpoint.ok()) fail("said " + line);
    if (what == "administration") administrations_[name] = endpoint.value();
    if (what == "serving") port_ = endpoint.value().port, serves_ = true;
  }
}

void ShopProcess::catch_up() {
  while (is_readable(output_, 0ms) && read_more()) {
  }
}

std::vector<shop::rest::Endpoint> ShopProcess::administrations() {
  catch_up();
  while (administrations_.empty() && read_more()) {
  }
  std::vector<shop::rest::Endpoint> all;
  for (const auto& [name, endpoint] : administrations_) all.push_back(endpoint);
  return all;
}

bool ShopProcess::ends_within(std::chrono::milliseconds time) {
  if (pid_ != 0 && is_readable(process_, time)) reap();
  return pid_ == 0;
}

void ShopProcess::kill() {
  if (pid_ == 0) return;
  ::kill(pid_, SIGKILL);
  reap();
}

pid_t ShopProcess::pid(const string& name) {
  catch_up();
  return pids_.at(name);
}

void ShopProcess::stop(const string& name) {
  command("stop " + name);
  while (pids_.contains(name) && read_more()) {
  }
}

void ShopProcess::start(const string& name, const Environment& more) {
  string line = "start " + name;
  for (const auto& [variable, value] : more) line += " " + variable + "=" + value;
  command(line);
  while (!pids_.contains(name) && read_more()) {
  }
}

void ShopProcess::command(const string& line) {
  const string text = line + "\n";
  if (::write(input_, text.data(), text.size()) != std::ssize(text)) fail("takes no command");
}

void ShopProcess::reload() { ::kill(pid_, SIGHUP); }

int ShopProcess::stop() {
  if (pid_ == 0) fail("does not run");
  ::kill(pid_, SIGTERM);
  if (!ends_within(patience)) fail("does not stop");
  return status_;
}

void ShopProcess::reap() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  pid_ = 0;
  close_file(process_);
  close_file(input_);
  close_file(output_);
}

bool ShopProcess::stores_are_sound() {
  run({BANYAN_PROGRAM, "check", "--data-dir", data_directory()}, {});
  if (!ends_within(patience)) fail("does not end its check");
  return status_ == 0;
}

string ShopProcess::log() const {
  std::ostringstream text;
  text << std::ifstream{disk_.path() + "/log"}.rdbuf();
  return text.str();
}

void ShopProcess::fail(const string& what) {
  kill();
  constexpr std::size_t tail = 4000;
  const string text = log();
  throw std::runtime_error("banyan: " + what + "\n" + text.substr(text.size() - std::min(tail, text.size())));
}

}  // namespace acceptance
