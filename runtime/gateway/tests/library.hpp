#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "banyan/gateway/gateway.hpp"
#include "banyan/json/encode.hpp"
#include "banyan/message/http_binding.hpp"
#include "banyan/telemetry/log_sinks.hpp"
#include "banyan/testing/manual_clock.hpp"
#include "banyan/testing/sample.hpp"
#include "banyan/testing/seeded_random.hpp"

/// A library's HTTP surface, for tests of the gateway: no sockets, no module.
namespace banyan::gateway {

using message::HttpParameter;

/// The answer of every operation.
struct Book {
  std::string isbn = "1";
  std::int64_t version = 7;
  std::string next = {};

  static const message::Descriptor& descriptor() {
    static constexpr message::Descriptor type{.type = "library.book.v1",
                                              .module = "library",
                                              .kind = message::Kind::reply,
                                              .encode = json::encode<Book>,
                                              .decode = nullptr,
                                              .key = [](const void*) { return std::string{}; }};
    return type;
  }
  friend void write(json::Writer& out, const Book& book) {
    out.begin_object();
    json::member(out, "isbn", book.isbn);
    json::member(out, "version", book.version);
    out.end_object();
  }
};

/// The body of every operation; the type tells them apart.
template <testing::Name type_, message::Kind kind_>
struct Question {
  std::optional<std::string> isbn = {};
  std::optional<std::string> shelf = {};
  std::optional<std::string> title = {};
  std::optional<std::int64_t> limit = {};
  std::optional<double> price_max = {};
  std::optional<bool> is_new = {};
  std::optional<std::int64_t> expected_version = {};

  static const message::Descriptor& descriptor() {
    static constexpr message::Descriptor type{.type = type_.view(),
                                              .module = "library",
                                              .kind = kind_,
                                              .answer = nullptr,
                                              .encode = nullptr,
                                              .decode = json::decode<Question>,
                                              .key = [](const void*) { return std::string{}; }};
    return type;
  }
  friend void read(const json::Input& in, Question& to) {
    json::Members members{in};
    members.optional("isbn", to.isbn, json::StringRules{.length_min = 1, .length_max = 13});
    members.optional("shelf", to.shelf);
    members.optional("title", to.title, json::StringRules{.length_min = 1, .length_max = 20});
    members.optional("limit", to.limit, json::IntegerRules{.min = 1, .max = 100});
    members.optional("price_max", to.price_max, json::NumberRules{.min = 0});
    members.optional("is_new", to.is_new);
    members.optional("expected_version", to.expected_version);
    members.refuse_others({"isbn", "shelf", "title", "limit", "price_max", "is_new", "expected_version"});
  }
};

using GetBook = Question<"library.get_book.v1", message::Kind::query>;
using ListBooks = Question<"library.list_books.v1", message::Kind::query>;
using NewestBook = Question<"library.newest_book.v1", message::Kind::query>;
using AddBook = Question<"library.add_book.v1", message::Kind::command>;
using ChangeBook = Question<"library.change_book.v1", message::Kind::command>;
using RemoveBook = Question<"library.remove_book.v1", message::Kind::command>;

inline const message::HttpBinding& library() {
  using In = HttpParameter::In;
  using Type = HttpParameter::Type;
  static constexpr HttpParameter isbn[] = {{"isbn", In::path, Type::string, "isbn", true}};
  // The other way round than in the path.
  static constexpr HttpParameter on_shelf[] = {{"isbn", In::path, Type::string, "isbn", true},
                                               {"shelf", In::path, Type::string, "shelf", true}};
  static constexpr HttpParameter page[] = {{"limit", In::query, Type::integer, "limit", false},
                                           {"price-max", In::query, Type::number, "price_max", false},
                                           {"new", In::query, Type::boolean, "is_new", false},
                                           {"title", In::query, Type::string, "title", false},
                                           {"cursor", In::query, Type::string, "shelf", false},
                                           {"X-Shelf", In::header, Type::string, "isbn", false}};
  static constexpr HttpParameter change[] = {
      {"isbn", In::path, Type::string, "isbn", true},
      {"If-Match", In::header, Type::integer, "expected_version", true}};
  static constexpr auto location = [](const void* reply) {
    return "/books/" + static_cast<const Book*>(reply)->isbn;
  };
  static constexpr auto version = [](const void* reply) { return static_cast<const Book*>(reply)->version; };
  static constexpr auto next = [](const void* reply) { return static_cast<const Book*>(reply)->next; };
  static const message::HttpRoute routes[] = {
      {"GET", "/books/{isbn}", "getBook", &GetBook::descriptor(), isbn, false, false, 200, nullptr, +version,
       nullptr, true},
      {"GET", "/shelves/{shelf}/books/{isbn}", "getOnShelf", &GetBook::descriptor(), on_shelf, false, false,
       200, nullptr, +version, nullptr},
      {"GET",
       "/books/newest",
       "newestBook",
       &NewestBook::descriptor(),
       {},
       false,
       false,
       200,
       nullptr,
       nullptr,
       nullptr},
      {"GET", "/books", "listBooks", &ListBooks::descriptor(), page, false, false, 200, nullptr, nullptr,
       +next},
      {"POST", "/books", "addBook", &AddBook::descriptor(), {}, true, true, 201, +location, nullptr, nullptr},
      {"PATCH", "/books/{isbn}", "changeBook", &ChangeBook::descriptor(), change, true, false, 200, nullptr,
       +version, nullptr},
      {"DELETE", "/books/{isbn}", "removeBook", &RemoveBook::descriptor(), isbn, false, false, 204, nullptr,
       nullptr, nullptr},
  };
  static constexpr message::HttpRefusal refusals[] = {{"library.unknown_book", 404, "No such book"},
                                                      {"library.lent_out", 423, "The book is lent out"}};
  static constexpr message::HttpBinding binding{
      "library", routes, refusals, R"({"openapi":"3.1.0","info":{"title":"library"},"paths":{"/books":{}}})"};
  return binding;
}

/// Notes what it is asked, and answers what it was told to.
struct FakeModule final : message::Endpoint {
  void submit(message::Request request) override {
    asked.push_back(request.parcel);
    idempotency = request.idempotency;
    if (holds) return held.push_back(std::move(request.reply));
    request.reply(answer);
  }

  message::Reply answer = message::Payload::of(Book{});
  bool holds = false;
  std::vector<message::ReplyHandler> held = {};
  std::vector<message::ParcelPtr> asked = {};
  std::optional<message::Idempotency> idempotency = {};
};

/// Keeps the first answer, and notes when nobody can answer any more.
struct Received {
  std::optional<http::Response> response = {};
  bool is_dropped = false;
};

class FakeSink final : public http::AnswerSink {
 public:
  explicit FakeSink(std::shared_ptr<Received> to) : to_(std::move(to)) {}
  ~FakeSink() override { to_->is_dropped = true; }
  void answer(http::Response response) noexcept override {
    if (!to_->response) to_->response = std::move(response);
  }

 private:
  std::shared_ptr<Received> to_;
};

/// A gateway before the library.
struct Edge {
  explicit Edge(std::vector<Page> pages = {}, GatewayOptions options = {})
      : gateway{{{&library(), &module, [this] { return refused_for; }}},
                std::move(pages),
                clock,
                random,
                ids,
                metrics,
                log,
                options} {}

  std::shared_ptr<Received> begin(http::Request request) {
    auto received = std::make_shared<Received>();
    gateway.on_request(std::move(request), http::Responder{std::make_shared<FakeSink>(received)});
    return received;
  }
  http::Response send(http::Request request) { return begin(std::move(request))->response.value(); }
  http::Response get(std::string path, std::string query = {}) {
    return send({.method = "GET", .path = std::move(path), .query = std::move(query)});
  }
  static http::Request post(std::string body) {
    return {.method = "POST",
            .path = "/books",
            .headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", "k"}},
            .body = std::move(body)};
  }

  /// The message that the module was asked last.
  template <class M>
  const M& asked() const {
    return module.asked.back()->payload.as<M>();
  }

  testing::ManualClock clock;
  testing::SeededRandom random{1};
  IdSource ids{clock, random};
  telemetry::Registry metrics;
  telemetry::CapturedLog lines;
  telemetry::Log log{lines, clock, "test", telemetry::Level::info};
  FakeModule module;
  Duration refused_for{};
  Gateway gateway;
};

/// A member of a problem document, as text.
inline std::string member(const http::Response& response, std::string_view name) {
  const auto document = json::parse(response.body);
  const json::Value* value = document.ok() ? document.value().find(name) : nullptr;
  if (value == nullptr) return {};
  const std::string* text = value->if_a<std::string>();
  return text != nullptr ? *text : json::to_string(*value);
}

inline std::string header(const http::Response& response, std::string_view name) {
  const std::string* value = response.headers.find(name);
  return value == nullptr ? std::string{} : *value;
}

}  // namespace banyan::gateway
