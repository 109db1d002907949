#include "cpp_tokens.hpp"

#include <algorithm>

namespace banyan::fuzz {
namespace {

class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) {}

  std::string run() {
    while (fault_.empty() && at_ < text_.size()) step();
    if (fault_.empty() && !open_.empty()) fault_ = "a bracket is not closed";
    return fault_;
  }

 private:
  bool follows(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  void step() {
    if (follows("//")) return skip_line();
    if (follows("R\"")) return skip_raw();
    const char c = text_[at_];
    if (c == '"') return skip_quoted('"');
    if (c == '\'' && !stands_in_a_number()) return skip_quoted('\'');
    if (c == '(' || c == '[' || c == '{') open_ += c;
    if (c == ')') close('(');
    if (c == ']') close('[');
    if (c == '}') close('{');
    const bool is_usual =
        c == '\n' || (c >= 0x20 && c < 0x7f && c != '`' && c != '@' && c != '$' && c != '\\');
    if (!is_usual) fault("a character that C++ does not use");
    ++at_;
  }

  bool stands_in_a_number() const { return at_ > 0 && text_[at_ - 1] >= '0' && text_[at_ - 1] <= '9'; }

  void skip_line() {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    if (text_.substr(at_, end - at_).ends_with('\\')) fault("a comment goes on on the next line");
    at_ = end;
  }

  void skip_raw() {
    const std::size_t begin = at_ + 2;
    const std::size_t open = text_.find('(', begin);
    if (open == text_.npos || open - begin > 16) return fault("a raw literal does not begin");
    const std::string mark = ")" + std::string{text_.substr(begin, open - begin)} + "\"";
    const std::size_t end = text_.find(mark, open);
    if (end == text_.npos) return fault("a raw literal does not end");
    at_ = end + mark.size();
    if (at_ < text_.size() && std::string_view{";,)} \n"}.find(text_[at_]) == std::string_view::npos) {
      fault("something is left behind a raw literal");
    }
  }

  void skip_quoted(char quote) {
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (text_[at_] == '\n') return fault("a literal does not end on its line");
      if (text_[at_] == '\\') ++at_;
    }
    if (at_ >= text_.size()) return fault("a literal does not end");
    ++at_;
  }

  void close(char bracket) {
    if (open_.empty() || open_.back() != bracket) return fault("a bracket closes another one");
    open_.pop_back();
  }

  void fault(std::string_view what) {
    if (!fault_.empty()) return;
    const auto line = 1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at_), '\n');
    fault_ = "line " + std::to_string(line) + ": " + std::string{what};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string open_;
  std::string fault_;
};

}  // namespace

std::string fault_in_cpp(std::string_view text) { return Scan{text}.run(); }

}  // namespace banyan::fuzz
