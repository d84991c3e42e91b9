"""Entry point of the program."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (this process's own by default); gives the exit code."""
    from restorer_app.cli import Program

    return Program().run(sys.argv[1:] if argv is None else argv)


if __name__ == "__main__":
    sys.exit(main())
