#!/usr/bin/env python3
"""What keeps a process alive, and what it says when that is not possible."""
import json
import pathlib
import tempfile
import time
import unittest

import child


class KeptAlive(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.log = child.Log(pathlib.Path(folder.name, "log"))
        self.addCleanup(self.log.file.close)

    def keep(self, *command):
        kept = child.Child("it", list(command), {}, self.log)
        self.addCleanup(kept.stop, 10)
        return kept

    def messages(self):
        return [json.loads(line)["message"] for line in self.log.path.read_text().splitlines()]

    def test_is_refused_at_once_if_there_is_no_such_program(self):
        with self.assertRaisesRegex(SystemExit, "it: there is no program /nowhere/it; next: tools/build"):
            self.keep("/nowhere/it")

    def test_is_started_again_when_it_is_killed(self):
        kept = self.keep("/bin/sleep", "60")
        first = kept.process.pid
        kept.signal(child.signal.SIGKILL)
        end = time.monotonic() + 10
        while kept.process.pid == first and time.monotonic() < end:
            time.sleep(0.01)
        self.assertNotEqual(kept.process.pid, first)
        self.assertEqual(self.messages(), ["ended with -9, is started again"])

    def test_is_started_ever_more_rarely_if_it_ends_at_once_each_time(self):
        self.keep("/bin/false")
        time.sleep(4 * child.PAUSE)
        # After 0, 1 and 3 pauses; at the same pace it would have been five times.
        self.assertLessEqual(len(self.messages()), 3)

    def test_is_not_waited_for_when_it_is_to_stop_between_two_starts(self):
        kept = self.keep("/bin/false")
        began = time.monotonic()
        while not self.messages():
            time.sleep(0.01)
        kept.stop(10)
        self.assertLess(time.monotonic() - began, child.PAUSE + 1)
        self.assertFalse(kept.keeper.is_alive())


if __name__ == "__main__":
    unittest.main()
