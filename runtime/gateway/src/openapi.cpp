#include "banyan/gateway/gateway.hpp"
#include "banyan/json/parse.hpp"
#include "banyan/json/writer.hpp"

namespace banyan::gateway {
namespace {

constexpr json::ParseLimits document_limits{
    .bytes_max = 16 << 20, .depth_max = 128, .elements_max = 1'000'000};

json::Value* find(json::Object& object, std::string_view name) {
  for (auto& [key, value] : object) {
    if (key == name) return &value;
  }
  return nullptr;
}

// Adds what `into` lacks, and looks into objects that both have: a path that two modules serve by different
// methods is one path, a schema that both declare alike is one schema.
Status unite(json::Object& into, const json::Object& from, const std::string& where) {
  for (const auto& [name, value] : from) {
    json::Value* present = find(into, name);
    if (present == nullptr) {
      into.emplace_back(name, value);
      continue;
    }
    auto* objects = present->if_a<json::Object>();
    const auto* more = value.if_a<json::Object>();
    if (objects != nullptr && more != nullptr) {
      if (const Status status = unite(*objects, *more, where + "/" + name); !status.ok()) return status;
    } else if (json::to_string(*present) != json::to_string(value)) {
      return Error{Errc::internal, "gateway.openapi_clash", where + "/" + name};
    }
  }
  return success();
}

}  // namespace

Result<std::string> merge_openapi(const std::vector<std::string_view>& documents) {
  json::Object merged{{"openapi", json::Value{std::string{"3.1.0"}}},
                      {"info", json::Value{json::Object{{"title", json::Value{std::string{"Banyan shop"}}},
                                                        {"version", json::Value{std::string{"1.0.0"}}}}}}};
  for (const std::string_view text : documents) {
    auto document = json::parse(text, document_limits);
    if (!document.ok()) return document.error();
    for (const char* part : {"paths", "components"}) {
      const json::Value* value = document.value().find(part);
      if (value == nullptr) continue;
      const json::Object only{{part, *value}};
      if (const Status status = unite(merged, only, "#"); !status.ok()) return status.error();
    }
  }
  return json::to_string(json::Value{std::move(merged)});
}

}  // namespace banyan::gateway
