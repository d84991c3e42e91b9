"""Stand-ins for the child process that encodes phrases. They load nothing, so that they start at
once."""

from __future__ import annotations

import os
import time
from multiprocessing.connection import Connection

from engine.messages import Progressed

HANGS = 60.0
"""Seconds that a child hangs unless it is ended."""


def die(pipe: Connection, order: object) -> None:
    """Ends as a process does that the system has run out of memory for."""
    os._exit(3)


def say_half_and_hang(pipe: Connection, order: object) -> None:
    """Is half through, and then hears and says nothing."""
    pipe.send(Progressed("", 0.6, "text encoder"))
    time.sleep(HANGS)
