#include "admin.hpp"

#include <algorithm>
#include <charconv>
#include <mutex>

#include "banyan/delivery/parked.hpp"
#include "banyan/http/uri.hpp"
#include "banyan/json/writer.hpp"
#include "banyan/saga/history.hpp"

namespace banyan::host {
namespace {

constexpr std::int64_t page_rows = 100;

module::Instance* find(const Instances& instances, std::string_view name) {
  const auto found = std::find_if(instances.begin(), instances.end(), [&](const auto& instance) {
    return instance->definition().name() == name;
  });
  return found == instances.end() ? nullptr : found->get();
}

http::Response json_answer(std::string body) {
  return {.headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
}

http::Response failure(const Error& error) {
  const int status = error.code() == Errc::not_found ? 404 : error.code() == Errc::conflict ? 409 : 503;
  return http::problem(status, error.reason() + ": " + error.detail());
}

std::optional<std::uint64_t> to_seq(std::string_view text) {
  std::uint64_t seq = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seq);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return seq;
}

void write(json::Writer& out, const delivery::ParkedMessage& message) {
  const auto text = [&](std::string_view name, std::string_view value) {
    out.name(name);
    out.string(value);
  };
  out.begin_object();
  text("producer", message.producer);
  out.name("seq");
  out.integer(static_cast<std::int64_t>(message.seq));
  text("type", message.type);
  text("key", message.key);
  text("state", to_string(message.state));
  out.name("attempts");
  out.integer(message.attempts);
  text("parked_at", to_rfc3339(message.parked_at));
  text("cause", message.cause);
  out.name("headers");
  out.raw(message.headers);
  out.name("payload");
  out.raw(message.payload);
  out.end_object();
}

std::string to_json(const std::vector<delivery::ParkedMessage>& messages) {
  std::string body;
  json::Writer out{body};
  out.begin_object();
  out.name("items");
  out.begin_array();
  for (const auto& message : messages) write(out, message);
  out.end_array();
  if (std::ssize(messages) == page_rows) {
    out.name("next_after");
    out.string(messages.back().producer + "/" + std::to_string(messages.back().seq));
  }
  out.end_object();
  return body;
}

/// "orders/17" → where the page before ended.
std::pair<std::string, std::uint64_t> after_of(const http::Request& request) {
  const auto query = http::parse_query(request.query);
  if (!query.ok()) return {};
  for (const auto& parameter : query.value()) {
    const std::size_t slash = parameter.value.find('/');
    if (parameter.name != "after" || slash == std::string::npos) continue;
    return {parameter.value.substr(0, slash), to_seq(parameter.value.substr(slash + 1)).value_or(0)};
  }
  return {};
}

void list_parked(const Instances& instances, const http::Request& request,
                 const std::vector<std::string>& values, const http::Responder& respond) {
  module::Instance* instance = find(instances, values[0]);
  if (instance == nullptr) return respond(http::problem(404, "no module " + values[0] + " in this process"));
  auto messages = std::make_shared<std::vector<delivery::ParkedMessage>>();
  instance->inspect(
      [messages, after = after_of(request)](View& view) {
        *messages = delivery::Parked::list(view, after.first, after.second, page_rows);
      },
      [messages, respond](const Status& status) {
        respond(status.ok() ? json_answer(to_json(*messages)) : failure(status.error()));
      });
}

gateway::Page resolve_page(const Instances& instances, const std::string& verb,
                           module::Instance::ParkedAction action) {
  return {"POST", "/admin/parked/{module}/{producer}/{seq}/" + verb,
          [&instances, action](const http::Request&, const std::vector<std::string>& values,
                               const http::Responder& respond) {
            module::Instance* instance = find(instances, values[0]);
            const auto seq = to_seq(values[2]);
            if (instance == nullptr || !seq) return respond(http::problem(404, "no such message"));
            instance->resolve_parked(values[1], *seq, action, [respond](const Status& status) {
              respond(status.ok() ? http::Response{.status = 204} : failure(status.error()));
            });
          }};
}

/// Collects what several modules say; answers when the last one has, or is gone.
class Collection {
 public:
  explicit Collection(http::Responder respond) : respond_(std::move(respond)) { items_ = "{\"items\":["; }
  ~Collection() { respond_(json_answer(items_ + "]}")); }
  Collection(const Collection&) = delete;
  Collection& operator=(const Collection&) = delete;

  void add(std::string_view item) {
    const std::lock_guard lock{mutex_};
    if (items_.back() != '[') items_ += ',';
    items_ += item;
  }

 private:
  http::Responder respond_;
  std::mutex mutex_;
  std::string items_;  // guarded by mutex_
};

std::string to_json(const std::string& module, const saga::Progress& saga) {
  std::string body;
  json::Writer out{body};
  const auto text = [&](std::string_view name, std::string_view value) {
    out.name(name);
    out.string(value);
  };
  out.begin_object();
  text("module", module);
  text("saga", saga.saga);
  text("id", to_string(saga.id));
  text("status", saga.status);
  out.name("step");
  out.integer(saga.step);
  out.name("attempt");
  out.integer(saga.attempt);
  text("started_at", to_rfc3339(saga.started_at));
  text("deadline", to_rfc3339(saga.deadline));
  out.end_object();
  return body;
}

}  // namespace

std::vector<gateway::Page> parked_pages(const Instances& instances) {
  using Action = module::Instance::ParkedAction;
  return {{"GET", "/admin/parked/{module}",
           [&](const http::Request& request, const std::vector<std::string>& values,
               http::Responder respond) { list_parked(instances, request, values, respond); }},
          resolve_page(instances, "retry", Action::retry),
          resolve_page(instances, "discard", Action::discard)};
}

gateway::Page saga_page(const Instances& instances, const Clock& clock) {
  return {"GET", "/admin/sagas", [&](const auto&, const auto&, http::Responder respond) {
            auto all = std::make_shared<Collection>(std::move(respond));
            for (const auto& instance : instances) {
              const std::string& name = instance->definition().name();
              instance->inspect(
                  [all, name, now = clock.now()](View& view) {
                    for (const auto& saga : saga::stuck(view, now, page_rows)) all->add(to_json(name, saga));
                  },
                  [](const Status&) {});
            }
          }};
}

}  // namespace banyan::host
