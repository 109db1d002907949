#include "banyan/config/schema.hpp"

#include <algorithm>
#include <utility>

namespace banyan::config {
namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

/// Parts of lower case letters, digits and underscores, each beginning with a letter, at least two of them.
bool is_key(std::string_view key) {
  char previous = '.';
  for (const char c : key) {
    const bool starts_part = previous == '.';
    const bool inside = is_lower(c) || (c >= '0' && c <= '9') || c == '_' || c == '.';
    if (starts_part ? !is_lower(c) : !inside) return false;
    previous = c;
  }
  return previous != '.' && key.find('.') != std::string_view::npos;
}

bool is_number(Type type) { return type == Type::integer || type == Type::duration || type == Type::bytes; }

bool is_allowed(const Setting& setting, const std::string& text) {
  const std::vector<std::string>& choices = setting.choices;
  const bool is_choice = choices.empty() || std::find(choices.begin(), choices.end(), text) != choices.end();
  return is_choice && (!setting.check || setting.check(text).ok());
}

bool is_allowed(const Setting& setting) {
  if (const auto* text = std::get_if<std::string>(&setting.initial)) return is_allowed(setting, *text);
  if (const auto* list = std::get_if<std::vector<std::string>>(&setting.initial)) {
    return std::all_of(list->begin(), list->end(),
                       [&](const std::string& element) { return is_allowed(setting, element); });
  }
  if (!is_number(setting.type)) return true;
  const auto value = std::get<std::int64_t>(setting.initial);
  return setting.range.min <= value && value <= setting.range.max;
}

std::int64_t to_signed(std::size_t bytes) {
  BANYAN_ASSERT(std::in_range<std::int64_t>(bytes));
  return static_cast<std::int64_t>(bytes);
}

template <class T>
std::function<void(const Value&)> assigns(T* target) {
  return [target](const Value& value) { *target = std::get<T>(value); };
}

Setting setting_of(std::string_view key, Type type, std::string_view help, Value initial,
                   std::function<void(const Value&)> assign) {
  return {.key = std::string{key},
          .type = type,
          .help = std::string{help},
          .initial = std::move(initial),
          .assign = std::move(assign)};
}

}  // namespace

void Schema::boolean(std::string_view key, bool* target, std::string_view help) {
  add(setting_of(key, Type::boolean, help, *target, assigns(target)));
}

void Schema::duration(std::string_view key, Duration* target, Range<Duration> range, std::string_view help) {
  Setting setting =
      setting_of(key, Type::duration, help, std::int64_t{target->count()},
                 [target](const Value& value) { *target = Duration{std::get<std::int64_t>(value)}; });
  setting.range = {range.min.count(), range.max.count()};
  add(std::move(setting));
}

void Schema::bytes(std::string_view key, std::size_t* target, Range<std::size_t> range,
                   std::string_view help) {
  Setting setting = setting_of(key, Type::bytes, help, to_signed(*target), [target](const Value& value) {
    *target = static_cast<std::size_t>(std::get<std::int64_t>(value));
  });
  setting.range = {to_signed(range.min), to_signed(range.max)};
  add(std::move(setting));
}

void Schema::text(std::string_view key, std::string* target, std::string_view help,
                  std::function<Status(const std::string&)> check) {
  Setting setting = setting_of(key, Type::text, help, *target, assigns(target));
  setting.check = std::move(check);
  add(std::move(setting));
}

void Schema::choice(std::string_view key, std::string* target, std::vector<std::string> allowed,
                    std::string_view help) {
  Setting setting = setting_of(key, Type::choice, help, *target, assigns(target));
  setting.choices = std::move(allowed);
  add(std::move(setting));
}

void Schema::list(std::string_view key, std::vector<std::string>* target, std::string_view help,
                  std::function<Status(const std::string&)> check) {
  Setting setting = setting_of(key, Type::list, help, *target, assigns(target));
  setting.check = std::move(check);
  add(std::move(setting));
}

void Schema::list(std::string_view key, std::vector<std::string>* target, std::vector<std::string> allowed,
                  std::string_view help) {
  Setting setting = setting_of(key, Type::list, help, *target, assigns(target));
  setting.choices = std::move(allowed);
  add(std::move(setting));
}

void Schema::secret(std::string_view key, Secret* target, std::string_view help) {
  Setting setting = setting_of(std::string{key} + "_file", Type::secret, help, std::string{}, {});
  setting.secret = target;
  add(std::move(setting));
}

void Schema::add(Setting setting) {
  BANYAN_ASSERT(is_key(setting.key));
  BANYAN_ASSERT(setting.help.find('\n') == std::string::npos);
  BANYAN_ASSERT(is_allowed(setting));
  // "a.b_c" and "a_b.c" are two keys but one variable.
  const std::string variable = environment_name(setting.key);
  for (const Setting& other : settings_) BANYAN_ASSERT(environment_name(other.key) != variable);
  settings_.push_back(std::move(setting));
}

std::string environment_name(std::string_view key) {
  std::string name = "BANYAN_";
  for (const char c : key)
    name.push_back(c == '.' ? '_' : is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c);
  return name;
}

}  // namespace banyan::config
