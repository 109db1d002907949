#!/usr/bin/env python3
"""The configure step refuses an edge that does not lead to a smaller layer, and names it."""
import subprocess
import unittest

import source_tree
from sample_tree import sample_tree

VOCABULARY = source_tree.PROJECT / "tools/cmake/BanyanComponent.cmake"


def configure(*declarations):
    """The exit status and the messages of configuring a project with these declarations."""
    lines = ["cmake_minimum_required(VERSION 3.25)", "project(sample LANGUAGES NONE)", "enable_testing()",
             f"include({VOCABULARY})", *declarations, "banyan_finish()", ""]
    with sample_tree({"CMakeLists.txt": "\n".join(lines)}) as root:
        command = ["cmake", "-G", "Ninja", "-S", root, "-B", root / "build"]
        result = subprocess.run(command, capture_output=True, text=True)
        return result.returncode, " ".join(result.stderr.split())


class Layers(unittest.TestCase):
    def refuses(self, message, *declarations):
        status, messages = configure(*declarations)
        self.assertNotEqual(status, 0)
        self.assertIn(message, messages)

    def test_an_edge_down_is_accepted(self):
        status, messages = configure("banyan_component(base LAYER 0)",
                                     "banyan_component(actor LAYER 3 DEPS base)")
        self.assertEqual((status, messages), (0, ""))

    def test_an_edge_up_is_refused(self):
        self.refuses("base (layer 0) may not depend on actor (layer 3)",
                     "banyan_component(base LAYER 0 DEPS actor)", "banyan_component(actor LAYER 3)")

    def test_a_private_edge_up_is_refused(self):
        self.refuses("base (layer 0) may not depend on actor (layer 3)",
                     "banyan_component(base LAYER 0 PRIVATE_DEPS actor)", "banyan_component(actor LAYER 3)")

    def test_an_edge_within_a_layer_is_refused(self):
        self.refuses("store (layer 3) may not depend on actor (layer 3)",
                     "banyan_component(actor LAYER 3)", "banyan_component(store LAYER 3 DEPS actor)")

    def test_an_unknown_component_is_refused(self):
        self.refuses("actor depends on bsae, which no banyan_component() declares",
                     "banyan_component(actor LAYER 3 DEPS bsae)")

    def test_a_forgotten_layer_is_refused(self):
        self.refuses("banyan_component(actor): needs LAYER", "banyan_component(actor)")

    def test_a_test_of_nothing_is_refused(self):
        self.refuses("banyan_test(gone): names no component", "banyan_test(gone tests/a_test.cpp)")


if __name__ == "__main__":
    unittest.main()
