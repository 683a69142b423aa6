"""Python's arguments as the words of a command line."""

from __future__ import annotations

import datetime
import os
from typing import Any, Iterable, List, Union

from ._errors import UsageError

StrPath = Union[str, "os.PathLike[str]"]

Paths = Union[StrPath, Iterable[StrPath]]

Instant = Union[str, datetime.date, datetime.datetime]


def words(first: Iterable[Paths], **options: Any) -> List[str]:
    """The words of a command line: options by name, then everything that stands without one.

    >>> words(["export", ["a.json", "-b.json"]], as_of="2026-10-31", bank=["x.xml", "y.xml"], strict=True, jobs=None)
    ['--as-of=2026-10-31', '--bank=x.xml', '--bank=y.xml', '--strict', '--', 'export', 'a.json', '-b.json']
    """
    said: List[str] = []
    for name, value in options.items():
        flag = "--" + name.replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            said.append(flag)
            continue
        for one in paths(value) if name in ("bank", "exclude") else [value]:
            said.append(f"{flag}={_word(name, one)}")
    said.append("--")
    for some in first:
        said.extend(paths(some))
    return said


def paths(named: Paths) -> List[str]:
    """One path or several as a list."""
    if isinstance(named, (str, bytes, os.PathLike)):
        named = [named]
    return [os.fsdecode(path) for path in named]


def _word(name: str, value: Any) -> str:
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            raise UsageError(
                f"{name}= has no time zone: {value.isoformat()}",
                "give an instant with one, like datetime(2026, 10, 31, 22, tzinfo=timezone.utc), or a date",
            )
        return value.isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    return os.fsdecode(value)
