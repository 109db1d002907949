#!/usr/bin/env python3
"""What banyanctl does as a program: exit status, what it prints, which files it makes.

usage: cli_test.py BANYANCTL
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

BANYANCTL = sys.argv.pop()
IDENTITIES = ["admin", "gateway", "inventory", "nats", "notifications", "ops", "orders", "payments",
              "shipping", "sys", "users"]


class Program(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.pki = self.root / "pki"

    def run_program(self, *arguments):
        return subprocess.run([BANYANCTL, *map(str, arguments)], capture_output=True, text=True)

    def run_pki(self, *arguments):
        return self.run_program("pki", *arguments, "--dir", self.pki)

    def make_all(self):
        self.assertEqual(self.run_pki("init").returncode, 0)
        self.assertEqual(self.run_pki("issue").returncode, 0)

    def shown(self):
        return {row["name"]: row for row in json.loads(self.run_pki("show", "-o", "json").stdout)}

    def assert_says(self, run, status, problem, next_command):
        self.assertEqual(run.returncode, status, run.stderr)
        self.assertIn(problem, run.stderr)
        self.assertIn(f"next: {next_command}\n", run.stderr)


class Pki(Program):
    def test_makes_a_certificate_for_everybody(self):
        self.make_all()
        rows = self.shown()
        self.assertEqual(sorted(rows), ["(authority)", *IDENTITIES])
        self.assertEqual({row["state"] for row in rows.values()}, {"good"})
        self.assertEqual((rows["nats"]["use"], rows["orders"]["use"]), ("server", "client"))
        self.assertEqual(self.run_pki("check").returncode, 0)

    def test_keeps_keys_private(self):
        self.make_all()
        self.assertEqual(self.pki.stat().st_mode & 0o777, 0o700)
        for file in [self.pki / "ca.key", *self.pki.glob("*.pem")]:
            self.assertEqual(file.stat().st_mode & 0o777, 0o600, file)

    def test_shows_a_table(self):
        self.make_all()
        lines = self.run_pki("show").stdout.splitlines()
        self.assertEqual(lines[0].split(), ["NAME", "USE", "EXPIRES", "STATE"])
        self.assertEqual(len(lines), 2 + len(IDENTITIES))

    def test_does_not_replace_an_authority(self):
        self.make_all()
        before = (self.pki / "ca.crt").read_text()
        self.assert_says(self.run_pki("init"), 1, "security.authority_exists",
                         f"banyanctl pki show --dir {self.pki}")
        self.assertEqual((self.pki / "ca.crt").read_text(), before)

    def test_refuses_names_that_are_no_identity(self):
        self.run_pki("init")
        for name in ("CN=orders", "orders,admin", "orders.banyan.internal", "orders.example.com", "Orders",
                     "../orders", "*", "stranger"):
            run = self.run_pki("issue", name)
            self.assertEqual(run.returncode, 1, name)
            self.assertRegex(run.stderr, "security.bad_name|banyanctl.unknown_name")
        self.assertEqual(list(self.pki.glob("**/*.pem")), [])

    def test_issues_for_the_members_of_a_cluster(self):
        self.run_pki("init")
        self.assertEqual(self.run_pki("issue", "nats-1").returncode, 0)
        self.assertEqual(self.shown()["nats-1"]["use"], "client, server")

    def test_needs_an_authority_to_issue(self):
        for command in ("issue", "rotate", "show", "check"):
            self.assert_says(self.run_pki(command), 1, "security.no_file",
                             f"banyanctl pki init --dir {self.pki}")

    def test_rotates_what_was_issued(self):
        self.make_all()
        before = self.shown()
        self.assertEqual(self.run_pki("rotate", "orders").returncode, 0)
        once = self.shown()
        changed = [name for name in IDENTITIES if once[name]["serial"] != before[name]["serial"]]
        self.assertEqual(changed, ["orders"])
        self.run_pki("rotate")
        again = self.shown()
        self.assertTrue(all(again[name]["serial"] != once[name]["serial"] for name in IDENTITIES))

    def test_does_not_rotate_what_was_never_issued(self):
        self.run_pki("init")
        self.assert_says(self.run_pki("rotate", "orders"), 1, "banyanctl.not_issued",
                         f"banyanctl pki issue orders --dir {self.pki}")

    def test_does_not_rotate_anything_while_there_is_one_that_no_contract_knows(self):
        self.make_all()
        before = self.shown()
        stale = self.pki / "cellar.pem"
        stale.write_text((self.pki / "orders.pem").read_text())
        self.assert_says(self.run_pki("rotate"), 1, "cellar: banyanctl.unknown_name", f"rm {stale}")
        stale.unlink()
        self.assertEqual(self.shown(), before)

    def test_does_not_issue_beyond_the_end_of_the_authority(self):
        self.run_pki("init", "--days", "1")
        self.assert_says(self.run_pki("issue", "orders", "--days", "2"), 1, "security.outlives_authority",
                         f"banyanctl pki init --dir {self.pki}.next")
        for days in ("0", "-1", "nan", "inf", "1e300", "36501"):
            self.assertIn("security.bad_life", self.run_pki("issue", "orders", "--days", days).stderr, days)

    def test_refuses_a_wrong_command_line(self):
        for arguments in (["pki"], ["pki", "guess"], ["pki", "show", "-o", "xml"],
                          ["pki", "issue", "--days", "x"]):
            self.assertEqual(self.run_program(*arguments).returncode, 2)


class Check(Program):
    def setUp(self):
        super().setUp()
        self.make_all()

    def test_finds_a_certificate_that_expired(self):
        self.run_pki("issue", "orders", "--days", "0.0000001")
        self.assert_says(self.run_pki("check"), 1, "orders: security.expired",
                         f"banyanctl pki issue orders --dir {self.pki}")
        self.assertEqual(self.shown()["orders"]["state"], "security.expired")

    def test_tells_of_an_authority_that_will_soon_end(self):
        # Two thirds of five minutes of grace and two of life have passed when it is made.
        for file in self.pki.iterdir():
            file.unlink()
        self.run_pki("init", "--days", str(2 / 1440))
        self.run_pki("issue", "--days", str(1 / 1440))
        run = self.run_pki("check")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("authority: ends at ", run.stdout)
        self.assertIn(f"next: banyanctl pki init --dir {self.pki}.next\n", run.stdout)

    def test_tells_of_one_that_will_soon_expire(self):
        # Two thirds of five minutes of grace and two of life have passed when it is made.
        self.run_pki("issue", "orders", "--days", str(2 / 1440))
        run = self.run_pki("check")
        self.assertEqual(run.returncode, 0)
        self.assertIn(f"next: banyanctl pki rotate orders --dir {self.pki}", run.stdout)
        self.assertEqual(self.shown()["orders"]["state"], "due")

    def test_finds_a_missing_one(self):
        (self.pki / "users.pem").unlink()
        self.assert_says(self.run_pki("check"), 1, "users: security.no_file",
                         f"banyanctl pki issue users --dir {self.pki}")

    def test_finds_one_of_another(self):
        (self.pki / "users.pem").write_text((self.pki / "orders.pem").read_text())
        self.assert_says(self.run_pki("check"), 1, "users: security.wrong_identity",
                         f"banyanctl pki issue users --dir {self.pki}")

    def test_finds_one_of_another_authority(self):
        other = self.root / "other"
        self.run_program("pki", "init", "--dir", other)
        self.run_program("pki", "issue", "users", "--dir", other)
        (self.pki / "users.pem").write_text((other / "users.pem").read_text())
        self.assertIn("users: security.untrusted", self.run_pki("check").stderr)

    def test_finds_one_that_nobody_knows(self):
        (self.pki / "stranger.pem").write_text((self.pki / "orders.pem").read_text())
        self.assert_says(self.run_pki("check"), 1, "stranger: ", f"rm {self.pki}/stranger.pem")

    def test_finds_files_that_are_open(self):
        (self.pki / "users.pem").chmod(0o604)
        self.assert_says(self.run_pki("check"), 1, "users: security.file_not_private",
                         f"chmod 600 {self.pki}/users.pem")
        (self.pki / "ca.key").chmod(0o644)
        self.assert_says(self.run_pki("check"), 1, "authority: security.file_not_private",
                         f"chmod 600 {self.pki}/ca.key")
        self.pki.chmod(0o755)
        self.assert_says(self.run_pki("check"), 1, "banyanctl.folder_not_private", f"chmod 700 {self.pki}")

    def test_finds_every_problem_at_once(self):
        for name in ("users", "orders"):
            (self.pki / f"{name}.pem").unlink()
        self.assertEqual(self.run_pki("check").stderr.count("next: "), 2)


class NatsConfig(Program):
    def setUp(self):
        super().setUp()
        self.make_all()
        self.config = self.root / "nats.conf"

    def write(self, *arguments):
        store = [] if "--store-dir" in arguments else ["--store-dir", self.root / "store"]
        return self.run_program("nats", "config", "--pki", self.pki, "--out", self.config, *store, *arguments)

    def assert_valid(self):
        command = ["/usr/sbin/nats-server", "-t", "-c", self.config]
        run = subprocess.run(command, capture_output=True, text=True)
        self.assertIn("is valid", run.stderr)

    def test_is_valid(self):
        self.assertEqual(self.write().returncode, 0)
        self.assert_valid()

    def test_is_valid_whatever_its_folders_are_called(self):
        for name in ('a"b', "a\\b", "a\nmax_payload: 1", "a\tb", "$HOME", "caf\u00e9 # {"):
            run = self.write("--store-dir", self.root / name)
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assert_valid()
            self.assertEqual(self.config.read_text().count("\nmax_payload: "), 1, name)

    def test_is_valid_for_each_server_of_a_cluster(self):
        members = ("nats-1", "nats-2", "nats-3")
        for member in members:
            self.run_pki("issue", member)
            self.assertEqual(self.write("--name", member, "--cluster", ",".join(members)).returncode, 0)
            self.assert_valid()
            text = self.config.read_text()
            self.assertEqual([f"nats-route://{other}.banyan.internal" in text for other in members],
                             [other != member for other in members])

    def test_needs_the_server_among_those_of_its_cluster(self):
        run = self.write("--cluster", "nats-1,nats-2")
        self.assertEqual(run.returncode, 1)
        self.assertIn("does not name this server", run.stderr)

    def test_monitors_only_if_asked_and_on_loopback(self):
        self.write()
        self.assertNotIn("http", self.config.read_text())
        self.write("--monitor", "8222")
        self.assertIn('http: "127.0.0.1:8222"\n', self.config.read_text())
        self.assert_valid()

    def test_lets_nobody_in_without_a_certificate(self):
        self.write()
        text = "\n".join(line for line in self.config.read_text().splitlines() if not line.startswith("#"))
        for word in ("authorization", "no_auth_user", "password", "token", "allow_responses"):
            self.assertNotIn(word, text)
        self.assertIn("verify_and_map: true", text)

    def test_refuses_what_would_make_no_configuration(self):
        for option, wrong in (("--listen", ("1", "127.0.0.1:", ":4222", "127.0.0.1:nats", "a b:1", "a:1\n")),
                              ("--cluster-listen", ("6222",)),
                              ("--store-max", ("1", "GB", "1 GB", "-1GB", "1GiB", "much"))):
            for value in wrong:
                with self.subTest(option=option, value=value):
                    run = self.write(option, value)
                    self.assertEqual(run.returncode, 2)
                    self.assertIn("for example", run.stderr)
                    self.assertFalse(self.config.exists())

    def test_says_that_a_file_cannot_be_written(self):
        self.config.mkdir()
        self.assertEqual(self.write().returncode, 1)


class NatsProvision(Program):
    def test_needs_the_certificate_of_the_administrator(self):
        run = self.run_program("nats", "provision", "--pki", self.pki)
        self.assert_says(run, 1, "security.no_file", f"banyanctl pki issue admin --dir {self.pki}")

    def test_needs_a_url(self):
        self.make_all()
        run = self.run_program("nats", "provision", "--pki", self.pki, "--url", "localhost:4222")
        self.assertEqual(run.returncode, 1)
        self.assertIn("'localhost:4222' is no nats://host:port", run.stderr)


class Version(Program):
    def test_is_told(self):
        run = self.run_program("--version")
        self.assertEqual(run.returncode, 0)
        self.assertRegex(run.stdout, r"^banyanctl \d+\.\d+\.\d+\n$")


if __name__ == "__main__":
    unittest.main()
