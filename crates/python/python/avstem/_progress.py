"""How far a run is."""

from __future__ import annotations

import sys
from typing import Any, Callable, NamedTuple, Optional, TextIO, Tuple, Union


class Progress(NamedTuple):
    """How far a run is, as a function given to ``progress=`` gets it about twenty times a second.

    >>> print(Progress("reading", bytes=512, total_bytes=2048, records=3, rejected=0))
    reading 25 %, 3 records
    >>> print(Progress("judging", records=1234567, rejected=1, judged=32, partitions=64))
    judging 50 %, 1 234 567 records, 1 rejected
    >>> print(Progress("writing"))
    writing
    """

    stage: str
    """``reading``, ``judging`` or ``writing``."""
    bytes: int = 0
    """Bytes of the input that are read, before unpacking."""
    total_bytes: Optional[int] = None
    """All of them; None where that is not known."""
    records: int = 0
    rejected: int = 0
    judged: int = 0
    """Partitions of the input that are judged."""
    partitions: int = 0

    def __str__(self) -> str:
        if self.stage == "writing":
            return self.stage
        done, of = (self.judged, self.partitions) if self.stage == "judging" else (self.bytes, self.total_bytes)
        share = f" {min(100, 100 * done // of)} %" if of else ""
        rejected = f", {_grouped(self.rejected)} rejected" if self.rejected else ""
        return f"{self.stage}{share}, {_grouped(self.records)} records{rejected}"


ProgressOption = Union[None, bool, Callable[[Progress], Any]]


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", " ")


class Display:
    """A line that is written over and over, on a terminal or below a notebook's cell."""

    def __init__(self, to: TextIO) -> None:
        self.to = to
        self.width = 0

    def __call__(self, progress: Progress) -> None:
        text = f"avstem: {progress}"
        self.to.write("\r" + text.ljust(self.width))
        self.to.flush()
        self.width = len(text)

    def clear(self) -> None:
        if self.width:
            self.to.write("\r" + " " * self.width + "\r")
            self.to.flush()


class watched:
    """Makes what the compiled part calls from what ``progress=`` is given; afterwards the display is gone."""

    def __init__(self, progress: ProgressOption) -> None:
        if progress is None:
            progress = sys.stderr is not None and sys.stderr.isatty()
        self.display = Display(sys.stderr) if progress is True else None
        self.told: Optional[Callable[[Progress], Any]] = progress if callable(progress) else self.display

    def __enter__(self) -> Optional[Callable[..., None]]:
        return None if self.told is None else self.tell

    def __exit__(self, *_: object) -> None:
        if self.display is not None:
            self.display.clear()

    def tell(
        self, stage: str, read: Tuple[int, Optional[int]], records: int, rejected: int, judged: Tuple[int, int]
    ) -> None:
        assert self.told is not None
        self.told(Progress(stage, read[0], read[1], records, rejected, judged[0], judged[1]))
