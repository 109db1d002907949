// A disk that fails as it is told and writes down what is done to it: for LD_PRELOAD.
//
//   FAULT_DISK_ROOT=FOLDER      what lies below it is on this disk; absolute. Without it nothing happens.
//   FAULT_DISK_FAIL=CALL:FIRST:TIMES:ERRNO
//                               of the calls of this kind (disk_records.h) the FIRST-th, from 1, and those
//                               after it fail, TIMES of them, 0: all. A write that fails has written its
//                               first half.
//   FAULT_DISK_FILES=TEXT       only calls on paths that contain it are counted, and fail
//   FAULT_DISK_COUNTS=FILE      struct disk_counts
//   FAULT_DISK_TRACE=FILE       each change is appended, as struct disk_record. An SQLite index (-shm) is
//   not:
//                               it is memory that happens to have a name.
//
// One process, which opens its files by absolute paths and duplicates no descriptor.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "disk_records.h"

enum { descriptors_max = 65536, files_max = 65536 };

// A file or a folder, for as long as the process runs: it may be removed and still be open.
struct file {
  pthread_mutex_t order;  // what is done to it is recorded in the order in which it was done
  uint32_t number;
  bool is_folder;
  bool is_recorded;
  char path[];
};

static struct {
  char root[4096];
  size_t root_size;
  unsigned call, first, times;
  int error;
  const char* only;
  int trace;
  struct disk_counts* counts;
  unsigned matching;
} disk = {.call = disk_calls, .trace = -1};

static struct disk_counts counts_nobody_reads;
static struct file* open_files[descriptors_max];

// Of all names; taken before a file's `order`.
static pthread_mutex_t names = PTHREAD_MUTEX_INITIALIZER;
static struct file* files[files_max];  // by number; NULL: it has no name any more
static uint32_t files_count;

static void give_up(const char* what) {
  dprintf(STDERR_FILENO, "faulty_disk: %s: %s\n", what, strerror(errno));
  _exit(127);
}

static void read_plan(const char* text) {
  static const char* const call_names[] = {DISK_CALL_NAMES};
  char name[16];
  if (sscanf(text, "%15[a-z]:%u:%u:%d", name, &disk.first, &disk.times, &disk.error) != 4)
    give_up("FAULT_DISK_FAIL is not CALL:FIRST:TIMES:ERRNO");
  for (disk.call = 0; disk.call < disk_calls && strcmp(name, call_names[disk.call]) != 0; ++disk.call) {
  }
  if (disk.call == disk_calls) give_up("FAULT_DISK_FAIL names no call");
}

static int open_outside(const char* path, int flags) {
  const int file = (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) give_up(path);
  return file;
}

__attribute__((constructor)) static void begin(void) {
  disk.counts = &counts_nobody_reads;
  const char* root = getenv("FAULT_DISK_ROOT");
  if (root == NULL) return;
  if (root[0] != '/' || strlen(root) >= sizeof disk.root) give_up("FAULT_DISK_ROOT is no absolute path");
  disk.only = getenv("FAULT_DISK_FILES");
  const char* plan = getenv("FAULT_DISK_FAIL");
  if (plan != NULL) read_plan(plan);
  const char* counts = getenv("FAULT_DISK_COUNTS");
  if (counts != NULL) {
    const int file = open_outside(counts, O_RDWR);
    if (syscall(SYS_ftruncate, file, sizeof *disk.counts) != 0) give_up(counts);
    disk.counts =
        (void*)syscall(SYS_mmap, NULL, sizeof *disk.counts, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (disk.counts == MAP_FAILED) give_up(counts);
  }
  const char* trace = getenv("FAULT_DISK_TRACE");
  if (trace != NULL) disk.trace = open_outside(trace, O_WRONLY | O_APPEND);
  strcpy(disk.root, root);
  disk.root_size = strlen(root);
}

static bool is_on_disk(const char* path) {
  if (disk.root_size == 0 || strncmp(path, disk.root, disk.root_size) != 0) return false;
  return path[disk.root_size] == '/' || path[disk.root_size] == 0;
}

// Whether this call is to fail; errno says how.
static bool fails(enum disk_call call, const char* path) {
  if (disk.only != NULL && strstr(path, disk.only) == NULL) return false;
  __atomic_add_fetch(&disk.counts->calls[call], 1, __ATOMIC_RELAXED);
  if (call != disk.call) return false;
  const unsigned at = __atomic_add_fetch(&disk.matching, 1, __ATOMIC_RELAXED);
  const bool is_in_turn = at >= disk.first && (disk.times == 0 || at - disk.first < disk.times);
  if (!is_in_turn || __atomic_load_n(&disk.counts->is_sound, __ATOMIC_ACQUIRE)) return false;
  __atomic_add_fetch(&disk.counts->failed, 1, __ATOMIC_RELAXED);
  errno = disk.error;
  return true;
}

// Is undivided, because the file is opened for appending.
static void record(enum disk_event event, uint32_t file, uint64_t offset, const void* bytes, size_t size) {
  if (disk.trace < 0) return;
  struct disk_record head = {.event = event, .file = file, .offset = offset, .size = size};
  const struct iovec parts[] = {{&head, sizeof head}, {(void*)bytes, size}};
  const int kept = errno;
  if (syscall(SYS_writev, disk.trace, parts, 2) != (long)(sizeof head + size)) give_up("the trace");
  errno = kept;
}

static void record_name(enum disk_event event, uint32_t file, const char* path) {
  record(event, file, 0, path, strlen(path));
}

static bool is_index(const char* path) {
  const size_t size = strlen(path);
  return size > 4 && strcmp(path + size - 4, "-shm") == 0;
}

// Under `names`.
static struct file* named(const char* path) {
  for (uint32_t i = 0; i < files_count; ++i) {
    if (files[i] != NULL && strcmp(files[i]->path, path) == 0) return files[i];
  }
  return NULL;
}

// Under `names`. A file that is renamed gets a new `struct file` with its old number.
static struct file* add_file(const char* path, uint32_t number, bool is_folder) {
  struct file* file = malloc(sizeof *file + strlen(path) + 1);
  if (file == NULL || files_count == files_max) give_up("too many files");
  pthread_mutex_init(&file->order, NULL);
  file->number = number;
  file->is_folder = is_folder;
  file->is_recorded = !is_folder && !is_index(path);
  strcpy(file->path, path);
  return files[files_count++] = file;
}

static struct file* file_of(int descriptor) {
  return descriptor >= 0 && descriptor < descriptors_max ? open_files[descriptor] : NULL;
}

static bool is_folder(int descriptor) {
  struct stat found;
  return syscall(SYS_newfstatat, descriptor, "", &found, AT_EMPTY_PATH) == 0 && S_ISDIR(found.st_mode);
}

// Under `names`.
static void opened(int descriptor, const char* path, int flags, bool was_there) {
  if (descriptor >= descriptors_max) give_up("too many descriptors");
  struct file* file = was_there ? named(path) : NULL;
  if (file == NULL) {
    file = add_file(path, files_count, is_folder(descriptor));
    if (file->is_recorded) record_name(was_there ? disk_found : disk_created, file->number, path);
  }
  if (file->is_recorded && was_there && (flags & O_TRUNC) != 0) record(disk_cut, file->number, 0, NULL, 0);
  open_files[descriptor] = file;
}

static int open_path(int folder, const char* path, int flags, mode_t mode) {
  if (!is_on_disk(path)) return (int)syscall(SYS_openat, folder, path, flags, mode);
  if (fails(disk_open, path)) return -1;
  pthread_mutex_lock(&names);
  const bool was_there = syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0;
  const int descriptor = (int)syscall(SYS_openat, folder, path, flags, mode);
  if (descriptor >= 0) opened(descriptor, path, flags, was_there);
  pthread_mutex_unlock(&names);
  return descriptor;
}

static mode_t mode_of(int flags, va_list arguments) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

int openat(int folder, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_path(folder, path, flags, mode);
}

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_path(AT_FDCWD, path, flags, mode);
}

int close(int descriptor) {
  if (file_of(descriptor) != NULL) open_files[descriptor] = NULL;
  return (int)syscall(SYS_close, descriptor);
}

ssize_t read(int descriptor, void* bytes, size_t size) {
  const struct file* file = file_of(descriptor);
  if (file != NULL && fails(disk_read, file->path)) return -1;
  return syscall(SYS_read, descriptor, bytes, size);
}

ssize_t pread(int descriptor, void* bytes, size_t size, off_t offset) {
  const struct file* file = file_of(descriptor);
  if (file != NULL && fails(disk_read, file->path)) return -1;
  return syscall(SYS_pread64, descriptor, bytes, size, offset);
}

static ssize_t write_at(struct file* file, int descriptor, const void* bytes, size_t size, off_t offset) {
  pthread_mutex_lock(&file->order);
  const ssize_t written = syscall(SYS_pwrite64, descriptor, bytes, size, offset);
  if (written > 0 && file->is_recorded)
    record(disk_written, file->number, (uint64_t)offset, bytes, (size_t)written);
  pthread_mutex_unlock(&file->order);
  return written;
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
  struct file* file = file_of(descriptor);
  if (file == NULL) return syscall(SYS_pwrite64, descriptor, bytes, size, offset);
  if (!fails(disk_write, file->path)) return write_at(file, descriptor, bytes, size, offset);
  const int error = errno;
  if (size > 1) write_at(file, descriptor, bytes, size / 2, offset);
  errno = error;
  return -1;
}

// At the file's own place, which a program that shares it between threads must not use.
ssize_t write(int descriptor, const void* bytes, size_t size) {
  if (file_of(descriptor) == NULL) return syscall(SYS_write, descriptor, bytes, size);
  const off_t offset = syscall(SYS_lseek, descriptor, 0, SEEK_CUR);
  const ssize_t written = pwrite(descriptor, bytes, size, offset);
  if (written > 0) syscall(SYS_lseek, descriptor, written, SEEK_CUR);
  return written;
}

// Bytes that are written meanwhile may be on the disk or not: they are recorded behind.
static int sync_file(long call, int descriptor) {
  struct file* file = file_of(descriptor);
  if (file == NULL) return (int)syscall(call, descriptor);
  const bool is_failing = fails(disk_sync, file->path);
  pthread_mutex_t* order = file->is_folder ? &names : &file->order;
  pthread_mutex_lock(order);
  const int outcome = is_failing ? -1 : (int)syscall(call, descriptor);
  if (file->is_folder && outcome == 0) record_name(disk_folder_synced, 0, file->path);
  if (file->is_recorded) record(outcome == 0 ? disk_synced : disk_sync_failed, file->number, 0, NULL, 0);
  pthread_mutex_unlock(order);
  if (is_failing) errno = disk.error;
  return outcome;
}

int fsync(int descriptor) { return sync_file(SYS_fsync, descriptor); }
int fdatasync(int descriptor) { return sync_file(SYS_fdatasync, descriptor); }

int ftruncate(int descriptor, off_t size) {
  struct file* file = file_of(descriptor);
  if (file == NULL) return (int)syscall(SYS_ftruncate, descriptor, size);
  if (fails(disk_truncate, file->path)) return -1;
  pthread_mutex_lock(&file->order);
  const int outcome = (int)syscall(SYS_ftruncate, descriptor, size);
  if (outcome == 0 && file->is_recorded) record(disk_cut, file->number, (uint64_t)size, NULL, 0);
  pthread_mutex_unlock(&file->order);
  return outcome;
}

int fallocate(int descriptor, int mode, off_t offset, off_t size) {
  struct file* file = file_of(descriptor);
  if (file == NULL) return (int)syscall(SYS_fallocate, descriptor, mode, offset, size);
  if (fails(disk_allocate, file->path)) return -1;
  pthread_mutex_lock(&file->order);
  const int outcome = (int)syscall(SYS_fallocate, descriptor, mode, offset, size);
  if (outcome == 0 && file->is_recorded) record(disk_grown, file->number, (uint64_t)(offset + size), NULL, 0);
  pthread_mutex_unlock(&file->order);
  return outcome;
}

int posix_fallocate(int descriptor, off_t offset, off_t size) {
  return fallocate(descriptor, 0, offset, size) == 0 ? 0 : errno;
}

void* mmap(void* address, size_t size, int protection, int flags, int descriptor, off_t offset) {
  const struct file* file = file_of(descriptor);
  if (file != NULL && (flags & MAP_ANONYMOUS) == 0 && fails(disk_map, file->path)) return MAP_FAILED;
  return (void*)syscall(SYS_mmap, address, size, protection, flags, descriptor, offset);
}

int unlinkat(int folder, const char* path, int flags) {
  if (!is_on_disk(path)) return (int)syscall(SYS_unlinkat, folder, path, flags);
  if (fails(disk_remove, path)) return -1;
  pthread_mutex_lock(&names);
  struct file* file = named(path);
  const int outcome = (int)syscall(SYS_unlinkat, folder, path, flags);
  if (outcome == 0) {
    for (uint32_t i = 0; i < files_count; ++i) files[i] = files[i] == file ? NULL : files[i];
    if (!is_index(path)) record_name(disk_removed, 0, path);
  }
  pthread_mutex_unlock(&names);
  return outcome;
}

int unlink(const char* path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char* path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

static void moved(const char* from, const char* to) {
  struct file* file = named(from);
  for (uint32_t i = 0; i < files_count; ++i) {
    if (files[i] != NULL && (files[i] == file || strcmp(files[i]->path, to) == 0)) files[i] = NULL;
  }
  if (file != NULL) add_file(to, file->number, file->is_folder);
  char both[8192];
  const int size = snprintf(both, sizeof both, "%s%c%s", from, 0, to);
  record(disk_moved, 0, 0, both, (size_t)size);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
  if (!is_on_disk(to)) return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
  if (fails(disk_rename, to)) return -1;
  pthread_mutex_lock(&names);
  const int outcome = (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
  if (outcome == 0) moved(from, to);
  pthread_mutex_unlock(&names);
  return outcome;
}

int rename(const char* from, const char* to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }

int mkdir(const char* path, mode_t mode) {
  if (!is_on_disk(path)) return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
  if (fails(disk_mkdir, path)) return -1;
  pthread_mutex_lock(&names);
  const int outcome = (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
  if (outcome == 0) record_name(disk_folder_made, 0, path);
  pthread_mutex_unlock(&names);
  return outcome;
}

static int look(const char* path, struct stat* found, int flags) {
  if (is_on_disk(path) && fails(disk_stat, path)) return -1;
  return (int)syscall(SYS_newfstatat, AT_FDCWD, path, found, flags);
}

int stat(const char* path, struct stat* found) { return look(path, found, 0); }
int lstat(const char* path, struct stat* found) { return look(path, found, AT_SYMLINK_NOFOLLOW); }

int fstat(int descriptor, struct stat* found) {
  const struct file* file = file_of(descriptor);
  if (file != NULL && fails(disk_stat, file->path)) return -1;
  return (int)syscall(SYS_newfstatat, descriptor, "", found, AT_EMPTY_PATH);
}

int access(const char* path, int mode) {
  if (is_on_disk(path) && fails(disk_stat, path)) return -1;
  return (int)syscall(SYS_faccessat, AT_FDCWD, path, mode);
}

// The names that a program with 64-bit file sizes calls, as all do on 64-bit machines.
#define ALSO(name, as) __typeof__(name) as __attribute__((alias(#name)))
ALSO(open, open64);
ALSO(openat, openat64);
ALSO(pread, pread64);
ALSO(pwrite, pwrite64);
ALSO(ftruncate, ftruncate64);
ALSO(fallocate, fallocate64);
ALSO(posix_fallocate, posix_fallocate64);
ALSO(mmap, mmap64);
int stat64(const char* path, struct stat64* found) { return stat(path, (struct stat*)found); }
int lstat64(const char* path, struct stat64* found) { return lstat(path, (struct stat*)found); }
int fstat64(int descriptor, struct stat64* found) { return fstat(descriptor, (struct stat*)found); }
