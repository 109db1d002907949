#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "banyan/http/message.hpp"
#include "head_scan.hpp"

namespace banyan::http {

/// The properties of a request that its answer depends on.
struct Framing {
  bool head_only = false;   ///< The request was HEAD.
  bool http_1_0 = false;    ///< Keep-alive must be said, not taken for granted.
  bool keep_alive = false;  ///< The peer wants the connection to stay.
};

/// Cuts requests out of the bytes of one connection.
class RequestReader {
 public:
  struct Limits {
    std::size_t target_bytes_max;
    std::size_t header_bytes_max;
    std::size_t header_fields_max;
    std::size_t body_bytes_max;
  };
  enum class Progress {
    need_more,  ///< Call again with what is left of these bytes and with more of them.
    complete,   ///< take_request() has it.
    refused,    ///< refusal() says why; nothing more can be read from this peer.
  };

  explicit RequestReader(const Limits& limits);
  ~RequestReader();

  /// Takes what it can from the front of `bytes` and adds the number of bytes it is done with to `consumed`.
  Progress read(std::string_view bytes, std::size_t& consumed);

  /// Exactly once after `complete`; the next read() begins with the next request.
  Request take_request();
  const Framing& framing() const noexcept { return framing_; }
  const Refusal& refusal() const noexcept { return *refusal_; }

  /// The head is complete and bytes of the body are missing.
  bool in_body() const noexcept;
  /// The peer waits for "100 Continue" before it sends the body. True once per request.
  bool take_expectation() noexcept;

 private:
  class Parser;

  Progress refuse(const Refusal& refusal);
  Progress read_head(std::string_view bytes, std::size_t& consumed);
  Progress read_body(std::string_view bytes, std::size_t& consumed);
  Progress finish();

  Limits limits_;
  HeadScan scan_;
  std::unique_ptr<std::optional<Parser>> parser_;
  Framing framing_;
  std::optional<Refusal> refusal_;
  bool skipped_empty_line_ = false;
};

}  // namespace banyan::http
