#pragma once
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "banyan/delivery/tx.hpp"
#include "banyan/message/endpoint.hpp"

namespace banyan::module {

/// What the open transaction owes to the world once it is committed.
struct Group {
  std::size_t size = 0;      ///< Commands and messages in it.
  std::size_t messages = 0;  ///< Of other modules.
  delivery::Emissions emissions = {};
  std::vector<std::pair<message::ReplyHandler, message::Reply>> answers = {};
  std::set<std::string> producers = {};  ///< Whose messages it has taken.
  std::vector<std::function<void()>> after_commit = {};

  void answer(message::ReplyHandler to, message::Reply reply) {
    answers.emplace_back(std::move(to), std::move(reply));
  }
};

}  // namespace banyan::module
