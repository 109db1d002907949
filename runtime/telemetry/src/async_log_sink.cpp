#include <fcntl.h>
#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include "banyan/telemetry/log_sinks.hpp"

namespace banyan::telemetry {
namespace {

class SpdlogSink final : public AsyncLogSink {
 public:
  SpdlogSink(spdlog::sink_ptr destination, std::size_t queue_max)
      : pool_(std::make_shared<spdlog::details::thread_pool>(queue_max, 1)),
        logger_(std::make_shared<spdlog::async_logger>("banyan", std::move(destination), pool_,
                                                       spdlog::async_overflow_policy::overrun_oldest)) {
    logger_->set_pattern("%v");
    logger_->set_level(spdlog::level::trace);
    logger_->flush_on(spdlog::level::trace);
    logger_->set_error_handler([this](const std::string&) { ++refused_; });
  }

  /// Writes what still waits and ends the thread, before the destination is closed.
  ~SpdlogSink() override { pool_.reset(); }

  void write(std::string_view line) noexcept override {
    logger_->log(spdlog::level::info, spdlog::string_view_t{line.data(), line.size()});
  }

  std::uint64_t lost() const noexcept override { return pool_->overrun_counter() + refused_; }

 private:
  std::atomic<std::uint64_t> refused_{0};
  std::shared_ptr<spdlog::details::thread_pool> pool_;
  std::shared_ptr<spdlog::async_logger> logger_;
};

Error cannot_open(const std::string& path, std::string_view why) {
  return {Errc::unavailable, "telemetry.log_file", path + ": " + std::string{why}};
}

/// Logs name users and their requests: nobody else may read them.
Status make_private_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return cannot_open(path, std::strerror(errno));
  ::close(fd);
  return success();
}

Result<spdlog::sink_ptr> destination_of(const std::string& name) {
  if (name == "stderr") return spdlog::sink_ptr{std::make_shared<spdlog::sinks::stderr_sink_mt>()};
  if (name == "stdout") return spdlog::sink_ptr{std::make_shared<spdlog::sinks::stdout_sink_mt>()};
  if (auto made = make_private_file(name); !made) return made.error();
  return spdlog::sink_ptr{std::make_shared<spdlog::sinks::basic_file_sink_mt>(name)};
}

}  // namespace

Result<std::unique_ptr<AsyncLogSink>> AsyncLogSink::open(const Options& options) {
  try {
    auto destination = destination_of(options.destination);
    if (!destination) return destination.error();
    return std::unique_ptr<AsyncLogSink>{
        std::make_unique<SpdlogSink>(std::move(destination).value(), options.queue_max)};
  } catch (const spdlog::spdlog_ex& error) {
    return cannot_open(options.destination, error.what());
  }
}

}  // namespace banyan::telemetry
