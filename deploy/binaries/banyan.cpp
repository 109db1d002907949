// Every module in one process.
#include "entries.hpp"

int main(int argc, char** argv) {
  return banyan::host::run(argc, argv,
                           {entries::users(), entries::inventory(), entries::orders(), entries::payments(),
                            entries::shipping(), entries::notifications()});
}
