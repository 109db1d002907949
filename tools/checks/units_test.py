#!/usr/bin/env python3
"""Units that systemd would not understand, that are open, or that are missing are refused."""
import pathlib
import shutil
import tempfile
import unittest

import units

UNIT = "banyan-orders.service"
HARDENING = "banyan-.service.d/hardening.conf"


class Units(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.build = pathlib.Path(scratch.name, "build")
        self.units = pathlib.Path(scratch.name, "units")
        shutil.copytree(units.UNITS, self.units)
        (self.build / "bin").mkdir(parents=True)
        for unit in self.units.glob("banyan-*.service"):
            self.program(unit.stem)
        self.program("banyanctl")

    def program(self, name):
        path = self.build / "bin" / name
        path.write_text("#!/bin/sh\necho --admin-listen --data-dir --keys --listen --pki --url --watch\n")
        path.chmod(0o755)

    def change(self, file, old, new):
        path = self.units / file
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new))

    def problems(self, *binaries):
        return units.problems(self.units, self.build, set(binaries))

    def test_those_that_are_there_are_accepted(self):
        self.assertEqual(self.problems("banyan-orders", "banyan-gateway"), [])

    def test_a_word_that_systemd_does_not_know_is_refused(self):
        self.change(UNIT, "Type=", "Tipe=")
        self.assertIn("Unknown key 'Tipe'", "".join(self.problems()))

    def test_a_value_that_systemd_does_not_understand_is_refused_also_in_what_all_units_share(self):
        self.change(HARDENING, "NoNewPrivileges=yes", "NoNewPrivileges=perhaps")
        self.assertIn("Failed to parse boolean value", "".join(self.problems()))

    def test_a_program_that_does_not_exist_is_refused(self):
        (self.build / "bin" / "banyan-orders").unlink()
        self.assertIn("is not executable", "".join(self.problems()))

    def test_an_option_that_the_program_does_not_have_is_refused(self):
        self.change(UNIT, "--data-dir", "--data")
        self.assertEqual(self.problems(), [f"{UNIT}: banyan-orders has no --data"])

    def test_units_that_are_open_are_refused(self):
        (self.units / HARDENING).unlink()
        self.assertIn(f"{UNIT}: exposure", "\n".join(self.problems()))

    def test_a_binary_without_a_unit_is_refused(self):
        self.assertEqual(self.problems("banyan-returns"), ["banyan-returns has no unit"])

    def test_a_unit_that_nothing_starts_is_refused(self):
        self.change("banyan.target", f"Wants={UNIT}\n", "")
        self.assertEqual(self.problems(), [f"banyan.target does not want {UNIT}"])


if __name__ == "__main__":
    unittest.main()
