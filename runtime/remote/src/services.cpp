#include "services.hpp"

#include <algorithm>
#include <chrono>

#include "banyan/json/encode.hpp"

namespace banyan::remote {
namespace {

using Part = std::string (Services::*)() const;

std::int64_t nanoseconds(Duration time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time).count();
}

void write_metadata(json::Writer& out, const std::map<std::string, std::string>& metadata = {}) {
  out.name("metadata");
  out.begin_object();
  for (const auto& [name, value] : metadata) json::member(out, name, value);
  out.end_object();
}

void write_figures(json::Writer& out, const OperationStats::Figures& figures) {
  const auto requests = static_cast<std::int64_t>(figures.requests);
  const std::int64_t total = nanoseconds(figures.time);
  json::member(out, "num_requests", requests);
  json::member(out, "num_errors", static_cast<std::int64_t>(figures.errors));
  json::member(out, "last_error", figures.last_error);
  json::member(out, "processing_time", total);
  json::member(out, "average_processing_time", requests == 0 ? std::int64_t{0} : total / requests);
}

}  // namespace

void OperationStats::answered(Duration took, const Error* error) {
  const std::lock_guard lock{mutex_};
  ++figures_.requests;
  figures_.time += took;
  if (error == nullptr) return;
  ++figures_.errors;
  figures_.last_error = error->reason();
}

OperationStats::Figures OperationStats::figures() const {
  const std::lock_guard lock{mutex_};
  return figures_;
}

std::shared_ptr<OperationStats> Services::add(std::string_view type, std::string subject) {
  std::string name{type};
  std::replace(name.begin(), name.end(), '.', '_');
  operations_.push_back({std::move(name), std::move(subject), std::make_shared<OperationStats>()});
  return operations_.back().stats;
}

void Services::start(nats::Connection& connection) const {
  constexpr std::pair<std::string_view, Part> verbs[] = {
      {"PING", &Services::ping}, {"INFO", &Services::info}, {"STATS", &Services::stats}};
  for (const auto& [verb, part] : verbs) {
    const std::string all = "$SRV." + std::string{verb};
    for (const std::string& pattern : {all, all + '.' + name_, all + '.' + name_ + '.' + id_}) {
      // Fails on a closed connection only, which nobody asks. One that does not get an answer asks again.
      static_cast<void>(
          connection.subscribe(pattern, {}, [this, &connection, part = part](const nats::Message& message) {
            // It asks again.
            static_cast<void>(connection.respond(message, {}, (this->*part)()));
          }));
    }
  }
}

void Services::write_head(json::Writer& out, std::string_view type) const {
  json::member(out, "type", type);
  json::member(out, "name", name_);
  json::member(out, "id", id_);
  json::member(out, "version", version_);
  write_metadata(out, metadata_);
}

std::string Services::ping() const {
  std::string text;
  json::Writer out{text};
  out.begin_object();
  write_head(out, "io.nats.micro.v1.ping_response");
  out.end_object();
  return text;
}

std::string Services::info() const {
  std::string text;
  json::Writer out{text};
  out.begin_object();
  write_head(out, "io.nats.micro.v1.info_response");
  json::member(out, "description", "the module " + name_);
  out.name("endpoints");
  out.begin_array();
  for (const Operation& operation : operations_) {
    out.begin_object();
    json::member(out, "name", operation.name);
    json::member(out, "subject", operation.subject);
    json::member(out, "queue_group", name_);
    write_metadata(out);
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return text;
}

std::string Services::stats() const {
  std::string text;
  json::Writer out{text};
  out.begin_object();
  write_head(out, "io.nats.micro.v1.stats_response");
  json::member(out, "started", started_);
  out.name("endpoints");
  out.begin_array();
  for (const Operation& operation : operations_) {
    out.begin_object();
    json::member(out, "name", operation.name);
    json::member(out, "subject", operation.subject);
    json::member(out, "queue_group", name_);
    write_figures(out, operation.stats->figures());
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return text;
}

}  // namespace banyan::remote
