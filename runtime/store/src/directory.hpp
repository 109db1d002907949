#pragma once
#include <string>
#include <string_view>
#include <utility>

#include "banyan/base/result.hpp"
#include "banyan/store/folder.hpp"
#include "banyan/store/options.hpp"

namespace banyan::store {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor();

  bool is_open() const noexcept { return number_ >= 0; }
  int number() const noexcept { return number_; }

 private:
  int number_;
};

/// The absolute path of a file in the store's directory. SQLite would take a relative "file:x" for a URI.
std::string path_of(const Options& options, std::string_view file);

/// The system's error of the last call, as unavailable "store.directory".
Error system_error(std::string_view what);

/// Whether the name is there. One that can't be looked at is no answer.
Result<bool> has_name(const std::string& path);

/// Makes an empty file, mode 0600, which SQLite then gives to the files beside it. One that exists stays as
/// it is.
Status make_file(const std::string& path);

/// Makes names created or removed in a directory durable.
Status sync_directory(const std::string& path);

}  // namespace banyan::store
