#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

#include "banyan/base/result.hpp"

namespace banyan::nats {

/// True for 1 to 64 of A-Z, a-z, 0-9, '_' and '-': what every part of a subject, and every name of a stream
/// or consumer, is made of. The server's protocol is lines of text, and cnats sends a subject as it is:
/// anything else could end the line and smuggle in another command.
bool is_token(std::string_view text) noexcept;

/// Where a message is sent to: tokens joined by dots, at most 255 bytes. A value; threads: immutable, safe.
class Subject {
 public:
  /// Errors: invalid_argument "nats.bad_subject": no token, one that is_token() refuses, or too long.
  static Result<Subject> of(std::initializer_list<std::string_view> tokens);
  /// The same for text with dots. The first token may begin with '$', like all subjects of the server itself.
  static Result<Subject> parse(std::string_view text);

  const std::string& text() const noexcept { return text_; }
  friend bool operator==(const Subject&, const Subject&) = default;

 private:
  explicit Subject(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// The pattern of a subscription: a subject in which whole tokens may be "*", and the last one ">".
class Pattern {
 public:
  /// Errors: invalid_argument "nats.bad_subject".
  static Result<Pattern> parse(std::string_view text);

  const std::string& text() const noexcept { return text_; }

 private:
  explicit Pattern(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace banyan::nats
