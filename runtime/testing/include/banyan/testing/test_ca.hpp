#pragma once
#include <string>
#include <string_view>

#include "banyan/security/certificate.hpp"
#include "banyan/testing/temporary_directory.hpp"

namespace banyan::testing {

/// An authority for one test, with the certificates that it issues in files. What does not work is thrown as
/// std::runtime_error. Threads: one.
class TestCa {
 public:
  /// Paths of PEM files.
  struct Files {
    std::string ca;
    std::string certificate;
    std::string key;
  };

  TestCa();

  /// A new key and certificate for security::dns_name(name). A second call with the same name replaces the
  /// content of the same files.
  Files issue(std::string_view name);

 private:
  TemporaryDirectory disk_;
  SystemClock clock_;
  security::Credentials authority_;
};

}  // namespace banyan::testing
