"""What the program says: answers on stdout, everything meant for a reader on stderr."""

from __future__ import annotations

import io
import re
import shutil
import sys
import unicodedata
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
"""Control characters but the end of a line."""


class Console:
    """Lines and one status line, which is redrawn where `err` is a terminal and left out elsewhere.

    `quiet` silences `note` and `status`, never `error` or `line`.
    """

    def __init__(
        self, out: TextIO | None = None, err: TextIO | None = None, *, quiet: bool = False
    ) -> None:
        self._out = out or sys.stdout
        self._err = err or sys.stderr
        self.quiet = quiet
        self.redraws = not quiet and self._err.isatty()
        self._drawn = 0
        self.broken: list[TextIO] = []
        """Streams that could not be written, for a full disk say; nothing more is written there."""

    @property
    def lost(self) -> bool:
        """Whether a part of the answer could not be written."""
        return self._out in self.broken

    def line(self, text: str) -> None:
        """One line of the answer on stdout, at once, so that a pipe can follow along.

        Where it cannot be written, that is said once, and those after it are left out. Raises
        `BrokenPipeError` where the reader is gone.
        """
        self.answer(text + "\n")

    def answer(self, text: str) -> None:
        """A part of the answer as it stands; else as `line`."""
        self._wipe()
        error = self._write(self._out, text)
        if error is not None:
            self.error(
                f"What goes to the standard output cannot be written: {error.strerror}. The rest of"
                " it is left out."
            )

    def aside(self, text: str) -> None:
        """A part of what is said on stderr, as it stands; left out where it cannot be written."""
        self._write(self._err, text)

    def note(self, text: str) -> None:
        """Something good to know."""
        if not self.quiet:
            self.error(text)

    def error(self, text: str) -> None:
        """Something the user has to know, even when they asked for quiet."""
        self._wipe()
        # Names of files may hold what a terminal takes for an order.
        self._write(self._err, _CONTROLS.sub("\ufffd", text) + "\n")

    def status(self, text: str) -> None:
        """Replace the status line; an empty text removes it."""
        if not self.redraws:
            return
        # One column stays free: a full last column makes some terminals wrap.
        room = shutil.get_terminal_size().columns - 1
        shown, taken = _fitting(_CONTROLS.sub("\ufffd", text.replace("\n", " ")), room)
        self._write(self._err, "\r" + shown + " " * (self._drawn - taken) + "\r" + shown)
        self._drawn = taken

    def _wipe(self) -> None:
        if self._drawn:
            self._write(self._err, "\r" + " " * self._drawn + "\r")
            self._drawn = 0

    def _write(self, stream: TextIO, text: str) -> OSError | None:
        """Write at once; gives what speaks against it the first time, and nothing later."""
        if stream in self.broken:
            return None
        try:
            stream.write(text)
            stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            self.broken.append(stream)
            return error
        return None


class Printed(io.TextIOBase):
    """What stands for stdout or stderr where something prints by itself, so that hours of work do
    not end with a full disk behind one of them."""

    def __init__(self, stream: TextIO, put: Callable[[str], None]) -> None:
        """`put` writes to `stream`, as far as that is possible."""
        self._stream, self._put = stream, put

    def write(self, text: str) -> int:
        self._put(text)
        return len(text)

    def isatty(self) -> bool:
        return self._stream.isatty()

    def fileno(self) -> int:
        return self._stream.fileno()


def _fitting(text: str, room: int) -> tuple[str, int]:
    """The start of `text` that takes at most `room` columns of a terminal, and how many it takes:
    letters of East Asia take two, marks over others none (Unicode annex 11)."""
    taken = 0
    for place, letter in enumerate(text):
        mark = unicodedata.combining(letter) > 0
        columns = 0 if mark else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if taken + columns > room:
            return text[:place], taken
        taken += columns
    return text, taken


def table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Rows as lines with their columns lined up, two spaces apart."""
    if not rows:
        return []
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
