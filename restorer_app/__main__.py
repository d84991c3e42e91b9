"""Entry point of the program."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

from restorer_app.streams import open_missing_streams

if TYPE_CHECKING:
    from collections.abc import Sequence

_CANCELLED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` and give the exit code.

    Without `argv` it is that of this process, which a cancelled run then ends itself.
    """
    open_missing_streams()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A console that lacks a letter shall show a question mark, not end the program.
        sys.stdout.reconfigure(errors="replace")
    try:
        from restorer_app.cli import Program

        code = Program().run(sys.argv[1:] if argv is None else argv)
    except KeyboardInterrupt:
        # While modules were loaded, before the commands could look after it.
        code = _CANCELLED
    if argv is None and code == _CANCELLED:
        # Taking torch down takes seconds on a busy machine, and nothing is left to be done.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


if __name__ == "__main__":
    sys.exit(main())
