"""A run beside other threads, its interruption, its progress, and its errors."""

import datetime
import os
import signal
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from support import SAMPLE, Desk, avstem, generated, python


class Running(Desk):
    def pipe(self):
        """A named pipe, on which a run waits until somebody writes into it."""
        path = self.desk / "pipe"
        os.mkfifo(path)
        return path

    def feed(self, path, text="[]"):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def test_other_threads_go_on(self):
        pipe, counted = self.pipe(), 0
        with ThreadPoolExecutor() as pool:
            run = pool.submit(avstem.check, pipe)
            until = time.monotonic() + 0.5
            while time.monotonic() < until:
                counted += 1
            self.assertFalse(run.done())
            self.feed(pipe)
            self.assertEqual(run.result(timeout=60).exit_code, 0)
        self.assertGreater(counted, 1000)

    def test_ctrl_c_ends_it(self):
        pipe = self.pipe()
        timer = threading.Timer(0.5, os.kill, [os.getpid(), signal.SIGINT])
        timer.start()
        began = time.monotonic()
        # Somebody has the pipe open, and writes nothing.
        writer = os.open(pipe, os.O_RDWR)
        with self.assertRaises(KeyboardInterrupt):
            avstem.check(pipe, out="run")
        os.close(writer)
        self.assertLess(time.monotonic() - began, 10)
        self.assertEqual(os.listdir(self.desk), ["pipe"], "nothing is left")
        self.assertEqual(avstem.check(SAMPLE).exit_code, 1, "the next one runs")

    def test_ctrl_c_ends_what_is_in_full_swing(self):
        world = generated(self.desk, 40_000)
        interrupted = 0
        for looks in range(1, 100):
            calls = iter(range(looks - 1, -1, -1))

            def interrupt(_, calls=calls):
                if next(calls, None) == 0:
                    os.kill(os.getpid(), signal.SIGINT)

            try:
                avstem.check(world / "export", out="run", jobs=1, progress=interrupt)
                break
            except KeyboardInterrupt:
                interrupted += 1
            if os.path.exists("run"):
                # The signal came when the run was written.
                break
            self.assertEqual(os.listdir(), [world.name], "nothing is left")
        self.assertGreater(interrupted, 1)
        self.assertTrue(avstem.verify("run")["holds"])

    def test_several_at_once(self):
        with ThreadPoolExecutor(4) as pool:
            runs = list(pool.map(avstem.check, [SAMPLE] * 8))
        self.assertEqual({len(run.exceptions) for run in runs}, {38})

    def test_a_table_is_made_once_for_all_threads(self):
        import pyarrow

        run = avstem.check(SAMPLE)
        with ThreadPoolExecutor(4) as pool:
            tables = list(pool.map(pyarrow.table, [run.balances] * 8))
        addresses = {table.column("id").chunk(0).buffers()[2].address for table in tables}
        self.assertEqual(len(addresses), 1)

    def test_python_can_end_meanwhile(self):
        code = """
import threading, time, avstem
threading.Thread(target=avstem.check, args=["pipe"], daemon=True).start()
time.sleep(0.3)
"""
        writer = os.open(self.pipe(), os.O_RDWR)
        done = python(code, timeout=60)
        os.close(writer)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_progress_is_told(self):
        pipe, told = self.pipe(), []
        feeder = threading.Timer(0.4, self.feed, [pipe, '{"id":"A","amount":1,"currency":"NOK","events":[]}'])
        feeder.start()
        avstem.check(pipe, progress=told.append)
        feeder.join()
        self.assertIsInstance(told[0], avstem.Progress)
        self.assertEqual((told[0].stage, told[0].total_bytes), ("reading", None))

    def test_what_progress_raises_ends_the_run(self):
        pipe = self.pipe()
        writer = os.open(pipe, os.O_RDWR)

        def stop(progress):
            raise ZeroDivisionError(progress.stage)

        with self.assertRaisesRegex(ZeroDivisionError, "reading"):
            avstem.check(pipe, progress=stop)
        os.close(writer)

    def test_progress_is_shown_where_it_is_wanted(self):
        code = """
import sys, threading, avstem
def feed():
    with open("pipe", "w") as pipe:
        pipe.write("[]")
threading.Timer(0.4, feed).start()
avstem.check("pipe", progress=eval(sys.argv[1]))
"""
        self.pipe()
        for wanted, shown in [("True", True), ("None", False), ("False", False)]:
            done = python(code, wanted)
            # A carriage return is read as the end of a line.
            lines = done.stderr.split("\n")
            self.assertEqual((done.returncode, "avstem: reading, 0 records" in lines), (0, shown), done.stderr)
            self.assertEqual([line.strip() for line in lines[-2:]], ["", ""] if shown else [""], "the line is cleared")


class Errors(Desk):
    def refused(self, kind, code, message, help, call, *words, **options):
        with self.assertRaises(avstem.Error) as raised:
            call(*words, **options)
        error = raised.exception
        self.assertIs(type(error), kind)
        self.assertEqual((error.exit_code, error.message), (code, message))
        self.assertIn(help, error.help)
        self.assertIn(error.message, str(error))

    def test_usage(self):
        def refused(message, help, *words, **options):
            self.refused(avstem.UsageError, 2, message, help, avstem.check, *words, **options)

        refused(
            'as_of=: expected a date or an instant, found "soon"',
            "give a date like 2026-11-20",
            SAMPLE,
            as_of="soon",
        )
        refused("frames=True is about a run folder, and none is written", "folder to write with out=", SAMPLE, frames=True)
        refused(
            "as_of= has no time zone: 2026-10-31T12:00:00",
            "timezone.utc",
            SAMPLE,
            as_of=datetime.datetime(2026, 10, 31, 12),
        )
        refused(
            "cannot read the configuration file none.toml: No such file or directory (os error 2)",
            "name a file with config=",
            SAMPLE,
            config="none.toml",
        )
        (self.desk / "run").mkdir()
        self.write("run/mine.txt", "x")
        refused(
            "run exists already",
            "force=True",
            SAMPLE,
            out="run",
        )
        with self.assertRaises(TypeError):
            avstem.check(SAMPLE, quiet=True)

    def test_instants_are_taken_as_python_has_them(self):
        day, utc = datetime.date(2026, 10, 30), datetime.timezone.utc
        for as_of, expected in [
            (day, "2026-10-30T23:59:59.999999999Z"),
            (datetime.datetime(2026, 10, 30, 12, tzinfo=utc), "2026-10-30T12:00:00Z"),
            (datetime.datetime(2026, 10, 30, 12, 0, 0, 5, datetime.timezone(datetime.timedelta(hours=2))), "2026-10-30T10:00:00.000005Z"),
        ]:
            self.assertEqual(avstem.check(SAMPLE, as_of=as_of).summary["as_of"], expected)

    def test_a_run_that_is_none(self):
        self.refused(
            avstem.UnverifiedError,
            5,
            "nowhere cannot be verified: the folder cannot be read: No such file or directory (os error 2)",
            "name a run that is whole, as it was written",
            avstem.check,
            SAMPLE,
            baseline="nowhere",
        )
        avstem.check(SAMPLE, out="run")
        with open("run/exceptions.csv", "a", encoding="utf-8") as file:
            file.write("x")
        found = avstem.verify("run")
        self.assertFalse(found["holds"])
        self.assertEqual([difference["name"] for difference in found["differences"]], ["exceptions.csv"])

    def test_output_that_cannot_be_written(self):
        self.write("file", "")
        with self.assertRaises(avstem.OutputError) as raised:
            avstem.check(SAMPLE, out="file/run")
        self.assertEqual(raised.exception.exit_code, 6)

    def test_what_is_not_there_is_a_result(self):
        run = avstem.check("nowhere")
        self.assertEqual((run.exit_code, [row["reason_code"] for row in run.rejects]), (3, ["not_found"]))

    def test_show_of_a_run(self):
        avstem.check(SAMPLE, out="run", frames=True)
        id = "P11428806.jfF2gpWXhgDSDq3MRaGuvG"
        self.assertEqual(avstem.show(id, run="run").text, avstem.show(id, SAMPLE).text)


if __name__ == "__main__":
    unittest.main()
