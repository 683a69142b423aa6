"""What the tests on clusters share: a world, and what `avstem check` makes of it on one machine."""

import filecmp
import gzip
import os
import shutil
import subprocess
import sysconfig
import tempfile
import unittest
from pathlib import Path

COMMAND = Path(sysconfig.get_path("scripts")) / "avstem"

# Reads what its name says, and other inputs than a world's: records that are rejected, files that are refused.
OPTIONS = {"fail_on": "never", "balances_csv": True}


def command(*words):
    done = subprocess.run([COMMAND, *map(os.fspath, words)], capture_output=True, text=True)
    assert done.returncode in (0, 3), done.stderr
    return done


class Desk(unittest.TestCase):
    """Tests over one world of all kinds of documents, with faults, payouts, rejected records and refused files."""

    transactions = 27_000

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.desk = Path(folder.name)
        cls.export = cls.desk / "world" / "export"
        command("generate", "--transactions", str(cls.transactions), "--faults", "0.05", "--payouts", "--out", cls.desk / "world")
        spoil(cls.export)
        cls.local = cls.desk / "local"
        command("check", cls.export, "--out", cls.local, "--quiet", "--fail-on", "never", "--balances-csv")

    def assert_same_as_local(self, run, work):
        self.assertEqual(run.exit_code, 3)
        self.assertGreater(len(run.exceptions), 100)
        names = sorted(path.name for path in self.local.iterdir())
        self.assertEqual(sorted(path.name for path in run.folder.iterdir()), names)
        _, differing, unread = filecmp.cmpfiles(self.local, run.folder, names, shallow=False)
        self.assertEqual((differing, unread), ([], []))
        self.assertEqual([path.name for path in work.iterdir()], ["parts"])
        again = run.folder.with_name(run.folder.name + "-merged")
        command("merge", work / "parts", "--out", again, "--quiet")
        self.assertEqual(filecmp.cmpfiles(self.local, again, names, shallow=False)[1:], ([], []))
        command("verify", run.folder)


def spoil(export):
    """Spoils records and adds files, as exports have them."""
    largest = max((export / "transactions").iterdir(), key=lambda path: path.stat().st_size)
    lines = largest.read_bytes().split(b"\n")
    lines[10] = lines[10][: len(lines[10]) // 2]
    lines[20] = b'{"id": 5, "amount": "much"}'
    lines.insert(30, b"")
    largest.write_bytes(b"\xef\xbb\xbf" + b"\n".join(lines))
    with gzip.open(export / "copies.json.gz", "wb") as copies:
        copies.write(b"\n".join(lines[40:140]))
    (export / "empty.json").write_bytes(b"")
    (export / "page.html").write_bytes(b"<html></html>")


def without(folder):
    shutil.rmtree(folder, ignore_errors=True)
    return folder
