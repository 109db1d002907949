#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/base/result.hpp"
#include "banyan/telemetry/log.hpp"

namespace banyan::telemetry {

/// Hands lines to a thread of its own that writes them. When more than queue_max lines wait, the oldest is
/// dropped and counted: a slow disk or terminal never slows a request.
/// Threads: safe.
class AsyncLogSink : public LogSink {
 public:
  struct Options {
    std::string destination = "stderr";  ///< "stderr", "stdout", or the path of a file, made with mode 0600.
    std::size_t queue_max = 4'096;       ///< Lines.
  };

  /// Errors: unavailable "telemetry.log_file": the file can't be opened for appending.
  static Result<std::unique_ptr<AsyncLogSink>> open(const Options& options);

  /// Lines that were dropped or that the destination refused (disk full).
  virtual std::uint64_t lost() const noexcept = 0;
};

/// Keeps lines for a test to look at. Threads: safe.
class CapturedLog final : public LogSink {
 public:
  void write(std::string_view line) noexcept override;
  std::vector<std::string> lines() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

}  // namespace banyan::telemetry
