"""A finished check, and what is shown of one document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, Optional

from ._table import Table

if TYPE_CHECKING:
    from . import _avstem


class Run:
    """What a check found: its tables, its summary, and the exit code that the command would end with.

    >>> import avstem
    >>> run = avstem.check("samples/export")
    >>> run
    <avstem.Run as of 2026-10-31T16:00:36.827Z: complete; 19 findings of severity error or worse (exit code 1)>
    >>> run.summary["totals"]["EUR"]["open_minor"]
    84320
    """

    tables: Dict[str, Table]
    """Its tables by name. Those of payouts are there where there are payouts."""
    exceptions: Table
    """A row a finding, worst first."""
    balances: Table
    """A row a ledger: what was authorised, captured, refunded, released, and is open."""
    rejects: Table
    """A row a record or file that could not be used."""
    control_totals: Table
    """Counts and sums of input and output, and whether they tie."""
    coverage: Table
    """How many subjects every rule tested."""
    payouts: Optional[Table]
    """A row a payout, or None."""
    payout_lines: Optional[Table]
    """A row a line of a payout, or None."""

    def __init__(self, made: _avstem.MadeRun) -> None:
        self._made = made
        self.tables = {table.name: Table(table) for table in made.tables()}
        self.exceptions = self.tables["exceptions"]
        self.balances = self.tables["balances"]
        self.rejects = self.tables["rejects"]
        self.control_totals = self.tables["control_totals"]
        self.coverage = self.tables["coverage"]
        self.payouts = self.tables.get("payouts")
        self.payout_lines = self.tables.get("payout_lines")
        self.summary: Dict[str, Any] = json.loads(made.summary)
        """The content of summary.json."""

    @property
    def exit_code(self) -> int:
        """0 nothing to fail on, 1 findings, 3 the input was incomplete, 4 control totals do not tie."""
        return self._made.exit_code

    @property
    def reason(self) -> str:
        """Why it has this exit code."""
        return self._made.reason

    @property
    def complete(self) -> bool:
        """Whether the whole input was used, and the control totals tie."""
        return self._made.complete

    @property
    def folder(self) -> Optional[Path]:
        """The run folder that was written, or None."""
        return self._made.folder

    def __repr__(self) -> str:
        return f"<avstem.Run as of {self.summary['as_of']}: {self.reason} (exit code {self.exit_code})>"


class Shown(Dict[str, Any]):
    """One document with everything linked to it, as docs/SHOW.md describes it; as a text, for people.

    >>> import avstem
    >>> shown = avstem.show("P11428806.jfF2gpWXhgDSDq3MRaGuvG", "samples/export")
    >>> shown["documents"][0]["account"]["proof"]["captured_minor"]
    224700
    >>> print(shown.story)
    transaction P11428806.jfF2gpWXhgDSDq3MRaGuvG, AV101 over-captured: captured 2247.00 NOK of 2148.00 NOK authorised: 99.00 NOK too much
        events[2]  2026-10-22T15:07:04.261Z  capture  id 9df2d669-056c-4b11-a62b-2511cd112901  2148.00 NOK
        events[3]  2026-10-23T17:07:04.261Z  capture  id 0a42c497-9ff6-43be-8e31-d7b533c121b2    99.00 NOK
    <BLANKLINE>
    """

    text: str
    """The page for people."""
    story: str
    """The findings alone, each with the fewest events that still break the rule."""

    def __init__(self, page: str, text: str, story: str) -> None:
        super().__init__(json.loads(page))
        self.text = text
        self.story = story

    def __str__(self) -> str:
        return self.text
