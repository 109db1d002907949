#pragma once
#include <signal.h>

#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "banyan/http/client.hpp"
#include "banyan/testing/child_process.hpp"
#include "banyan/testing/temporary_directory.hpp"

using namespace banyan;
using testing::ChildProcess;

inline constexpr const char* anywhere = "127.0.0.1:0";

inline bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// The port of "serving http://127.0.0.1:4711".
inline std::uint16_t port_of(const std::string& line) {
  return static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
}

/// The outcome of one run of the program.
struct Outcome {
  int status;
  std::string output;
  std::string errors;
};

inline Outcome run(std::vector<std::string> arguments, const ChildProcess::Environment& environment = {}) {
  arguments.insert(arguments.begin(), BANYAN_PROGRAM);
  ChildProcess child{std::move(arguments), environment};
  const int status = child.wait();
  return {status, child.output(), child.errors()};
}

/// The program with all modules, as it serves.
struct Served {
  explicit Served(const std::string& data_dir, std::vector<std::string> options = {})
      : child{command(data_dir, std::move(options))} {
    serving = child.read_line().value_or("");
    administration = child.read_line().value_or("");
    modules = child.read_line().value_or("");
    if (!serving.starts_with("serving ")) throw std::runtime_error(child.errors());
  }

  static http::Response get(std::uint16_t port, std::string path) {
    return http::Client{{.port = port}}.send({.method = "GET", .path = std::move(path)}).value();
  }
  http::Response get(std::string path) const { return get(port_of(serving), std::move(path)); }
  http::Response ask_administration(std::string path) const {
    return get(port_of(administration), std::move(path));
  }
  int stop(int signal = SIGTERM) {
    child.signal(signal);
    return child.wait();
  }

  static std::vector<std::string> command(const std::string& data_dir, std::vector<std::string> options) {
    std::vector<std::string> words{BANYAN_PROGRAM, "--data-dir",     data_dir, "--listen",
                                   anywhere,       "--admin-listen", anywhere};
    words.insert(words.end(), options.begin(), options.end());
    return words;
  }

  ChildProcess child;
  std::string serving;
  std::string administration;
  std::string modules;
};

struct Folder {
  std::string path(const std::string& name) const { return disk.path() + '/' + name; }
  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream{path(name)} << text;
    return path(name);
  }

  testing::TemporaryDirectory disk;
  std::string data = disk.path() + "/data";
};
