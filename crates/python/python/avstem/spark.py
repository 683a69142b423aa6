"""A check on Apache Spark, or an engine that speaks its protocol: the same run folder as ``avstem check``, to the byte.

As a function of a session, as a script (``spark-submit`` with the file of `avstem.spark_job`), or as ``python -m
avstem.spark``. docs/CLUSTER.md has the commands, what it costs, and what a worker that fails does. PySpark 4.0 or later,
or its client, must be here and on every worker, with pyarrow and the package avstem.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, List, Optional, Union

from . import _avstem
from ._errors import UsageError
from ._progress import ProgressOption, watched
from ._run import Run
from .steps import COLUMNS, RESULTS, batches_of, mapped, schema, stream_of
from ._words import Paths, StrPath, words

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["check", "main"]

DOCUMENTS = ["transaction", "order", "session", "settlement", "remittance"]

# Fewer tasks leave workers idle, more cost more than they do.
TASKS = (8, 400)


def check(
    session: SparkSession,
    inputs: Paths,
    *,
    out: StrPath,
    work: StrPath,
    force: bool = False,
    tasks: Optional[int] = None,
    part: Union[None, int, str] = None,
    memory: Union[None, int, str] = None,
    progress: ProgressOption = None,
    **options: Any,
) -> Run:
    """Judge an export with the workers of a session, and write the run folder ``out``.

    ``inputs`` and ``work`` are paths that this process and every worker see. ``work`` is a new folder for what steps
    leave; in the end it holds ``parts``, of which `avstem merge` can make the run folder again. ``options`` are those of
    `avstem.check`. A step has ``tasks`` tasks (by default as many as there are files and parts, from 8 to 400); large
    files of lines are read in parts of ``part`` bytes, a power of two (64M), and a task takes up to ``memory``.
    """
    said = words([inputs], **options)
    return _run(session, said, Path(out), Path(work), force, tasks, part, memory, progress)


def _run(
    session: SparkSession,
    said: List[str],
    out: Path,
    work: Path,
    force: bool,
    tasks: Optional[int],
    part: Union[None, int, str],
    memory: Union[None, int, str],
    progress: ProgressOption,
) -> Run:
    is_free = not out.exists() or (out.is_dir() and not any(out.iterdir()))
    if not is_free and not (force and (out / "manifest.json").exists()):
        raise UsageError(f"{out} exists", "name another folder, or replace the run that it holds with force=True")
    job, ranges = _avstem.plan(said, None if part is None else str(part))
    try:
        work.mkdir(parents=True)
    except FileExistsError:
        raise UsageError(f"{work} exists", "name a new folder with work=: it is for what steps leave") from None
    import pyarrow

    to_read = pyarrow.Table.from_batches(batches_of(ranges), schema())
    tasks = tasks or min(max(to_read.num_rows, TASKS[0]), TASKS[1])
    spread = _Spread(session, work, tasks, None if memory is None else str(memory))
    ingested = spread.ingest(to_read, job)
    job = _avstem.gather(job, spread.rows(ingested, ["file"]))
    documents = [ingested]
    if json.loads(job)["next"] == "embed":
        embedded = spread.step("embed", job, [ingested], ["transaction"])
        documents.append(embedded)
        job = _avstem.gather(job, spread.rows(embedded, ["note"]))
    if json.loads(job)["next"] == "sessions":
        sessions = spread.step("sessions", job, documents, ["session"])
        job = _avstem.gather(job, spread.rows(sessions, ["note"]))
    judged = spread.step("judge", job, documents, DOCUMENTS)
    joined = spread.step("join", job, [judged], ["link"])
    paired = spread.step("pairs", job, [joined], ["pair"])
    ordered = spread.step("orders", job, [paired], ["partner"])
    parts = spread.results([*documents, judged, joined, paired, ordered])
    (parts / "job.json").write_text(job, encoding="utf-8")
    with watched(progress) as tell:
        run = Run(_avstem.merge(words([[parts]], out=out, force=force), tell))
    for left in work.iterdir():
        if left != parts:
            shutil.rmtree(left)
    return run


class _Spread:
    """Steps of one run, spread over the workers of a session. What each gives is written out before the next reads it,
    so that a task that is lost never makes another step run again."""

    def __init__(self, session: SparkSession, work: Path, tasks: int, memory: Optional[str]) -> None:
        self.session = session
        self.work = work.resolve()
        self.tasks = tasks
        self.memory = memory

    def ingest(self, ranges: Any, job: str) -> Path:
        rows = self.session.createDataFrame(ranges)
        return self._written("ingest", job, rows.repartition(self.tasks))

    def step(self, name: str, job: str, of: List[Path], tags: List[str]) -> Path:
        """A step of which every task has some shares of the keys."""
        return self._written(name, job, self._read(of, tags).repartition(self.tasks, "share"))

    def results(self, of: List[Path]) -> Path:
        return self._kept("parts", self._read(of, RESULTS))

    def rows(self, of: Path, tags: List[str]) -> bytes:
        """Some rows, here."""
        return stream_of([self._read([of], tags).toArrow()])

    def _read(self, of: List[Path], tags: List[str]) -> DataFrame:
        rows = self.session.read.schema(COLUMNS).parquet(*map(str, of))
        wanted = ", ".join(f"'{tag}'" for tag in tags)
        return rows.where(f"tag in ({wanted})")

    def _written(self, name: str, job: str, rows: DataFrame) -> Path:
        return self._kept(name, rows.mapInArrow(mapped(name, job, self.memory), COLUMNS))

    def _kept(self, name: str, rows: DataFrame) -> Path:
        to = self.work / name
        rows.write.parquet(str(to), compression="snappy")
        return to


def main(arguments: Optional[List[str]] = None) -> None:
    """Runs the words of a command line, and ends with the exit code of `avstem check`."""
    parser = argparse.ArgumentParser(
        prog="avstem.spark",
        usage="%(prog)s --work DIR --out DIR [--force] [--tasks N] [--part SIZE] [--task-memory SIZE] INPUT... [OPTIONS]",
        description="Judge an export with the workers of a Spark session. Further options are those of `avstem check`.",
    )
    parser.add_argument("--work", required=True, type=Path, help="a new folder for what steps leave")
    parser.add_argument("--out", required=True, type=Path, help="the run folder to write")
    parser.add_argument("--force", action="store_true", help="replace the run that the folder holds")
    parser.add_argument("--tasks", type=int, help="how many tasks a step has")
    parser.add_argument("--part", help="the largest part of a file of lines, a power of two (64M)")
    parser.add_argument("--task-memory", help="memory of a task for rows")
    named, said = parser.parse_known_args(arguments)
    from pyspark.sql import SparkSession

    session = SparkSession.builder.appName("avstem").getOrCreate()
    try:
        run = _run(
            session, said, named.out, named.work, named.force, named.tasks, named.part, named.task_memory, None
        )
    finally:
        session.stop()
    print(run)
    sys.exit(run.exit_code)


if __name__ == "__main__":
    main()
