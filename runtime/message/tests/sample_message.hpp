#pragma once
#include <cstdint>
#include <string>

#include "banyan/json/encode.hpp"
#include "banyan/message/descriptor.hpp"

/// The code that contractc would generate for one command.
namespace sample {

struct Reserve {
  std::string product;
  std::int64_t quantity = 0;

  static const banyan::message::Descriptor& descriptor();
};

inline void read(const banyan::json::Input& in, Reserve& to) {
  banyan::json::Members members{in};
  members.required("product", to.product, banyan::json::StringRules{.length_min = 1});
  members.required("quantity", to.quantity, banyan::json::IntegerRules{.min = 1});
  members.refuse_others({"product", "quantity"});
}

inline void write(banyan::json::Writer& out, const Reserve& value) {
  out.begin_object();
  banyan::json::member(out, "product", value.product);
  banyan::json::member(out, "quantity", value.quantity);
  out.end_object();
}

inline const banyan::message::Descriptor& Reserve::descriptor() {
  static constexpr banyan::message::Descriptor type{
      .type = "sample.reserve.v1",
      .module = "sample",
      .kind = banyan::message::Kind::command,
      .encode = banyan::json::encode<Reserve>,
      .decode = banyan::json::decode<Reserve>,
      .key = [](const void* value) { return static_cast<const Reserve*>(value)->product; },
  };
  return type;
}

}  // namespace sample
