#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "banyan/json/encode.hpp"
#include "banyan/message/descriptor.hpp"

namespace banyan::testing {

/// Text as a template argument.
template <std::size_t n>
struct Name {
  char text[n]{};
  constexpr Name(const char (&from)[n]) { std::copy_n(from, n, text); }
  constexpr std::string_view view() const { return {text, n - 1}; }
};

/// A message for tests of the runtime, without a contract file. All have one shape; the type tells them
/// apart. `key` is the partition key; a `number` below zero breaks the contract.
///
///   using Added = Sample<"counter.added.v1", message::Kind::reply>;
///   using Add = Sample<"counter.add.v1", message::Kind::command, Added>;
template <Name type_, message::Kind kind_, class AnswerType = void, bool is_domain_ = false>
struct Sample {
  using Answer = AnswerType;

  std::string key = {};
  std::int64_t number = 0;
  std::string text = {};

  static const message::Descriptor& descriptor() {
    static constexpr std::string_view name = type_.view();
    static const message::Descriptor type{
        .type = name,
        .module = name.substr(0, name.find('.')),
        .kind = kind_,
        .is_domain = is_domain_,
        .answer = answer(),
        .encode = json::encode<Sample>,
        .decode = json::decode<Sample>,
        .key = [](const void* value) { return static_cast<const Sample*>(value)->key; },
    };
    return type;
  }

  friend void read(const json::Input& in, Sample& to) {
    json::Members members{in};
    members.required("key", to.key);
    members.required("number", to.number, json::IntegerRules{.min = 0});
    members.required("text", to.text);
    members.refuse_others({"key", "number", "text"});
  }

  friend void write(json::Writer& out, const Sample& value) {
    out.begin_object();
    json::member(out, "key", value.key);
    json::member(out, "number", value.number);
    json::member(out, "text", value.text);
    out.end_object();
  }

  friend bool operator==(const Sample&, const Sample&) = default;

 private:
  static const message::Descriptor* answer() {
    if constexpr (std::is_void_v<AnswerType>)
      return nullptr;
    else
      return &AnswerType::descriptor();
  }
};

/// An event that stays inside its module.
template <Name type_>
using DomainEvent = Sample<type_, message::Kind::event, void, true>;

}  // namespace banyan::testing
