#include "banyan/testing/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

// glibc 2.36 forgets that its header may be read by C++.
extern "C" {
#include <sys/pidfd.h>
}

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace banyan::testing {
namespace {

bool configures_banyan(std::string_view variable) {
  return variable.starts_with("BANYAN_") || variable.starts_with("FAULT_POINT=");
}

std::vector<std::string> environment_with(const ChildProcess::Environment& more) {
  std::vector<std::string> all;
  for (char** variable = ::environ; *variable != nullptr; ++variable) {
    if (!configures_banyan(*variable)) all.emplace_back(*variable);
  }
  for (const auto& [name, value] : more) all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

bool is_readable(int file) {
  pollfd waiting{.fd = file, .events = POLLIN, .revents = 0};
  const auto time = std::chrono::milliseconds{ChildProcess::patience};
  return ::poll(&waiting, 1, static_cast<int>(time.count())) > 0;
}

// In the child, where nothing may allocate.
[[noreturn]] void become(char* const* argv, char* const* envp, const char* log, int output, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(126);
  ::dup2(::open(log, O_WRONLY | O_CREAT | O_APPEND, 0600), STDERR_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::execve(argv[0], argv, envp);
  ::_exit(127);
}

}  // namespace

ChildProcess::ChildProcess(std::vector<std::string> command, const Environment& more) {
  std::vector<std::string> variables = environment_with(more);
  const std::vector<char*> argv = pointers_to(command);
  const std::vector<char*> envp = pointers_to(variables);
  const std::string log = disk_.path() + "/errors";
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) become(argv.data(), envp.data(), log.c_str(), ends[1], parent);
  ::close(ends[1]);
  output_ = ends[0];
  if (pid_ < 0) throw std::runtime_error("no process");
  process_ = ::pidfd_open(pid_, 0);
}

ChildProcess::~ChildProcess() {
  if (!status_) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(process_);
  ::close(output_);
}

std::optional<std::string> ChildProcess::read_line() {
  while (unread_.find('\n') == std::string::npos) {
    if (!is_readable(output_)) give_up("says nothing");
    if (!read_more()) return std::nullopt;
  }
  const std::size_t end = unread_.find('\n');
  const std::string line = unread_.substr(0, end);
  unread_.erase(0, end + 1);
  return line;
}

void ChildProcess::signal(int number) { ::kill(pid_, number); }

int ChildProcess::wait() {
  if (status_) return *status_;
  if (!is_readable(process_)) give_up("does not end");
  int status = 0;
  ::waitpid(pid_, &status, 0);
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  while (read_more()) {
  }
  return *status_;
}

std::string ChildProcess::output() { return std::exchange(unread_, {}); }

std::string ChildProcess::errors() const {
  std::ostringstream text;
  text << std::ifstream{disk_.path() + "/errors"}.rdbuf();
  return text.str();
}

// False at the end of the output.
bool ChildProcess::read_more() {
  char bytes[4096];
  const ssize_t size = ::read(output_, bytes, sizeof bytes);
  if (size > 0) unread_.append(bytes, static_cast<std::size_t>(size));
  return size > 0;
}

void ChildProcess::give_up(const std::string& what) const {
  throw std::runtime_error("the child process " + what + "\n" + errors());
}

}  // namespace banyan::testing
