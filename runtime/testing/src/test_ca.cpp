#include "banyan/testing/test_ca.hpp"

#include <chrono>
#include <fstream>
#include <stdexcept>

namespace banyan::testing {
namespace {

constexpr std::chrono::days life{1};

template <class T>
T value_of(Result<T> result) {
  if (!result.ok()) throw std::runtime_error(result.error().reason() + ": " + result.error().detail());
  return std::move(result).value();
}

}  // namespace

TestCa::TestCa() : authority_(value_of(security::make_authority(clock_.utc(), 2 * life))) {
  std::ofstream{disk_.path() + "/ca.pem"} << authority_.certificate;
}

TestCa::Files TestCa::issue(std::string_view name) {
  const auto issued = value_of(security::issue(authority_, name, clock_.utc(), life));
  const std::string path = disk_.path() + "/" + std::string{name};
  std::ofstream{path + ".pem"} << issued.certificate;
  std::ofstream{path + ".key"} << issued.key.reveal();
  return {.ca = disk_.path() + "/ca.pem", .certificate = path + ".pem", .key = path + ".key"};
}

}  // namespace banyan::testing
