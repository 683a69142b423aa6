"""The job on Apache Spark: the same run folder as on one machine, also where workers are killed."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

import avstem
import avstem.spark
import avstem.spark_job
from pyspark.sql import SparkSession

from support import Desk

MASTER = "local-cluster[2,1,1024]"


def executors():
    """The processes of executors that this process has begun, by what they belong to."""
    parents, found = {}, []
    for process in Path("/proc").iterdir():
        try:
            parents[int(process.name)] = int(re.search(r"^PPid:\t(\d+)", (process / "status").read_text(), re.M)[1])
            if b"CoarseGrainedExecutorBackend" in (process / "cmdline").read_bytes():
                found.append(int(process.name))
        except (ValueError, OSError, TypeError):
            continue

    def is_ours(pid):
        while pid > 1:
            if pid == os.getpid():
                return True
            pid = parents.get(pid, 0)
        return False

    return [pid for pid in found if is_ours(pid)]


class OnSpark(Desk):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        settings = {"spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1", "spark.log.level": "ERROR"}
        builder = SparkSession.builder.master(MASTER).appName("avstem")
        for name, value in settings.items():
            builder = builder.config(name, value)
        cls.session = builder.getOrCreate()
        cls.addClassCleanup(cls.session.stop)

    def checked(self, name, **options):
        work = self.desk / f"work-{name}"
        out = self.desk / name
        run = avstem.spark.check(
            self.session,
            self.export,
            out=out,
            work=work,
            part="4M",
            memory="64M",
            fail_on="never",
            balances_csv=True,
            **options,
        )
        self.assert_same_as_local(run, work)

    def test_the_run_folder_is_the_same(self):
        self.checked("spark", tasks=3)
        with self.assertRaisesRegex(avstem.UsageError, "exists"):
            avstem.spark.check(self.session, self.export, out=self.desk / "other", work=self.desk / "work-spark")

    def test_a_killed_worker_changes_nothing(self):
        """An executor is killed while it reads, and another one while it judges."""
        killed = []

        def kill():
            for step in ["ingest", "judge"]:
                folder = self.desk / "work-killed" / step
                while not folder.exists():
                    time.sleep(0.02)
                    if stop.is_set():
                        return
                time.sleep(0.5)
                for pid in executors()[:1]:
                    os.kill(pid, signal.SIGKILL)
                    killed.append(step)

        stop = threading.Event()
        killer = threading.Thread(target=kill)
        killer.start()
        try:
            self.checked("killed", tasks=8)
        finally:
            stop.set()
            killer.join()
        self.assertEqual(killed, ["ingest", "judge"])

    def test_the_script_ends_with_the_exit_code(self):
        work, out = self.desk / "work-script", self.desk / "script"
        words = ["--work", work, "--out", out, "--tasks", "2", self.export / "settlements", "--fail-on", "never"]
        submit = [Path(sys.executable).with_name("spark-submit"), "--master", "local[2]", "--conf", "spark.ui.enabled=false"]
        words = [*submit, avstem.spark_job.__file__, *words]
        done = subprocess.run(list(map(os.fspath, words)), capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        self.assertIn("complete; findings do not fail the run", done.stdout)
        avstem.verify(out)


if __name__ == "__main__":
    unittest.main()
