#include "fault_points.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string>

#include "banyan/base/numbers.hpp"

namespace banyan::host {
namespace {

class ExitAt final : public Faults {
 public:
  ExitAt(std::string point, int count) : point_(std::move(point)), left_(count) {}

  void reach(std::string_view point) override {
    if (point == point_ && --left_ == 0) ::_exit(137);
  }

 private:
  std::string point_;
  std::atomic<int> left_;
};

}  // namespace

std::unique_ptr<Faults> fault_points_from_environment() {
  const char* text = std::getenv("FAULT_POINT");
  if (text == nullptr) return std::make_unique<NoFaults>();
  const std::string plan = text;
  const std::size_t colon = plan.find(':');
  const int count = colon == std::string::npos
                        ? 1
                        : parse_number<int>(std::string_view{plan}.substr(colon + 1)).value_or(0);
  return std::make_unique<ExitAt>(plan.substr(0, colon), count);
}

}  // namespace banyan::host
