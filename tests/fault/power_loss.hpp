#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "disk_records.h"

namespace fault {

/// Files by their paths below a folder, and their contents; without one it is a folder.
using Tree = std::map<std::string, std::optional<std::string>>;

Tree read_tree(const std::string& folder);
/// Into a folder that is there. Throws if it can't be written.
void write_tree(const Tree& tree, const std::string& folder);

/// The content that a disk may hold after the power went away. Of each file that is its content at its last
/// sync, and of the changes since then a random part: sectors of 512 B or 4 KiB, in any order, cuts and
/// growth. After a sync that failed nobody knows what it has written, and later ones do not write it again. A
/// name is made, removed and moved for certain once its folder was synced; until then it is there or not.
/// SQLite's indices
/// (-shm) are rubbish or missing.
class PowerLoss {
 public:
  /// `before` is what was below `root`, all of it certain, when the trace began.
  PowerLoss(std::string root, Tree before, std::string trace);
  PowerLoss(const PowerLoss&) = delete;
  PowerLoss& operator=(const PowerLoss&) = delete;

  /// The power can go away after each of so many records.
  std::size_t records() const { return records_.size(); }
  /// The marks of the test among the first `count` records.
  std::vector<std::string> marks(std::size_t count) const;
  /// After the first `count` records. The same seed makes the same image.
  Tree image(std::size_t count, std::uint64_t seed) const;

 private:
  struct Record {
    disk_record head;
    std::string_view bytes;
  };
  class Disk;

  const std::string root_;
  const Tree before_;
  const std::string trace_;
  std::vector<Record> records_;
};

}  // namespace fault
