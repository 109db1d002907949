#!/usr/bin/env python3
"""A generated document that is missing, or is not what the build makes, is refused."""
import unittest

import generated
from sample_tree import sample_tree

GRAPH = "actor 3 base 0\nmessage 2 json 1\nmessage 2 base 0\njson 1 base 0\n"
PATH = "docs/generated/components.md"


class Generated(unittest.TestCase):
    def problems(self, contents):
        with sample_tree(contents) as root:
            return generated.problems(root, {PATH: generated.component_graph(GRAPH)})

    def test_a_missing_document_is_refused(self):
        self.assertEqual(len(self.problems({"README.md": ""})), 1)

    def test_a_document_from_before_a_new_edge_is_refused(self):
        before = GRAPH.replace("actor 3 base 0\n", "")
        self.assertEqual(len(self.problems({PATH: generated.component_graph(before)})), 1)

    def test_a_document_that_is_up_to_date_is_accepted(self):
        self.assertEqual(self.problems({PATH: generated.component_graph(GRAPH)}), [])

    def test_an_update_makes_it_up_to_date(self):
        expected = {PATH: generated.component_graph(GRAPH)}
        with sample_tree({"README.md": ""}) as root:
            generated.update(root, expected)
            self.assertEqual(generated.problems(root, expected), [])


class ComponentGraph(unittest.TestCase):
    def test_shows_layers_from_the_top_and_every_edge(self):
        lines = generated.component_graph(GRAPH).splitlines()
        self.assertLess(lines.index('  subgraph layer3["3"]'), lines.index('  subgraph layer0["0"]'))
        self.assertIn("  message --> json", lines)

    def test_does_not_depend_on_the_order_of_declarations(self):
        backwards = "\n".join(reversed(GRAPH.splitlines()))
        self.assertEqual(generated.component_graph(GRAPH), generated.component_graph(backwards))


if __name__ == "__main__":
    unittest.main()
