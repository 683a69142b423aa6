"""What can go wrong, as exceptions."""

from __future__ import annotations

import re
from typing import Dict, Type


class Error(Exception):
    """A command that could not be done.

    ``exit_code`` is the one that the command ``avstem`` ends with for the same reason (docs/EXIT_CODES.md), ``message``
    says where and what is wrong, and ``help`` what to do about it.
    """

    exit_code: int
    message: str
    help: str

    def __init__(self, message: str, help: str = "", exit_code: int = 2) -> None:
        super().__init__(f"{message}\nhelp: {help}" if help else message)
        self.message = message
        self.help = help
        self.exit_code = exit_code


class UsageError(Error):
    """A wrong option or configuration; nothing was read or written (exit code 2)."""


class UnverifiedError(Error):
    """A run folder is missing, unreadable, or not as its manifest says (exit code 5)."""


class OutputError(Error):
    """The output could not be written, or memory, disk or threads did not suffice (exit code 6)."""


class InternalError(Error):
    """One of avstem's own assertions is broken: a mistake of avstem (exit code 70)."""


class InterruptedRun(Error):
    """The run was ended because another one in this process was interrupted (exit code 130)."""


# They are named as they are imported.
for _kind in (Error, UsageError, UnverifiedError, OutputError, InternalError, InterruptedRun):
    _kind.__module__ = "avstem"

_BY_CODE: Dict[int, Type[Error]] = {
    2: UsageError,
    5: UnverifiedError,
    6: OutputError,
    70: InternalError,
    130: InterruptedRun,
}

# Options that take no value.
_FLAGS = {"force", "frames", "balances_csv", "xlsx", "strict", "allow_empty"}

_OPTION = re.compile(r"--([a-z][a-z-]*)(?: <[A-Z]+>)?")


def error_of(exit_code: int, message: str, help: str) -> Error:
    """The exception of a failure; options are named as Python's arguments are.

    >>> raise error_of(2, "invalid value '0' for '--max-record <SIZE>'", "see `avstem check --help`, or leave --jobs out")
    Traceback (most recent call last):
    ...
    avstem.UsageError: invalid value '0' for 'max_record='
    help: see `avstem check --help`, or leave jobs= out
    """
    kind = _BY_CODE.get(exit_code, Error)
    return kind(_in_python(message), _in_python(help), exit_code)


def _in_python(text: str) -> str:
    def option(found: re.Match[str]) -> str:
        name = found[1].replace("-", "_")
        return f"{name}=True" if name in _FLAGS else f"{name}="

    # What stands between backticks is a command line.
    parts = text.split("`")
    parts[::2] = [_OPTION.sub(option, part) for part in parts[::2]]
    return "`".join(parts)
