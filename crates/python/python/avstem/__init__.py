"""Offline reconciliation of exported payment data: every order, every amount, every line.

>>> import avstem
>>> run = avstem.check("samples/export")
>>> run.exit_code, run.summary["findings"]["error"]
(1, 19)
>>> [(row["rule"], row["id"]) for row in run.exceptions if row["name"] == "over-captured"]
[('AV101', 'P11428806.jfF2gpWXhgDSDq3MRaGuvG')]

Options have the names of the command's: ``avstem check --as-of 2026-10-31`` is ``avstem.check(..., as_of="2026-10-31")``.
``avstem.toml`` in the working folder is read as the command reads it. docs/PYTHON.md has more.
"""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional, Union

from . import _avstem
from ._errors import Error, InternalError, InterruptedRun, OutputError, UnverifiedError, UsageError
from ._progress import Progress, ProgressOption, watched
from ._run import Run, Shown
from ._table import Column, Table
from ._words import Instant, Paths, StrPath, words

__version__ = _avstem.VERSION

__all__ = [
    "Column",
    "Error",
    "InternalError",
    "InterruptedRun",
    "OutputError",
    "Progress",
    "Run",
    "Shown",
    "Table",
    "UnverifiedError",
    "UsageError",
    "check",
    "rules",
    "show",
    "verify",
]


def check(
    inputs: Paths,
    *,
    out: Optional[StrPath] = None,
    force: bool = False,
    config: Optional[StrPath] = None,
    bank: Paths = (),
    exclude: Paths = (),
    as_of: Optional[Instant] = None,
    baseline: Optional[StrPath] = None,
    fail_on: Optional[str] = None,
    max_rejects: Optional[int] = None,
    allow_empty: bool = False,
    strict: bool = False,
    max_record: Union[None, int, str] = None,
    max_expansion: Optional[int] = None,
    input_hash: Optional[str] = None,
    jobs: Optional[int] = None,
    memory: Union[None, int, str] = None,
    frames: bool = False,
    balances_csv: bool = False,
    xlsx: bool = False,
    csv_dialect: Optional[str] = None,
    progress: ProgressOption = None,
) -> Run:
    """Judge an export: read it, reconcile it, and return what was found.

    ``inputs`` are files, folders and globs, one or several. Findings are no error: they are in the result, as is what
    could not be read. Nothing is written unless a run folder is named with ``out``:

    >>> import avstem
    >>> run = avstem.check("samples/export", as_of="2026-10-31", fail_on="never")
    >>> run.exit_code, len(run.rejects)
    (0, 0)
    >>> avstem.check("samples/export", jobs=0)
    Traceback (most recent call last):
    ...
    avstem.UsageError: invalid value '0' for 'jobs=': 0 is not in 1..=1024

    ``avstem check --help`` says what the options do. ``frames``, ``balances_csv``, ``xlsx``, ``csv_dialect`` and
    ``force`` are about the run folder.

    Other threads go on meanwhile. ``progress`` shows how far it is, or not; by default it does on a terminal. It can
    also be a function, which gets a `Progress`; what it raises ends the run. Ctrl-C and a notebook's stop button do
    too: KeyboardInterrupt is raised, and a run folder is written as a whole or not at all.
    """
    options = dict(
        out=out,
        force=force,
        config=config,
        bank=bank,
        exclude=exclude,
        as_of=as_of,
        baseline=baseline,
        fail_on=fail_on,
        max_rejects=max_rejects,
        allow_empty=allow_empty,
        strict=strict,
        max_record=max_record,
        max_expansion=max_expansion,
        input_hash=input_hash,
        jobs=jobs,
        memory=memory,
        frames=frames,
        balances_csv=balances_csv,
        xlsx=xlsx,
        csv_dialect=csv_dialect,
    )
    with watched(progress) as tell:
        return Run(_avstem.check(words([inputs], **options), tell))


def show(
    id: str,
    inputs: Paths = (),
    *,
    run: Optional[StrPath] = None,
    config: Optional[StrPath] = None,
    bank: Paths = (),
    exclude: Paths = (),
    as_of: Optional[Instant] = None,
    allow_empty: bool = False,
    strict: bool = False,
    max_record: Union[None, int, str] = None,
    max_expansion: Optional[int] = None,
    input_hash: Optional[str] = None,
    jobs: Optional[int] = None,
    memory: Union[None, int, str] = None,
    progress: ProgressOption = None,
) -> Shown:
    """One transaction, order, session or payout: its timeline, the proof, its findings, and what it is linked to.

    It is read from ``inputs``, or, much sooner, from the frames of ``run``, a folder that ``check(..., frames=True,
    out=...)`` wrote. The result is what docs/SHOW.md describes, and prints as a page for people:

    >>> import avstem
    >>> shown = avstem.show("P11428806.jfF2gpWXhgDSDq3MRaGuvG", "samples/export")
    >>> print(str(shown).splitlines()[0], [finding["name"] for finding in shown["documents"][0]["findings"]])
    transaction P11428806.jfF2gpWXhgDSDq3MRaGuvG ['over-captured']
    >>> avstem.show("P11428806.jfF2gpWXhgDSDq3MRaGuv", "samples/export")
    Traceback (most recent call last):
    ...
    avstem.UsageError: nothing in the input has the id or reference P11428806.jfF2gpWXhgDSDq3MRaGuv
    help: did you mean P11428806.jfF2gpWXhgDSDq3MRaGuvG?
    """
    options = dict(
        run=run,
        config=config,
        bank=bank,
        exclude=exclude,
        as_of=as_of,
        allow_empty=allow_empty,
        strict=strict,
        max_record=max_record,
        max_expansion=max_expansion,
        input_hash=input_hash,
        jobs=jobs,
        memory=memory,
    )
    with watched(progress) as tell:
        return Shown(*_avstem.show(words([[id], inputs], **options), tell))


def verify(run: StrPath, inputs: Paths = ()) -> Dict[str, Any]:
    """Hold a run folder against its manifest: every file, every hash, every row count, and the inputs where given.

    >>> import avstem
    >>> found = avstem.verify("reports/example", "samples/export")
    >>> found["holds"], found["differences"]
    (True, [])
    >>> avstem.verify("samples")
    Traceback (most recent call last):
    ...
    avstem.UnverifiedError: samples cannot be verified: it has no manifest.json, so it is no finished run
    help: name the folder that `avstem check` wrote, and take it from where it was written
    """
    found: Dict[str, Any] = json.loads(_avstem.verify(words([run, inputs])))
    return found


def rules() -> List[Dict[str, Any]]:
    """Every rule: its code, name, severity, what it judges, what it says, and what to do.

    >>> import avstem
    >>> [rule["code"] for rule in avstem.rules() if rule["name"] == "over-captured"]
    ['AV101']
    """
    cards: List[Dict[str, Any]] = json.loads(_avstem.rules())
    return cards
