#include "power_loss.hpp"

#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <sstream>
#include <stdexcept>

namespace fault {

namespace fs = std::filesystem;
using std::string;
using std::string_view;

namespace {

string read_file(const fs::path& path) {
  std::ostringstream bytes;
  bytes << std::ifstream{path, std::ios::binary}.rdbuf();
  return bytes.str();
}

bool is_index(const string& path) { return path.ends_with("-shm"); }

string parent_of(const string& path) { return fs::path{path}.parent_path().string(); }

/// How much of what was not synced is there, and how it is torn.
struct Luck {
  explicit Luck(std::uint64_t seed) : engine(seed) {
    constexpr std::array shares{0.0, 0.1, 0.5, 0.9, 1.0};
    const auto any = [&] { return shares[engine() % shares.size()]; };
    changes = any();
    names = any();
    sector = engine() % 2 == 0 ? 512 : 4096;
  }
  bool has(double share) { return std::bernoulli_distribution{share}(engine); }

  std::mt19937_64 engine;
  double changes;
  double names;
  std::size_t sector;
};

struct Change {
  disk_record head;
  string_view bytes;
};

/// A file's certain content, and what was done to it since.
struct File {
  string content;
  std::vector<Change> changes;

  void apply(const Change& change) {
    const auto offset = static_cast<std::size_t>(change.head.offset);
    const std::size_t end = offset + change.bytes.size();
    if (change.head.event == disk_cut) content.resize(offset);
    if (content.size() < end) content.resize(end);
    content.replace(offset, change.bytes.size(), change.bytes);
  }
  void sync() {
    for (const Change& change : changes) apply(change);
    changes.clear();
  }
  /// A part of it.
  void sync(Luck& luck) {
    for (const Change& change : changes) {
      if (change.head.event == disk_written) {
        write_sectors(change, luck);
      } else if (luck.has(luck.changes)) {
        apply(change);
      }
    }
    changes.clear();
  }

 private:
  void write_sectors(Change change, Luck& luck) {
    while (!change.bytes.empty()) {
      const std::size_t to_end = luck.sector - change.head.offset % luck.sector;
      const string_view piece = change.bytes.substr(0, to_end);
      if (luck.has(luck.changes)) apply({.head = change.head, .bytes = piece});
      change.head.offset += piece.size();
      change.bytes.remove_prefix(piece.size());
    }
  }
};

using Node = std::shared_ptr<File>;  ///< Null: a folder.
using Names = std::map<string, Node>;

/// A name that was made (`from` is empty), moved, or removed (`to` is empty).
struct NameChange {
  string from;
  string to;
  Node node;

  const string& path() const { return to.empty() ? from : to; }
  void apply(Names& names) const {
    if (!from.empty()) names.erase(from);
    if (!to.empty()) names[to] = node;
  }
};

}  // namespace

/// The disk as the records make it.
class PowerLoss::Disk {
 public:
  Disk(const string& root, const Tree& before, std::uint64_t seed) : root_(root), luck_(seed) {
    for (const auto& [path, content] : before) {
      certain_[path] = content ? std::make_shared<File>(File{.content = *content, .changes = {}}) : nullptr;
    }
    now_ = certain_;
  }

  void add(const Record& record) {
    const string_view bytes = record.bytes;
    switch (record.head.event) {
      case disk_found:
        by_number_[record.head.file] = now_.at(relative(bytes));
        break;
      case disk_created:
        change_name({.from = "", .to = relative(bytes), .node = new_file(record.head.file)});
        break;
      case disk_folder_made:
        change_name({.from = "", .to = relative(bytes), .node = nullptr});
        break;
      case disk_removed:
        change_name({.from = relative(bytes), .to = "", .node = nullptr});
        break;
      case disk_moved: {
        const string from = relative(bytes.substr(0, bytes.find('\0')));
        change_name(
            {.from = from, .to = relative(bytes.substr(bytes.find('\0') + 1)), .node = now_.at(from)});
        break;
      }
      case disk_written:
      case disk_cut:
      case disk_grown:
        by_number_.at(record.head.file)->changes.push_back({record.head, bytes});
        break;
      case disk_synced:
        by_number_.at(record.head.file)->sync();
        break;
      case disk_sync_failed:
        by_number_.at(record.head.file)->sync(luck_);
        break;
      case disk_folder_synced:
        sync_folder(relative(bytes));
        break;
      default:
        break;
    }
  }

  /// Now the power goes away.
  Tree loss() {
    for (const NameChange& change : unsure_) {
      if (luck_.has(luck_.names)) change.apply(certain_);
    }
    Tree tree;
    for (const auto& [path, node] : certain_) {
      if (is_index(path) || !is_reached(path)) continue;
      if (node) node->sync(luck_);
      tree[path] = node ? std::optional{node->content} : std::nullopt;
      if (path.ends_with("-wal") && luck_.has(0.5)) add_rubbish(tree, path);
    }
    return tree;
  }

 private:
  string relative(string_view path) const {
    return path.size() <= root_.size() ? "" : string{path.substr(root_.size() + 1)};
  }

  Node new_file(std::uint32_t number) { return by_number_[number] = std::make_shared<File>(); }

  void change_name(NameChange change) {
    change.apply(now_);
    unsure_.push_back(std::move(change));
  }

  void sync_folder(const string& folder) {
    std::vector<NameChange> others;
    for (NameChange& change : unsure_) {
      if (parent_of(change.path()) == folder) {
        change.apply(certain_);
      } else {
        others.push_back(std::move(change));
      }
    }
    unsure_ = std::move(others);
  }

  /// Whether all folders above it are there.
  bool is_reached(const string& path) const {
    for (string folder = parent_of(path); !folder.empty(); folder = parent_of(folder)) {
      if (!certain_.contains(folder)) return false;
    }
    return true;
  }

  void add_rubbish(Tree& tree, const string& log) {
    string rubbish(32 << 10, '\0');
    for (char& byte : rubbish) byte = static_cast<char>(luck_.engine());
    tree[log.substr(0, log.size() - 3) + "shm"] = std::move(rubbish);
  }

  const string& root_;
  Luck luck_;
  Names now_;
  Names certain_;
  std::vector<NameChange> unsure_;
  std::map<std::uint32_t, Node> by_number_;
};

PowerLoss::PowerLoss(string root, Tree before, string trace)
    : root_(std::move(root)), before_(std::move(before)), trace_(std::move(trace)) {
  // The last one may be torn: the process was killed.
  for (string_view rest = trace_; rest.size() >= sizeof(disk_record);) {
    Record record{};
    std::memcpy(&record.head, rest.data(), sizeof record.head);
    rest.remove_prefix(sizeof record.head);
    if (rest.size() < record.head.size) return;
    record.bytes = rest.substr(0, record.head.size);
    rest.remove_prefix(record.head.size);
    records_.push_back(record);
  }
}

std::vector<string> PowerLoss::marks(std::size_t count) const {
  std::vector<string> marks;
  for (std::size_t i = 0; i < count; ++i) {
    if (records_[i].head.event == disk_mark) marks.emplace_back(records_[i].bytes);
  }
  return marks;
}

Tree PowerLoss::image(std::size_t count, std::uint64_t seed) const {
  Disk disk{root_, before_, seed};
  for (std::size_t i = 0; i < count; ++i) disk.add(records_[i]);
  return disk.loss();
}

Tree read_tree(const string& folder) {
  Tree tree;
  for (const auto& entry : fs::recursive_directory_iterator{folder}) {
    const string path = fs::relative(entry.path(), folder).string();
    tree[path] = entry.is_directory() ? std::nullopt : std::optional{read_file(entry.path())};
  }
  return tree;
}

void write_tree(const Tree& tree, const string& folder) {
  for (const auto& [path, content] : tree) {
    const fs::path at = fs::path{folder} / path;
    if (!content) {
      fs::create_directory(at);
      continue;
    }
    std::ofstream file{at, std::ios::binary};
    file << *content << std::flush;
    if (!file) throw std::runtime_error("can't write " + at.string());
  }
}

}  // namespace fault
