#include "banyan/backup/set.hpp"

#include <filesystem>

#include "banyan/delivery/inbox.hpp"
#include "banyan/store/failure.hpp"
#include "banyan/store/maintenance.hpp"
#include "copies.hpp"
#include "files.hpp"
#include "snapshots.hpp"

namespace banyan::backup {
namespace {

namespace fs = std::filesystem;

/// Where the log of the snapshot ends.
Status read_log_of(store::ReadTransaction& store, Copy& copy) {
  try {
    copy.epoch = store.find<Uuid>("SELECT epoch FROM banyan_log WHERE id = 1").value_or(Uuid{});
    copy.head =
        store.find<std::uint64_t>("SELECT seq FROM banyan_outbox ORDER BY seq DESC LIMIT 1").value_or(0);
    return success();
  } catch (const store::Failure& failure) {
    return failure.error();
  }
}

/// Whether the log that a copy keeps from starting over is still of a bearable length.
Status check_log(const store::Options& store) {
  std::error_code ignored;
  const auto bytes = fs::file_size(store.directory + "/" + store.file_name + "-wal", ignored);
  if (ignored || bytes <= log_bytes_max) return success();
  return Error{
      Errc::resource_exhausted, "backup.log_too_long",
      "its write-ahead log has grown beyond " + std::to_string(log_bytes_max >> 20) +
          " MiB while it was copied; next: the same again when less is written, or to a faster disk"};
}

Status check_empty(const std::string& folder) {
  std::error_code error;
  const bool is_empty = fs::is_empty(folder, error);
  if (error) return Error{Errc::unavailable, "backup.file", folder + ": " + error.message()};
  if (is_empty) return success();
  const bool is_set = is_there(folder + "/" + std::string{manifest_name});
  return Error{Errc::already_exists, "backup.not_empty",
               folder + (is_set ? " holds a set already" : " is not empty, and holds no whole set") +
                   "; next: take another folder, or remove it: rm -r " + folder};
}

bool are_there(std::span<const ModuleStore> stores, const Console& console) {
  bool all = true;
  for (const ModuleStore& store : stores) {
    const Status there = store::check_there(store.options);
    if (!there.ok()) all = console.fail(store.module, there.error());
  }
  return all;
}

Result<Copy> copy_one(const ModuleStore& store, store::Reader& snapshot, const std::string& to) {
  Copy copy{.module = store.module, .file = store.module + ".db"};
  if (const Status read = read_log_of(snapshot.transaction(), copy); !read.ok()) return read.error();
  const std::string target = to + "/" + copy.file;
  const Status copied = snapshot.copy_to(target, [&] { return check_log(store.options); });
  if (!copied.ok()) return copied.error();
  return copy;
}

/// The copies are read again for it: what the disk took, and not what it was given.
Status add_checksums(Manifest& manifest, const std::string& folder) {
  for (Copy& copy : manifest.copies) {
    const auto sum = checksum_of(folder + "/" + copy.file);
    if (!sum.ok()) return sum.error();
    copy.sha256 = sum.value().sha256;
    copy.bytes = sum.value().bytes;
  }
  return success();
}

Status check_sum(const Copy& copy, const std::string& folder) {
  const std::string path = folder + "/" + copy.file;
  if (!is_there(path)) return Error{Errc::not_found, "backup.copy_missing", "there is no " + path};
  const auto sum = checksum_of(path);
  if (!sum.ok()) return sum.error();
  return check_sum(copy, sum.value(), path);
}

}  // namespace

Status check_sum(const Copy& copy, const Checksum& sum, const std::string& path) {
  if (sum.sha256 == copy.sha256 && sum.bytes == copy.bytes) return success();
  return Error{Errc::data_loss, "backup.changed_copy",
               path + " is not as it was written: another checksum than in " + std::string{manifest_name} +
                   "; next: take another set"};
}

std::vector<ModuleStore> stores_in(const Manifest& manifest, const std::string& folder) {
  std::vector<ModuleStore> stores;
  for (const Copy& copy : manifest.copies) {
    stores.push_back({copy.module, {.directory = folder, .file_name = copy.file}});
  }
  return stores;
}

bool back_up(std::span<const ModuleStore> stores, const std::string& to, const Console& console) {
  if (!are_there(stores, console)) return false;
  Status status = make_folder(to);
  if (status.ok()) status = check_empty(to);
  if (!status.ok()) return console.fail("backup", status.error());

  auto taken = Snapshots::take(stores, console);
  if (!taken.ok()) return console.fail("backup", taken.error());
  IdSource ids{console.clock, console.random};
  Manifest manifest{.id = ids.next(), .version = console.version, .made_at = console.clock.utc()};
  for (std::size_t i = 0; i < stores.size(); ++i) {
    auto copy = copy_one(stores[i], taken.value().snapshot(i), to);
    taken.value().release(i);
    if (!copy.ok()) return console.fail(stores[i].module, copy.error());
    manifest.copies.push_back(std::move(copy).value());
  }
  status = add_checksums(manifest, to);
  if (status.ok()) status = write_manifest(to, manifest);
  if (!status.ok()) return console.fail("backup", status.error());
  if (!check_set(to, console)) return false;
  console.say("a set of " + std::to_string(stores.size()) + " is in " + to);
  return true;
}

bool check_set(const std::string& folder, const Console& console) {
  const auto manifest = read_manifest(folder);
  if (!manifest.ok()) return console.fail("set", manifest.error());
  const std::vector<ModuleStore> stores = stores_in(manifest.value(), folder);
  bool all_well = true;
  for (std::size_t i = 0; i < stores.size(); ++i) {
    const Status sum = check_sum(manifest.value().copies[i], folder);
    if (!sum.ok()) {
      all_well = console.fail(stores[i].module, sum.error());
    } else if (is_whole(stores[i], stores, console.clock, console.complain)) {
      console.say(stores[i].module + ": ok");
    } else {
      all_well = false;
    }
  }
  return all_well;
}

}  // namespace banyan::backup
