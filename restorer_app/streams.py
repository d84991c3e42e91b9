"""stdin, stdout and stderr, where a program was started without some, or cannot write them."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO


def open_missing_streams() -> None:
    """Put nothing in place of streams that are not there, as launchers and `pythonw` start us.

    Also below Python, in this process and its children: the next file that is opened would get the
    free number, and what a library says on “stderr” would be written into a picture.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            _open_nothing(number)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nothing = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(nothing, mode, encoding="utf-8"))


def silence(stream: TextIO) -> None:
    """Let all that `stream` still holds go nowhere: Python would complain of it while it ends."""
    with suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)


def _open_nothing(number: int) -> None:
    opened = os.open(os.devnull, os.O_RDWR)
    if opened == number:
        os.set_inheritable(opened, True)
        return
    os.dup2(opened, number)
    os.close(opened)
