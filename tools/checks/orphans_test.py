#!/usr/bin/env python3
"""A file that the build does not name is refused."""
import unittest

import orphans
from sample_tree import sample_tree

BUILD = {
    "CMakeLists.txt": "add_subdirectory(runtime/a)",
    "runtime/a/CMakeLists.txt": "banyan_component(a HEADERS include/banyan/a/a.hpp SOURCES src/a.cpp)\n"
                                "banyan_test(a tests/a_test.cpp)  # not tests/gone_test.cpp\n",
    "tools/checks/CMakeLists.txt": "banyan_check(sizes)",
    "tests/fuzz/CMakeLists.txt": "banyan_fuzzer(json_fuzz.cpp DICTIONARY json)",
}
REFUSED = [
    "runtime/a/tests/b_test.cpp", "runtime/a/tests/gone_test.cpp", "runtime/a/src/b.cpp", "runtime/a/a.cpp",
    "runtime/a/include/banyan/a/b.hpp", "runtime/b/src/b.cpp", "tools/checks/orphans_test.py",
    "tests/fuzz/corpora/yaml/deep", "tests/fuzz/dictionaries/yaml.dict", "tests/fuzz/yaml_fuzz.cpp",
]
ACCEPTED = [
    "runtime/a/tests/a_test.cpp", "runtime/a/src/a.cpp", "runtime/a/src/private.hpp",
    "runtime/a/include/banyan/a/a.hpp", "tools/checks/sizes_test.py", "tools/checks/sample_tree.py",
    "tests/fuzz/corpora/json/deep", "tests/fuzz/dictionaries/json.dict", "tests/fuzz/json_fuzz.cpp",
]


def problems(path):
    with sample_tree(BUILD | {path: ""}) as root:
        return orphans.problems(root)


class Orphans(unittest.TestCase):
    def test_files_outside_the_build_are_refused(self):
        for path in REFUSED:
            with self.subTest(path):
                self.assertEqual(len(problems(path)), 1)

    def test_files_in_the_build_are_accepted(self):
        for path in ACCEPTED:
            with self.subTest(path):
                self.assertEqual(problems(path), [])

    def test_a_source_without_any_build_file_is_refused(self):
        with sample_tree({"src/a.cpp": ""}) as root:
            self.assertEqual(orphans.problems(root), ["src/a.cpp:1: no CMakeLists.txt at or above it"])


if __name__ == "__main__":
    unittest.main()
