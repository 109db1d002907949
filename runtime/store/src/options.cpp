#include "banyan/store/options.hpp"

#include <unistd.h>

#include <cstdio>

namespace banyan::store {

void Options::end_process(const Error& error) {
  constexpr int software_error = 70;  // EX_SOFTWARE
  std::fprintf(stderr, "%s: %s\n", error.reason().c_str(), error.detail().c_str());
  ::_exit(software_error);
}

}  // namespace banyan::store
