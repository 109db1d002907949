#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "banyan/message/descriptor.hpp"

namespace banyan::message {

/// How one OpenAPI operation carries a message: data that contractc generates and the gateway follows.
/// The message's JSON document is the request body's members plus one member per parameter.
struct HttpParameter {
  enum class In : std::uint8_t { path, query, header };
  enum class Type : std::uint8_t { string, integer, number, boolean };

  std::string_view name;  ///< As in the path template, the query, or the header's name.
  In in;
  Type type;               ///< How its text becomes a JSON value.
  std::string_view field;  ///< The message's member that it fills.
  bool required;
};

struct HttpRoute {
  std::string_view method;     ///< "GET", "POST", "PUT", "PATCH", "DELETE".
  std::string_view path;       ///< OpenAPI template: "/v1/orders/{order_id}".
  std::string_view operation;  ///< operationId.
  const Descriptor* message;   ///< The command or query that the operation carries.
  std::span<const HttpParameter> parameters;
  bool has_body;
  bool needs_idempotency_key;  ///< Every POST.
  int success_status;          ///< 200, 201, 202 or 204.
  /// The `Location` of the answer, or nullptr where the operation has none.
  std::string (*location)(const void* reply);
  /// The version behind the answer's strong `ETag`, or nullptr where the resource has none.
  std::int64_t (*version)(const void* reply);
  /// The opaque cursor of the next page (empty on the last), or nullptr where the answer is no page.
  std::string (*next_cursor)(const void* reply);
  /// A reader who has this version has all of the answer: it is 304 where `If-None-Match` names it.
  bool may_be_unchanged = false;
};

/// The HTTP status of a contract's business refusals; anything not listed follows from Errc.
struct HttpRefusal {
  std::string_view reason;  ///< "inventory.out_of_stock"
  int status;
  std::string_view title;
};

/// All of one module's HTTP surface.
struct HttpBinding {
  std::string_view module;
  std::span<const HttpRoute> routes;
  std::span<const HttpRefusal> refusals;
  std::string_view openapi_json;  ///< The module's document, as JSON.
};

}  // namespace banyan::message
