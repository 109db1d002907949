// Makes every fsync of a process take a millisecond longer: LD_PRELOAD=libslow_fsync.so PROGRAM
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static int after_a_millisecond(const char* name, int file) {
  const struct timespec millisecond = {.tv_sec = 0, .tv_nsec = 1000000};
  nanosleep(&millisecond, 0);
  int (*sync_file)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  return sync_file(file);
}

int fsync(int file) { return after_a_millisecond("fsync", file); }
int fdatasync(int file) { return after_a_millisecond("fdatasync", file); }
