#!/usr/bin/env python3
"""Each limit refuses one line too many, and the function finder is held against what C++ looks like."""
import unittest

import sizes
from sample_tree import sample_tree


def body(lines):
    return "  go();\n" * lines


def problems(path, text):
    with sample_tree({path: text}) as root:
        return sizes.problems(root)


LONG = body(59)
TOO_LONG = [
    ("a function", f"void f() {{\n{LONG}}}\n"),
    ("a method", f"class A {{\n public:\n  int f() const noexcept {{\n{LONG}  }}\n}};\n"),
    ("a template", f"template <class T, int n = (1 > 0)>\nvoid f(T t) {{\n{LONG}}}\n"),
    ("a function in a namespace", f"namespace a::b {{\nnamespace {{\nauto f() -> int {{\n{LONG}}}\n}}\n}}\n"),
    ("a constructor with initialisers", f"A::A(B b) : b_{{b}}, c_{{1, {{2}}}} {{\n{LONG}}}\n"),
    ("a constructor whose last initialiser has parentheses", f"A::A(B b) : b_(b), c_(1) {{\n{LONG}}}\n"),
    ("a function that returns a struct", f"struct tm f(int a) {{\n{LONG}}}\n"),
    ("a defaulted argument", f"void f(Options options = {{}}) {{\n{LONG}}}\n"),
    ("a test case", f"BOOST_AUTO_TEST_CASE(works) {{\n{LONG}}}\n"),
    ("braces in literals", f"void f() {{\n  g(\"}}\", '}}', R\"x(}})x\", 10'000);  // }}\n{body(58)}}}\n"),
    ("a global lambda", f"const auto f = [](int a) {{\n{LONG}}};\n"),
    ("an operator", f"bool operator==(const A& a, const A& b) {{\n{LONG}}}\n"),
]
SHORT_ENOUGH = [
    ("a function at the limit", f"void f() {{\n{body(58)}}}\n"),
    ("a long class", "class A : public B {\n" + "  void f();\n" * 70 + "};\n"),
    ("a long enum", "enum class A : std::uint8_t {\n" + "  a,\n" * 70 + "};\n"),
    ("a long table", "constexpr Row rows[] = {\n" + "  {1, f(2)},\n" * 70 + "};\n"),
    ("a long vector", "const std::vector<Row> rows{\n" + "  {1, f(2)},\n" * 70 + "};\n"),
    ("two functions", f"void f() {{\n{body(40)}}}\nvoid g() {{\n{body(40)}}}\n"),
    ("a long macro", "#define A(x) { \\\n" + "  x(); \\\n" * 70 + "}\n"),
]


class Sizes(unittest.TestCase):
    def test_functions_over_the_limit_are_refused(self):
        for what, text in TOO_LONG:
            with self.subTest(what):
                self.assertEqual(len(problems("runtime/a/src/a.cpp", text)), 1)

    def test_what_is_no_long_function_is_accepted(self):
        for what, text in SHORT_ENOUGH:
            with self.subTest(what):
                self.assertEqual(problems("runtime/a/src/a.cpp", text), [])

    def test_files_over_their_limit_are_refused(self):
        for path, limit in (("runtime/a/include/banyan/a/a.hpp", 300), ("runtime/a/src/a.cpp", 500),
                            ("runtime/a/tests/a_test.cpp", 700), ("tools/checks/a.py", 500)):
            with self.subTest(path):
                self.assertEqual(problems(path, "\n" * limit), [])
                self.assertEqual(len(problems(path, "\n" * (limit + 1))), 1)

    def test_lines_over_the_limit_are_refused(self):
        self.assertEqual(problems("runtime/a/src/a.cpp", "//" + "x" * 108), [])
        self.assertEqual(problems("runtime/a/src/a.cpp", "\n//" + "x" * 109),
                         ["runtime/a/src/a.cpp:2: 111 columns; the limit is 110"])


if __name__ == "__main__":
    unittest.main()
