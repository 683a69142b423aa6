"""The command ``avstem``."""

from __future__ import annotations

import signal
import sys

from . import _avstem


def main() -> int:
    # The command takes SIGINT itself. Python's own handler would raise KeyboardInterrupt after it has ended.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _avstem.command(["avstem", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
