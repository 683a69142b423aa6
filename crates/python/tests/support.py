"""What the tests share."""

import faulthandler
import os
import subprocess
import sys
import sysconfig
import tempfile
import unittest
from pathlib import Path

import avstem

# What hangs ends, and says where.
faulthandler.dump_traceback_later(600, exit=True)

ROOT = Path(__file__).resolve().parents[3]

SAMPLE = ROOT / "samples" / "export"

COMMAND = Path(sysconfig.get_path("scripts")) / "avstem"


def command(*words, **options):
    """Runs the installed command."""
    words = [COMMAND, *map(os.fspath, words)]
    return subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL, **options)


def python(code, *words, **options):
    """Runs a piece of Python in a process of its own."""
    return subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, **options)


def generated(desk, transactions, *words):
    """An invented export, and its bank statements where it has some."""
    to = Path(desk) / f"world{transactions}"
    made = command("generate", "--transactions", str(transactions), "--out", to, *words)
    assert made.returncode == 0, made.stderr
    return to


class Desk(unittest.TestCase):
    """Tests in a folder of their own, in which no configuration lies."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.desk = Path(folder.name)
        before = os.getcwd()
        self.addCleanup(os.chdir, before)
        os.chdir(self.desk)

    def write(self, name, text):
        path = self.desk / name
        path.write_text(text, encoding="utf-8")
        return path


__all__ = ["COMMAND", "Desk", "ROOT", "SAMPLE", "avstem", "command", "generated", "python"]
