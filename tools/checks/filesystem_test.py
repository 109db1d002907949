#!/usr/bin/env python3
"""A question to the file system that may throw is refused."""
import unittest

import filesystem
from sample_tree import sample_tree


def problems(text, path="runtime/a/src/a.cpp"):
    with sample_tree({path: text}) as root:
        return filesystem.problems(root)


class Filesystem(unittest.TestCase):
    def test_each_question_without_an_error_code_is_refused(self):
        for line in ("if (fs::exists(path)) return;", "auto size = std::filesystem::file_size(f(b, c));",
                     "fs::rename(from, to);", "fs::create_directories(fs::path{path}.parent_path());",
                     "fs::directory_iterator entries{folder};"):
            with self.subTest(line):
                self.assertEqual(len(problems(f"std::error_code error;\n{line}\n")), 1)
                self.assertIn("a.cpp:2: ", problems(f"std::error_code error;\n{line}\n")[0])

    def test_a_loop_over_a_folder_is_refused_because_its_steps_throw(self):
        head = "for (const auto& file : fs::directory_iterator{folder, error})"
        loop = f"std::error_code error;\n{head} use(file);\n"
        self.assertEqual(problems(loop), [f"runtime/a/src/a.cpp:2: {filesystem.STEP_REFUSAL}"])

    def test_one_with_an_error_code_is_taken(self):
        for line in ("if (fs::exists(f(a, b), error)) return;", "fs::is_directory(status);",
                     "for (std::filesystem::directory_iterator file{folder, error}, end; file != end;)",
                     "fs::absolute(path);"):
            with self.subTest(line):
                self.assertEqual(problems(f"std::error_code error;\n{line}\n"), [])

    def test_tests_may_throw(self):
        self.assertEqual(problems("fs::exists(path);\n", "runtime/a/tests/a_test.cpp"), [])
        self.assertEqual(problems("fs::exists(path);\n", "runtime/testing/src/a.cpp"), [])


if __name__ == "__main__":
    unittest.main()
