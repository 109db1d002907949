#pragma once
// Shared by the disk that is preloaded into a process (faulty_disk.c) and the test that reads what it tells.
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The calls that may fail: the words of FAULT_DISK_FAIL, in this order in disk_call_names and disk_counts.
enum disk_call {
  disk_open,
  disk_read,
  disk_write,
  disk_sync,  // of files and of folders
  disk_truncate,
  disk_allocate,
  disk_map,
  disk_remove,
  disk_rename,
  disk_mkdir,
  disk_stat,
  disk_calls
};

#define DISK_CALL_NAMES \
  "open", "read", "write", "sync", "truncate", "allocate", "map", "remove", "rename", "mkdir", "stat"

// The file that FAULT_DISK_COUNTS names. Whoever maps it sees the calls while the process runs, and can mend
// the disk.
struct disk_counts {
  uint32_t calls[disk_calls];  // on the files that FAULT_DISK_FILES chooses
  uint32_t failed;             // how many calls were made to fail
  uint32_t is_sound;           // set by the test: nothing fails any more
};

// One event, in the order in which they ended. A record is this, and then `size` bytes.
enum disk_event {
  disk_found = 1,      // a file that was there is opened: its number from now on; the bytes are its path
  disk_created,        // likewise
  disk_written,        // the bytes, at `offset`
  disk_cut,            // the file ends at `offset`
  disk_grown,          // likewise, and is not shorter than it was
  disk_synced,         // all of the file that was recorded before
  disk_sync_failed,    // nobody knows what of it
  disk_removed,        // the bytes are the path
  disk_moved,          // the bytes are two paths with a zero between them
  disk_folder_made,    // the bytes are the path
  disk_folder_synced,  // the bytes are the path
  disk_mark            // something that the test has to say
};

struct disk_record {
  uint32_t event;
  uint32_t file;  // its number
  uint64_t offset;
  uint64_t size;
};

#ifdef __cplusplus
}
#endif
