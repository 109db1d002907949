#include "broker.hpp"

#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "banyan/testing/child_process.hpp"

Broker::Broker() {
  run({"pki", "init", "--dir", pki.path()});
  run({"pki", "issue", "--dir", pki.path()});
  server.stop();
  server.configure(configuration());
  server.start();
}

RawNats::Files Broker::files_of(std::string_view name) const {
  return {pki.authority_file(), pki.file_of(name), pki.file_of(name)};
}

std::string Broker::configuration(const std::vector<std::string>& without) const {
  std::string out = written({});
  for (const std::string& name : without) {
    const std::string user = "\"" + banyan::security::dns_name(name) + "\"";
    out.replace(out.find(user), user.size(), "\"nobody-" + name + ".banyan.internal\"");
  }
  return out;
}

std::string Broker::configuration_of_a_member(std::uint16_t cluster_port) const {
  return written({"--name", "nats-1", "--cluster", "nats-1,nats-2", "--cluster-listen",
                  "127.0.0.1:" + std::to_string(cluster_port)});
}

std::string Broker::written(std::vector<std::string> options) const {
  const std::string file = disk.path() + "/generated.conf";
  std::vector<std::string> arguments{"nats",        "config",
                                     "--pki",       pki.path(),
                                     "--store-dir", server.store(),
                                     "--listen",    "127.0.0.1:" + std::to_string(port()),
                                     "--out",       file};
  arguments.insert(arguments.end(), options.begin(), options.end());
  run(std::move(arguments));
  std::ostringstream text;
  text << std::ifstream{file}.rdbuf();
  return text.str();
}

void Broker::reload(const std::string& configuration) {
  server.configure(configuration);
  server.signal(SIGHUP);
}

void Broker::provision() const { run({"nats", "provision", "--pki", pki.path(), "--url", server.url()}); }

void Broker::run(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), BANYANCTL_PROGRAM);
  banyan::testing::ChildProcess program{std::move(arguments)};
  if (program.wait() != 0) throw std::runtime_error(program.output() + program.errors());
}
