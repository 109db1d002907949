#pragma once
#include <string>
#include <string_view>

#include "banyan/base/clock.hpp"
#include "banyan/http/message.hpp"
#include "request_reader.hpp"

namespace banyan::http {

/// True if the answer can be sent as it is: a final status, header names that are tokens, values without
/// control characters (which could begin a header, or an answer, of their own).
bool is_sendable(const Response& response) noexcept;

/// Appends the answer as it goes over the wire. `date_line` is a whole line with its CR LF.
void append_answer(std::string& output, const Response& response, const Framing& framing, bool close,
                   std::string_view date_line);

/// "Date: Sun, 06 Nov 1994 08:49:37 GMT" and CR LF.
std::string date_line(Timestamp time);

}  // namespace banyan::http
