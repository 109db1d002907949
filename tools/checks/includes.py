#!/usr/bin/env python3
"""Checks who includes what, by include_rules.txt and by what each CMakeLists.txt declares.

The distribution's headers all lie in /usr/include, where link visibility keeps nobody out: this check alone
keeps each third party inside the component that wraps it.
"""
import functools
import pathlib
import re

import source_tree

RULES = pathlib.Path(__file__).with_name("include_rules.txt")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')
# Named one by one: a pattern would also let <sqlite3.h> through.
STD_HEADERS = set("""algorithm any array atomic bit cassert cctype cerrno cfloat charconv chrono cinttypes
climits cmath compare concepts condition_variable coroutine csignal cstdarg cstddef cstdint cstdio cstdlib
cstring ctime deque exception filesystem forward_list fstream functional future initializer_list iomanip ios
iosfwd iostream istream iterator latch limits list locale map memory memory_resource mutex new numbers
numeric optional ostream queue random ranges ratio regex scoped_allocator semaphore set shared_mutex
source_location span sstream stack stdexcept stop_token streambuf string string_view system_error thread
tuple type_traits typeindex typeinfo unordered_map unordered_set utility variant vector version""".split())
SLOW_HEADERS = {"iostream", "regex", "ranges", "filesystem", "format"}
C_HEADERS = set("""arpa/inet.h dlfcn.h errno.h fcntl.h malloc.h netinet/in.h netinet/tcp.h poll.h
pthread.h signal.h stdarg.h stdbool.h stdint.h stdio.h stdlib.h string.h sys/file.h sys/ioctl.h sys/mman.h
sys/mount.h sys/pidfd.h sys/prctl.h sys/random.h sys/resource.h sys/socket.h sys/stat.h sys/statvfs.h
sys/syscall.h sys/time.h sys/types.h sys/uio.h sys/un.h sys/wait.h time.h unistd.h""".split())
# Written into the build folder by banyan_migrations().
GENERATED_HEADERS = {"migrations.hpp"}
KEYWORDS = {"LAYER", "HEADERS", "SOURCES", "DEPS", "PRIVATE_DEPS", "THIRD_PARTY", "USES"}


def load_rules(path=RULES):
    rules = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        if words[0] != "zone" or len(words) < 4:
            raise SystemExit(f"{path}:{number}: expected: zone <name> <glob> <allowed>...")
        glob = re.escape(words[2]).replace(r"\*", ".*").replace(r"\{", "{").replace(r"\}", "}")
        rules.append((words[1], re.compile(re.sub(r"{\w+}", "([^/]+)", glob)), words[3:]))
    return rules


def zone_of(rules, path):
    for name, glob, allowed in rules:
        if glob.fullmatch(path):
            return name, allowed
    return None


@functools.lru_cache(maxsize=None)
def declared(cmake_file):
    """What banyan_component(...) or banyan_module(...) in that file says: {keyword: [words]}."""
    text = cmake_file.read_text(encoding="utf-8") if cmake_file.is_file() else ""
    call = re.search(r"^\s*banyan_(?:component|module)\(([^)]*)\)", re.sub(r"#.*", "", text), re.MULTILINE)
    words = {}
    keyword = "NAME"
    for word in call.group(1).split() if call else []:
        if word in KEYWORDS:
            keyword = word
        else:
            words.setdefault(keyword, []).append(word)
    return words


def is_own(root, path, included):
    """A header of the same component, by its path from the including file, from src/ or from tests/."""
    if included in GENERATED_HEADERS:
        return True
    component = root.joinpath(*path.split("/")[:2])
    places = (root / path).parent, component, component / "src", component / "tests"
    return any((place / included).is_file() for place in places)


def prefixes(root, path, allowed):
    top, name = path.split("/")[:2]
    words = declared(root / top / name / "CMakeLists.txt")
    components = [name] + words.get("DEPS", [])
    if "all_deps" in allowed:
        components += words.get("PRIVATE_DEPS", [])
    result = [entry for entry in allowed if "/" in entry or entry.endswith(".h")]
    if "deps" in allowed or "all_deps" in allowed:
        result += [f"banyan/{component}/" for component in components]
    if "uses" in allowed:
        result += [f"shop/{contract}/" for contract in [name] + words.get("USES", [])]
    return result


def is_allowed(root, path, kind, included, allowed):
    if ".." in included.split("/"):
        return False
    if kind == "<" and included in STD_HEADERS:
        return "std" in allowed and not (included in SLOW_HEADERS and "/include/" in path)
    if kind == "<" and included in C_HEADERS:
        return "c" in allowed
    if kind == '"' and "own" in allowed and is_own(root, path, included):
        return True
    return any(included == entry or (entry.endswith("/") and included.startswith(entry))
               for entry in prefixes(root, path, allowed))


def problems(root, rules=None):
    rules = rules or load_rules()
    found = []
    for path in source_tree.files(root, *source_tree.CPP_SUFFIXES):
        zone = zone_of(rules, path)
        if zone is None:
            found.append(f"{path}:1: no zone of {RULES.name} covers this file; add a rule")
            continue
        name, allowed = zone
        for number, line in enumerate(source_tree.read(root, path).splitlines(), 1):
            include = INCLUDE.match(line)
            if include and not is_allowed(root, path, *include.groups(), allowed):
                found.append(f"{path}:{number}: zone '{name}' may not include {include.group(2)}")
    return found


if __name__ == "__main__":
    source_tree.report(problems)
