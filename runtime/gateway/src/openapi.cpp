#include <algorithm>

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

// Adds the elements that are not there yet.
void unite(json::Array& into, const json::Array& from) {
  for (const json::Value& value : from) {
    const std::string text = json::to_string(value);
    const auto same = [&](const json::Value& other) { return json::to_string(other) == text; };
    if (std::none_of(into.begin(), into.end(), same)) into.push_back(value);
  }
}

}  // namespace

Result<std::string> merge_openapi(const std::vector<std::string_view>& documents) {
  json::Array servers;
  json::Array tags;
  json::Object parts{{"paths", json::Value{json::Object{}}}};
  for (const std::string_view text : documents) {
    auto document = json::parse(text, document_limits);
    if (!document.ok()) return document.error();
    for (const auto& [name, into] : {std::pair{"servers", &servers}, std::pair{"tags", &tags}}) {
      const json::Value* list = document.value().find(name);
      if (list != nullptr && list->if_a<json::Array>() != nullptr) unite(*into, *list->if_a<json::Array>());
    }
    for (const char* part : {"paths", "components"}) {
      const json::Value* value = document.value().find(part);
      if (value == nullptr) continue;
      const json::Object only{{part, *value}};
      if (const Status status = unite(parts, only, "#"); !status.ok()) return status.error();
    }
  }
  json::Object merged{{"openapi", json::Value{std::string{"3.1.0"}}},
                      {"info", json::Value{json::Object{{"title", json::Value{std::string{"Banyan"}}},
                                                        {"version", json::Value{std::string{"1.0.0"}}}}}},
                      {"servers", json::Value{std::move(servers)}},
                      {"tags", json::Value{std::move(tags)}}};
  std::move(parts.begin(), parts.end(), std::back_inserter(merged));
  return json::to_string(json::Value{std::move(merged)});
}

}  // namespace banyan::gateway
