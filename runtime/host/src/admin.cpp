#include "admin.hpp"

#include <algorithm>
#include <mutex>

#include "banyan/base/numbers.hpp"
#include "banyan/base/utf8.hpp"
#include "banyan/delivery/parked.hpp"
#include "banyan/delivery/position.hpp"
#include "banyan/http/uri.hpp"
#include "banyan/json/encode.hpp"
#include "banyan/json/parse.hpp"
#include "banyan/message/descriptor.hpp"
#include "banyan/saga/history.hpp"

namespace banyan::host {
namespace {

constexpr std::int64_t page_rows = 100;

module::Instance* find(const Instances& instances, std::string_view name) {
  const auto found = std::find_if(instances.begin(), instances.end(), [&](const module::Instance* instance) {
    return instance->definition().name() == name;
  });
  return found == instances.end() ? nullptr : *found;
}

http::Response json_answer(std::string body) {
  return {.headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
}

http::Response failure(const Error& error) {
  return http::problem(http::status_of(error.code()), error.detail(), error.reason());
}

// An undecodable payload may not even be JSON.
void write_kept(json::Writer& out, const std::string& text) {
  if (json::parse(text, message::stored_limits).ok()) return out.raw(text);
  out.string(to_utf8(text));
}

void write(json::Writer& out, const delivery::ParkedMessage& message) {
  out.begin_object();
  json::member(out, "producer", message.producer);
  json::member(out, "seq", static_cast<std::int64_t>(message.seq));
  json::member(out, "type", message.type);
  json::member(out, "key", message.key);
  json::member(out, "state", to_string(message.state));
  json::member(out, "attempts", std::int64_t{message.attempts});
  json::member(out, "parked_at", message.parked_at);
  json::member(out, "cause", message.cause);
  out.name("headers");
  write_kept(out, message.headers);
  out.name("payload");
  write_kept(out, message.payload);
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
    json::member(out, "next_after", messages.back().producer + "/" + std::to_string(messages.back().seq));
  }
  out.end_object();
  return body;
}

/// Where the page before ended.
struct Place {
  std::string producer = {};
  std::uint64_t seq = 0;
};

/// "after=orders/17", or nothing for the first page; nullopt for anything else.
std::optional<Place> after_of(const http::Request& request) {
  const auto query = http::parse_query(request.query);
  if (!query.ok() || query.value().size() > 1) return std::nullopt;
  if (query.value().empty()) return Place{};
  const auto& [name, text] = query.value().front();
  const std::size_t slash = std::min(text.find('/'), text.size());
  const auto seq = parse_count(std::string_view{text}.substr(std::min(slash + 1, text.size())));
  if (name != "after" || !seq) return std::nullopt;
  return Place{text.substr(0, slash), *seq};
}

void list_parked(const Instances& instances, const http::Request& request,
                 const std::vector<std::string>& values, const http::Responder& respond) {
  module::Instance* instance = find(instances, values[0]);
  if (instance == nullptr) return respond(http::problem(404, "no module " + values[0] + " in this process"));
  const auto after = after_of(request);
  if (!after) return respond(http::problem(400, "ask without parameters, or with after=PRODUCER/SEQ"));
  auto messages = std::make_shared<std::vector<delivery::ParkedMessage>>();
  instance->inspect(
      [messages, after = *after](View& view) {
        *messages = delivery::Parked::list(view, after.producer, after.seq, page_rows);
      },
      [messages, respond](const Status& status) {
        respond(status.ok() ? json_answer(to_json(*messages)) : failure(status.error()));
      });
}

using Change = std::function<void(const std::vector<std::string>& values, const http::Responder& respond)>;

/// A page that changes something.
gateway::Page change_page(std::string path, Change change) {
  return {"POST", std::move(path),
          [change = std::move(change)](const http::Request&, const std::vector<std::string>& values,
                                       const http::Responder& respond) { change(values, respond); }};
}

gateway::Page resolve_page(const Instances& instances, const std::string& verb,
                           module::Instance::ParkedAction action) {
  return change_page(
      "/admin/parked/{module}/{producer}/{seq}/" + verb,
      [instances, action](const std::vector<std::string>& values, const http::Responder& respond) {
        module::Instance* instance = find(instances, values[0]);
        const auto seq = parse_count(values[2]);
        if (instance == nullptr || !seq) return respond(http::problem(404, "no such message"));
        instance->resolve_parked(values[1], *seq, action, [respond](const Status& status) {
          respond(status.ok() ? http::Response{.status = 204} : failure(status.error()));
        });
      });
}

using Find = std::function<Result<delivery::Position>(View&)>;

/// "at=17" or "before=2026-01-01T00:00:00Z"; empty for anything else.
Find position_asked_for(const http::Request& request) {
  const auto query = http::parse_query(request.query);
  if (!query.ok() || query.value().size() != 1) return nullptr;
  const auto& [name, text] = query.value().front();
  if (name == "at") {
    const auto seq = parse_count(text);
    if (seq) return [seq = *seq](View& log) { return delivery::position_at(log, seq); };
  }
  if (name == "before") {
    const auto time = parse_rfc3339(text);
    if (time.ok()) return [time = time.value()](View& log) { return delivery::position_before(log, time); };
  }
  return nullptr;
}

void tell_position(const Instances& instances, const http::Request& request,
                   const std::vector<std::string>& values, const http::Responder& respond) {
  module::Instance* producer = find(instances, values[0]);
  if (producer == nullptr) return respond(http::problem(404, "no module " + values[0] + " in this process"));
  const Find find_position = position_asked_for(request);
  if (!find_position) return respond(http::problem(400, "ask with at=SEQ, or with before=TIME"));
  const auto found = std::make_shared<Result<delivery::Position>>(delivery::Position{});
  producer->inspect([found, find_position](View& log) { *found = find_position(log); },
                    [found, respond, name = values[0]](const Status& status) {
                      if (!status.ok()) return respond(failure(status.error()));
                      if (!found->ok()) return respond(failure(found->error()));
                      respond({.headers = {{"Content-Type", "text/plain; charset=utf-8"}},
                               .body = name + '/' + to_text(found->value()) + '\n'});
                    });
}

void rewind(const Instances& instances, const std::vector<std::string>& values,
            const http::Responder& respond) {
  module::Instance* subscriber = find(instances, values[0]);
  if (subscriber == nullptr)
    return respond(http::problem(404, "no module " + values[0] + " in this process"));
  const auto to = delivery::parse_position(values[2] + '/' + values[3] + '/' + values[4]);
  if (!to.ok()) return respond(failure(to.error()));
  subscriber->rewind(values[1], to.value(), [respond](const Status& status) {
    respond(status.ok() ? http::Response{.status = 204} : failure(status.error()));
  });
}

/// Collects what several modules say; answers when the last one has.
class Collection {
 public:
  explicit Collection(http::Responder respond) : respond_(std::move(respond)) {}
  ~Collection() { respond_(failure_ ? failure(*failure_) : json_answer("{\"items\":[" + items_ + "]}")); }
  Collection(const Collection&) = delete;
  Collection& operator=(const Collection&) = delete;

  void add(std::string_view item) {
    const std::lock_guard lock{mutex_};
    if (!items_.empty()) items_ += ',';
    items_ += item;
  }
  /// A module could not say anything: then the whole is not known.
  void fail(const Error& error) {
    const std::lock_guard lock{mutex_};
    failure_ = error;
  }

 private:
  http::Responder respond_;
  std::mutex mutex_;
  std::string items_;             // guarded by mutex_
  std::optional<Error> failure_;  // guarded by mutex_
};

std::string to_json(const std::string& module, const saga::Progress& saga, const Moment& now) {
  std::string body;
  json::Writer out{body};
  out.begin_object();
  json::member(out, "module", module);
  json::member(out, "saga", saga.saga);
  json::member(out, "id", saga.id);
  json::member(out, "status", saga.status);
  json::member(out, "step", std::int64_t{saga.step});
  json::member(out, "attempt", std::int64_t{saga.attempt});
  json::member(out, "started_at", saga.started_at);
  json::member(out, "deadline", now.utc - (now.age - saga.deadline));
  out.end_object();
  return body;
}

}  // namespace

std::vector<gateway::Page> parked_pages(const Instances& instances) {
  using Action = module::Instance::ParkedAction;
  return {{"GET", "/admin/parked/{module}",
           [instances](const http::Request& request, const std::vector<std::string>& values,
                       http::Responder respond) { list_parked(instances, request, values, respond); }},
          resolve_page(instances, "retry", Action::retry),
          resolve_page(instances, "discard", Action::discard)};
}

std::vector<gateway::Page> rewind_pages(const Instances& instances) {
  return {
      {"GET", "/admin/positions/{producer}",
       [instances](const http::Request& request, const std::vector<std::string>& values,
                   const http::Responder& respond) { tell_position(instances, request, values, respond); }},
      change_page("/admin/rewind/{module}/{producer}/{epoch}/{seq}/{hash}",
                  [instances](const std::vector<std::string>& values, const http::Responder& respond) {
                    rewind(instances, values, respond);
                  })};
}

gateway::Page saga_page(const Instances& instances) {
  return {"GET", "/admin/sagas", [instances](const auto&, const auto&, http::Responder respond) {
            auto all = std::make_shared<Collection>(std::move(respond));
            for (module::Instance* instance : instances) {
              const std::string& name = instance->definition().name();
              instance->inspect(
                  [all, name, now = instance->moment()](View& view) {
                    for (const auto& saga : saga::stuck(view, now.age, page_rows)) {
                      all->add(to_json(name, saga, now));
                    }
                  },
                  [all](const Status& status) {
                    if (!status.ok()) all->fail(status.error());
                  });
            }
          }};
}

}  // namespace banyan::host
