#pragma once
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/json/value.hpp"

/// Makes documents for a JSON Schema: such as it allows, as far as it can, and such with something wrong in
/// them. Equal seeds make equal documents.
class Documents {
 public:
  /// `root` is the document in which the schemas' $refs lead somewhere; it is kept alive by the caller.
  Documents(const banyan::json::Value& root, std::uint64_t seed) : root_(root), chance_(seed) {}

  banyan::json::Value make(const banyan::json::Value& schema);
  /// Changes `document` in one place: drops, adds, retypes, stretches or empties something.
  void spoil(banyan::json::Value& document);
  /// A number from 0 to `end` - 1.
  std::size_t pick(std::size_t end);

 private:
  template <class T>
  const T& one_of(const std::vector<T>& all) {
    return all[pick(all.size())];
  }

  const banyan::json::Value& resolve(const banyan::json::Value& schema) const;
  banyan::json::Value make_object(const banyan::json::Value& schema);
  banyan::json::Value make_array(const banyan::json::Value& schema);
  banyan::json::Value make_integer(const banyan::json::Value& schema);
  banyan::json::Value make_number(const banyan::json::Value& schema);
  std::string make_string(const banyan::json::Value& schema);

  void spoil_object(banyan::json::Object& object);
  void spoil_array(banyan::json::Array& array);
  void spoil_integer(banyan::json::Value& value);
  void spoil_string(std::string& text);

  const banyan::json::Value& root_;
  std::mt19937_64 chance_;
};
