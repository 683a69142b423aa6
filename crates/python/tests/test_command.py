"""The wheel itself, and the command that it brings."""

import inspect
import os
import re
import signal
import subprocess
import time
import unittest
from pathlib import Path

from support import COMMAND, SAMPLE, Desk, avstem, command, python

MOST_BYTES = 12 << 20

MOST_SECONDS = 0.5

# Options of the command that the module has in another form, or not at all.
NOT_IN_PYTHON = {"check": {"quiet", "no_progress", "format"}, "show": {"quiet", "no_progress", "format", "story"}}


class Command(Desk):
    def test_it_checks(self):
        done = command("check", SAMPLE)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("19 errors, 18 warnings, 1 info", done.stdout)
        self.assertTrue((self.desk / "reports/2026-10-31/manifest.json").exists())
        self.assertEqual(command("check", "--jobs", "0", SAMPLE).returncode, 2)
        self.assertEqual(command("--version").stdout, f"avstem {avstem.__version__}\n")

    def test_it_runs_as_a_module_too(self):
        done = python("import runpy, sys; sys.argv = ['avstem', 'rules']; runpy.run_module('avstem', run_name='__main__')")
        self.assertEqual((done.returncode, done.stdout), (0, command("rules").stdout))

    def test_it_has_no_sql_and_says_what_to_do(self):
        done = command("query", "run", "SELECT 1")
        self.assertEqual(done.returncode, 2)
        self.assertIn("this build of avstem has no SQL engine", done.stderr)
        self.assertIn("help: ask the Parquet files of the run with another engine", done.stderr)

    def test_ctrl_c_ends_it_as_any_command(self):
        os.mkfifo("pipe")
        writer = os.open("pipe", os.O_RDWR)
        with subprocess.Popen([COMMAND, "check", "pipe", "--out", "run"], stderr=subprocess.PIPE, text=True) as running:
            time.sleep(1)
            running.send_signal(signal.SIGINT)
            said = running.communicate(timeout=30)[1]
        os.close(writer)
        self.assertEqual((running.returncode, said), (130, "avstem: stopped by signal 2; nothing was written\n"))
        self.assertEqual(os.listdir(), ["pipe"])

    def test_options_are_those_of_the_command(self):
        for name, others in NOT_IN_PYTHON.items():
            flags = set(re.findall(r"^ +(?:-., )?--([a-z-]+)", command(name, "--help").stdout, re.MULTILINE))
            theirs = {flag.replace("-", "_") for flag in flags} - others - {"help"}
            ours = {
                option
                for option, parameter in inspect.signature(getattr(avstem, name)).parameters.items()
                if parameter.kind is inspect.Parameter.KEYWORD_ONLY
            }
            self.assertEqual(ours - {"progress"}, theirs, name)


class Wheel(unittest.TestCase):
    def test_it_is_small(self):
        wheel = Path(os.environ["AVSTEM_WHEEL"])
        self.assertLessEqual(wheel.stat().st_size, MOST_BYTES)
        print(f"the wheel has {wheel.stat().st_size / 1e6:.1f} MB")

    def test_it_is_there_at_once(self):
        code = "import time; began = time.perf_counter(); import avstem; print(time.perf_counter() - began)"
        # Other work on the machine may hold up one of them.
        seconds = min(float(python(code).stdout) for _ in range(5))
        self.assertLess(seconds, MOST_SECONDS)
        print(f"the module is imported in {seconds:.3f} s")


if __name__ == "__main__":
    unittest.main()
