#include "banyan/telemetry/log.hpp"

#include <type_traits>

#include "log_text.hpp"

namespace banyan::telemetry {
namespace {

/// One JSON object, member by member.
class Line {
 public:
  explicit Line(std::string& out) : out_(out) { out_.assign(1, '{'); }

  void text(std::string_view name, std::string_view value) {
    begin(name);
    append_text(out_, value, Log::text_bytes_max);
  }
  void id(std::string_view name, std::span<const std::uint8_t> bytes) {
    begin(name);
    out_.push_back('"');
    append_id(out_, bytes);
    out_.push_back('"');
  }
  void field(const Field& field) {
    begin(field.name());
    std::visit([this](const auto& value) { append(value); }, field.value());
  }
  void flag(std::string_view name) {
    begin(name);
    append(true);
  }

  bool has_room() const { return out_.size() < Log::line_bytes_max; }
  std::string_view finish() {
    out_.push_back('}');
    return out_;
  }

 private:
  void begin(std::string_view name) {
    if (out_.size() > 1) out_.push_back(',');
    out_.append(1, '"').append(name).append("\":");
  }

  void append(std::string_view text) { append_text(out_, text, Log::text_bytes_max); }
  void append(std::int64_t number) { out_.append(std::to_string(number)); }
  void append(std::uint64_t number) { out_.append(std::to_string(number)); }
  void append(double number) { append_number(out_, number); }
  void append(bool flag) { out_.append(flag ? "true" : "false"); }
  void append(Duration duration) { append_number(out_, static_cast<double>(duration.count()) / 1'000); }
  void append(const Uuid& id) {
    const UuidText text = to_text(id);
    out_.append(1, '"').append(text.data(), text.size()).append(1, '"');
  }
  void append(const Error* error) {
    out_.append("{\"code\":");
    append(to_string(error->code()));
    out_.append(",\"reason\":");
    append(std::string_view{error->reason()});
    if (!error->detail().empty()) {
      out_.append(",\"detail\":");
      append(std::string_view{error->detail()});
    }
    out_.push_back('}');
  }

  std::string& out_;
};

}  // namespace

struct Log::Source {
  std::string service;
  std::string module;
};

std::string_view to_string(Level level) noexcept {
  switch (level) {
    case Level::debug:
      return "debug";
    case Level::info:
      return "info";
    case Level::warning:
      return "warning";
    case Level::error:
      return "error";
    case Level::off:
      break;
  }
  return "off";
}

Log::Log(LogSink& sink, const Clock& clock, std::string_view service, Level lowest)
    : sink_(&sink),
      clock_(&clock),
      source_(std::make_shared<const Source>(Source{std::string{service}, ""})),
      lowest_(lowest) {}

Log Log::for_module(std::string_view module) const {
  Log log = *this;
  log.source_ = std::make_shared<const Source>(Source{source_->service, std::string{module}});
  return log;
}

Log Log::with(const Correlation& correlation) const {
  Log log = *this;
  log.correlation_ = correlation;
  return log;
}

void Log::write_line(Level level, std::string_view message, Fields fields) const {
  thread_local std::string buffer;  // Keeps its room from line to line.
  const TimestampText now = to_text(clock_->utc());
  Line line{buffer};
  line.text("timestamp", {now.data(), now.size()});
  line.text("level", to_string(level));
  line.text("service", source_->service);
  if (!source_->module.empty()) line.text("module", source_->module);
  line.text("message", message);
  line.id("trace_id", correlation_.trace_id);
  line.id("span_id", correlation_.span_id);
  if (!correlation_.user_id.empty()) line.text("user_id", correlation_.user_id);
  for (const Field& field : fields) {
    if (!line.has_room()) {
      line.flag("truncated");
      break;
    }
    line.field(field);
  }
  sink_->write(line.finish());
}

}  // namespace banyan::telemetry
