#include "bad_requests.hpp"

namespace security {
namespace {

constexpr const char* id = "01939c5a-7b1e-7c3d-9a50-3f2b8e6d1c47";

std::string quoted(const std::string& text) { return '"' + text + '"'; }

/// The head of a POST with these fields beside Host, and `body` after it.
std::string post_with(const std::string& fields, const std::string& body,
                      const std::string& path = "/v1/customers") {
  return "POST " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + fields + "\r\n" + body;
}

std::string length_of(const std::string& body) {
  return "Content-Length: " + std::to_string(body.size()) + "\r\n";
}

std::string json_fields(const std::string& body) {
  return "Content-Type: application/json\r\n" + length_of(body);
}

std::string patch(const std::string& path, const std::string& fields, const std::string& body) {
  return "PATCH " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + json_fields(body) + fields +
         "\r\n" + body;
}

std::string with_nul(const std::string& before, const std::string& after) { return before + '\0' + after; }

std::string line(const std::string& quantity, const std::string& more = {}) {
  return R"({"product_id":")" + std::string{id} + R"(","quantity":)" + quantity + more + "}";
}

std::string money(const std::string& amount, const std::string& currency = R"("USD")") {
  return R"({"amount_minor":)" + amount + R"(,"currency":)" + currency + "}";
}

using Table = std::vector<BadRequest>;

Table broken_http() {
  const std::string host = "Host: a\r\n";
  return {
      {"HTTP/0.9", "GET /\r\n", 400, "bad-request"},
      {"no HTTP at all", "hello\r\n\r\n", 400, "bad-request"},
      {"a TLS greeting", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", 12), 400,
       "bad-request"},
      {"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "http-version-not-supported"},
      {"HTTP/1.2", "GET / HTTP/1.2\r\n" + host + "\r\n", 505, "http-version-not-supported"},
      {"bare line feeds", "GET / HTTP/1.1\nHost: a\n\n", 400, "bad-request"},
      {"NUL in the target", with_nul("GET /", " HTTP/1.1\r\n" + host + "\r\n"), 400, "bad-request"},
      {"a space in the target", "GET /a b HTTP/1.1\r\n" + host + "\r\n", 400, "bad-request"},
      {"a fragment in the target", "GET /a#b HTTP/1.1\r\n" + host + "\r\n", 400, "bad-request"},
      {"bytes beyond ASCII in the target", "GET /\xc3\xa4 HTTP/1.1\r\n" + host + "\r\n", 400, "bad-request"},
      {"a method with a control character", "GE\x01T / HTTP/1.1\r\n" + host + "\r\n", 400, "bad-request"},
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400, "bad-request"},
      {"two Hosts", "GET / HTTP/1.1\r\n" + host + host + "\r\n", 400, "bad-request"},
      {"a space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400, "bad-request"},
      {"a folded field", "GET / HTTP/1.1\r\n" + host + "X-A: 1\r\n 2\r\n\r\n", 400, "bad-request"},
      {"a field without a name", "GET / HTTP/1.1\r\n" + host + ": 1\r\n\r\n", 400, "bad-request"},
      {"NUL in a field", with_nul("GET / HTTP/1.1\r\n" + host + "X-A: ", "\r\n\r\n"), 400, "bad-request"},
      {"length and chunks", post_with("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
       400, "bad-request"},
      {"two lengths", post_with("Content-Length: 2\r\nContent-Length: 3\r\n", "{}"), 400, "bad-request"},
      {"a list of lengths", post_with("Content-Length: 2, 3\r\n", "{}"), 400, "bad-request"},
      {"a length with a sign", post_with("Content-Length: +2\r\n", "{}"), 400, "bad-request"},
      {"a negative length", post_with("Content-Length: -2\r\n", "{}"), 400, "bad-request"},
      {"a length beyond 64 bits", post_with("Content-Length: 99999999999999999999\r\n", "{}"), 400,
       "bad-request"},
      {"chunks that are compressed, too", post_with("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 400,
       "bad-request"},
      {"a chunk whose size is none", post_with("Transfer-Encoding: chunked\r\n", "x\r\nabc\r\n0\r\n\r\n"),
       400, "bad-request"},
      {"a chunk whose size overflows", post_with("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n"),
       400, "bad-request"},
      {"CONNECT", "CONNECT a:443 HTTP/1.1\r\n" + host + "\r\n", 501, "not-implemented"},
      {"an expectation that nobody meets", post_with("Expect: 200-ok\r\nContent-Length: 2\r\n", "{}"), 417,
       "expectation-failed"},
      {"a head that does not end", "GET / HTTP/1.1\r\nHost", 408, "request-timeout"},
      {"a body that does not end", post_with("Content-Length: 9\r\n", "{"), 408, "request-timeout"},
  };
}

Table wrong_operations() {
  return {
      {"a path that nobody serves", get("/v2/orders"), 404, "not-found"},
      {"a path with a slash too many", get("/v1/orders/"), 404, "not-found"},
      {"a path with dots", get("/v1/../admin/sagas"), 404, "not-found"},
      {"administration on the public port", get("/admin/parked/orders"), 404, "not-found"},
      {"a method that nobody knows", "BREW /v1/orders HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405,
       "method-not-allowed"},
      {"TRACE", "TRACE /v1/orders HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405,
       "method-not-allowed"},
      {"DELETE of what is not deleted", "DELETE /v1/orders HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
       405, "method-not-allowed"},
      {"a method in lower case", "get /v1/orders HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405,
       "method-not-allowed"},
      {"a body where none is taken",
       "GET /v1/orders HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}", 400,
       "bad-request"},
  };
}

Table broken_json() {
  const std::string path = "/v1/customers";
  return {
      {"an empty body", post(path, ""), 400, "json-syntax"},
      {"half a document", post(path, R"({"name":"A")"), 400, "json-syntax"},
      {"two documents", post(path, customer("a@example.com") + "{}"), 400, "json-syntax"},
      {"a comma too many", post(path, R"({"name":"A","email":"a@example.com",})"), 400, "json-syntax"},
      {"a comment", post(path, R"({/*A*/"name":"A","email":"a@example.com"})"), 400, "json-syntax"},
      {"single quotes", post(path, R"({'name':'A'})"), 400, "json-syntax"},
      {"a byte order mark", post(path, "\xEF\xBB\xBF" + customer("a@example.com")), 400, "json-syntax"},
      {"a control character in a string", post(path, "{\"name\":\"A\nB\"}"), 400, "json-syntax"},
      {"bytes that are no UTF-8", post(path, "{\"name\":\"\xFF\"}"), 400, "json-syntax"},
      {"an overlong form", post(path, "{\"name\":\"\xC0\xAF\"}"), 400, "json-syntax"},
      {"half a surrogate pair", post(path, R"({"name":"\ud800"})"), 400, "json-syntax"},
      {"a form", post(path, "name=A&email=a@example.com"), 400, "json-syntax"},
      {"a member twice", post(path, R"({"name":"A","name":"B","email":"a@example.com"})"), 400,
       "json-duplicate-member"},
      {"a member twice, once with an escape", post(path, R"({"name":"A","\u006eame":"B"})"), 400,
       "json-duplicate-member"},
      {"an array", post(path, "[]"), 400, "message-invalid", "#"},
      {"null", post(path, "null"), 400, "message-invalid", "#"},
      {"nothing of what is needed", post(path, "{}"), 400, "message-invalid", "#/name"},
      {"a member that nobody knows", post(path, customer("a@example.com", R"(,"is_admin":true)")), 400,
       "message-invalid", "#/is_admin"},
      {"a member that only an answer has", post(path, customer("a@example.com", R"(,"version":7)")), 400,
       "message-invalid", "#/version"},
      {"null where text is asked", post(path, R"({"name":null,"email":"a@example.com"})"), 400,
       "message-invalid", "#/name"},
      {"a number where text is asked", post(path, R"({"name":7,"email":"a@example.com"})"), 400,
       "message-invalid", "#/name"},
      {"text that is too short", post(path, R"({"name":"","email":"a@example.com"})"), 400, "message-invalid",
       "#/name"},
      {"an e-mail address that is none", post(path, customer("nobody")), 400, "message-invalid", "#/email"},
      {"a telephone number that is none", post(path, customer("a@example.com", R"(,"phone":"<script>")")),
       400, "message-invalid", "#/phone"},
  };
}

Table wrong_ids() {
  const std::string orders = "/v1/orders/";
  const auto invalid = [&](const std::string& what, const std::string& text) {
    return BadRequest{what, get(orders + text), 400, "message-invalid", "#/order_id"};
  };
  return {
      invalid("an id that is a number", "10248"),
      invalid("an id without hyphens", "01939c5a7b1e7c3d9a503f2b8e6d1c47"),
      invalid("an id in braces", "%7B" + std::string{id} + "%7D"),
      invalid("an id with a digit too many", std::string{id} + "0"),
      invalid("an id with a letter that is no digit", "g1939c5a-7b1e-7c3d-9a50-3f2b8e6d1c47"),
      invalid("SQL as an id", "1'%20OR%20'1'%3D'1"),
      invalid("a path as an id", "..%2F..%2Fetc%2Fpasswd"),
      {"NUL in an id", get(orders + "%00"), 400, "bad-request"},
      {"no UTF-8 in an id", get(orders + "%FF"), 400, "bad-request"},
      {"an id of nothing", get(orders + id), 404, "orders-unknown-order"},
      {"the nil id", get(orders + "00000000-0000-0000-0000-000000000000"), 404, "orders-unknown-order"},
      {"a number as an id in a body", post("/v1/orders", order(R"({"product_id":7,"quantity":1})")), 400,
       "message-invalid", "#/lines/0/product_id"},
      {"a customer's id that is none", get("/v1/orders?customer_id=me"), 400, "message-invalid",
       "#/customer_id"},
      {"the id of no customer", post("/v1/orders", order(line("1"))), 422, "orders-unknown-customer"},
  };
}

Table wrong_money() {
  const auto priced = [](const std::string& price) { return post("/v1/products", product(price)); };
  const std::string amount = "#/unit_price/amount_minor";
  const std::string currency = "#/unit_price/currency";
  return {
      {"a fraction of a cent", priced(money("1800.5")), 400, "message-invalid", amount},
      {"an amount in quotes", priced(money(R"("1800")")), 400, "message-invalid", amount},
      {"a negative amount", priced(money("-1")), 400, "message-invalid", amount},
      {"an amount beyond the limit", priced(money("1000000000001")), 400, "message-invalid", amount},
      {"an amount beyond 64 bits", priced(money("9223372036854775808")), 400, "json-number-range"},
      {"an amount beyond a double", priced(money("1e999")), 400, "json-number-range"},
      {"NaN", priced(money("NaN")), 400, "json-syntax"},
      {"infinity", priced(money("-Infinity")), 400, "json-syntax"},
      {"a zero before the amount", priced(money("007")), 400, "json-syntax"},
      {"a plus before the amount", priced(money("+7")), 400, "json-syntax"},
      {"an amount to base 16", priced(money("0x10")), 400, "json-syntax"},
      {"a currency in lower case", priced(money("1", R"("usd")")), 400, "message-invalid", currency},
      {"a currency of two letters", priced(money("1", R"("US")")), 400, "message-invalid", currency},
      {"a sign as a currency", priced(money("1", R"("€€€")")), 400, "message-invalid", currency},
      {"an amount without a currency", priced(R"({"amount_minor":1})"), 400, "message-invalid", currency},
      {"a currency without an amount", priced(R"({"currency":"USD"})"), 400, "message-invalid", amount},
      {"a bare number as a price", priced("18.00"), 400, "message-invalid", "#/unit_price"},
      {"a quantity of nothing", post("/v1/orders", order(line("0"))), 400, "message-invalid",
       "#/lines/0/quantity"},
      {"a negative quantity", post("/v1/orders", order(line("-1"))), 400, "message-invalid",
       "#/lines/0/quantity"},
      {"a discount above everything", post("/v1/orders", order(line("1", R"(,"discount_percent":101)"))), 400,
       "message-invalid", "#/lines/0/discount_percent"},
      {"a freight of another kind", post("/v1/orders", order(line("1"), R"(,"freight":5)")), 400,
       "message-invalid", "#/freight"},
      {"no lines at all", post("/v1/orders", order("")), 400, "message-invalid", "#/lines"},
  };
}

Table wrong_headers(const std::string& existing) {
  const std::string body = customer("h@example.com");
  const std::string right = json_fields(body);
  const std::string me = "/v1/customers/" + existing;
  const auto keyed = [&](const std::string& field) { return post_with(right + field, body); };
  return {
      {"no Idempotency-Key", keyed(""), 400, "bad-request"},
      {"an empty Idempotency-Key", keyed("Idempotency-Key:\r\n"), 400, "bad-request"},
      {"an Idempotency-Key of a space", keyed("Idempotency-Key: a b\r\n"), 400, "bad-request"},
      {"an Idempotency-Key beyond ASCII", keyed("Idempotency-Key: \xc3\xa4\r\n"), 400, "bad-request"},
      {"an Idempotency-Key that is too long", keyed("Idempotency-Key: " + std::string(256, 'k') + "\r\n"),
       400, "bad-request"},
      {"two Idempotency-Keys", keyed("Idempotency-Key: a\r\nIdempotency-Key: b\r\n"), 400, "bad-request"},
      {"an Idempotency-Key that was used for something else", post("/v1/customers", body, "baseline"), 422,
       "idempotency-key-reused"},
      {"no Content-Type", post_with(length_of(body) + "Idempotency-Key: a\r\n", body), 415,
       "unsupported-media-type"},
      {"a Content-Type that is not JSON",
       post_with(length_of(body) + "Idempotency-Key: a\r\nContent-Type: text/plain\r\n", body), 415,
       "unsupported-media-type"},
      {"two Content-Types", post_with(right + "Idempotency-Key: a\r\nContent-Type: text/plain\r\n", body),
       415, "unsupported-media-type"},
      {"a body that is compressed",
       post_with(right + "Idempotency-Key: a\r\nContent-Encoding: gzip\r\n", body), 415,
       "unsupported-media-type"},
      {"a change without If-Match", patch(me, "", R"({"name":"B"})"), 428, "precondition-required"},
      {"a change of any version", patch(me, "If-Match: *\r\n", R"({"name":"B"})"), 412,
       "precondition-failed"},
      {"a weak tag in If-Match", patch(me, "If-Match: W/\"v1\"\r\n", R"({"name":"B"})"), 412,
       "precondition-failed"},
      {"a tag of somebody else in If-Match", patch(me, "If-Match: \"abc\"\r\n", R"({"name":"B"})"), 412,
       "precondition-failed"},
      {"a version that is not current", patch(me, "If-Match: \"v9\"\r\n", R"({"name":"B"})"), 412,
       "users-stale-version"},
      {"If-Match and the version in the body", patch(me, "If-Match: \"v1\"\r\n", R"({"expected_version":1})"),
       400, "message-invalid", "#/expected_version"},
  };
}

Table wrong_queries() {
  const std::string orders = "/v1/orders?customer_id=" + std::string{id};
  return {
      {"a parameter that nobody knows", get("/v1/products?colour=red"), 400, "bad-request"},
      {"a parameter twice", get("/v1/products?limit=1&limit=2"), 400, "bad-request"},
      {"a parameter that is missing", get("/v1/orders"), 400, "message-invalid", "#/customer_id"},
      {"a page of nothing", get("/v1/products?limit=0"), 400, "message-invalid", "#/limit"},
      {"a page that is too long", get("/v1/products?limit=101"), 400, "message-invalid", "#/limit"},
      {"a page of a fraction", get("/v1/products?limit=1.5"), 400, "message-invalid", "#/limit"},
      {"a cursor that is none", get(orders + "&cursor=x"), 400, "orders-bad-cursor"},
      {"an encoding of nothing", get("/v1/search/products?q=%zz"), 400, "bad-request"},
      {"an encoding of no UTF-8", get("/v1/search/products?q=%C3%28"), 400, "bad-request"},
  };
}

Table too_large() {
  const std::string path = "/v1/customers";
  std::string fields;
  for (int i = 0; i < 101; ++i) fields += "X-" + std::to_string(i) + ": 1\r\n";
  std::string many = R"({"name":[0)";
  for (int i = 0; i < 10'000; ++i) many += ",0";
  std::string lines = line("1");
  for (int i = 0; i < 100; ++i) lines += ',' + line("1");
  return {
      {"a target that is too long", get("/v1/products?category=" + std::string(9000, 'a')), 414,
       "uri-too-long"},
      {"a head that is too large", get("/v1/products", "X-A: " + std::string(17'000, 'a') + "\r\n"), 431,
       "request-header-fields-too-large"},
      {"a head with too many fields", get("/v1/products", fields), 431, "request-header-fields-too-large"},
      {"a body that is too large", post(path, std::string((1 << 20) + 1, ' ')), 413, "content-too-large"},
      {"a body that says it is too large", post_with("Content-Length: 1048577\r\n", ""), 413,
       "content-too-large"},
      {"a chunk that is too large", post_with("Transfer-Encoding: chunked\r\n", "ffffffff\r\n"), 413,
       "content-too-large"},
      {"a document that is too deep", post(path, std::string(100'000, '[')), 400, "json-too-deep"},
      {"a document with too many elements", post(path, many + "]}"), 400, "json-too-many"},
      {"text that is too long",
       post(path, R"({"email":"a@example.com","name":)" + quoted(std::string(201, 'a')) + "}"), 400,
       "message-invalid", "#/name"},
      {"a list that is too long", post("/v1/orders", order(lines)), 400, "message-invalid", "#/lines"},
  };
}

}  // namespace

std::string post(const std::string& path, const std::string& body, const std::string& key) {
  return post_with(json_fields(body) + "Idempotency-Key: " + key + "\r\n", body, path);
}

std::string get(const std::string& target, const std::string& fields) {
  return "GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + fields + "\r\n";
}

std::string customer(const std::string& email, const std::string& more) {
  return R"({"name":"Maria Anders","email":)" + quoted(email) + more + "}";
}

std::string product(const std::string& unit_price, const std::string& sku) {
  return R"({"sku":)" + sku + R"(,"name":"Chai","category":"Beverages","unit_price":)" + unit_price +
         R"(,"initial_stock":39})";
}

std::string order(const std::string& line, const std::string& more) {
  return R"({"customer_id":)" + quoted(id) + R"(,"lines":[)" + line +
         R"(],"ship_to":{"name":"A","street":"B","city":"C","country":"D"},"payment_method":"tok_visa")" +
         more + "}";
}

std::vector<BadRequest> bad_requests(const std::string& existing) {
  std::vector<BadRequest> all;
  for (const Table& part : {broken_http(), wrong_operations(), broken_json(), wrong_ids(), wrong_money(),
                            wrong_headers(existing), wrong_queries(), too_large()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace security
