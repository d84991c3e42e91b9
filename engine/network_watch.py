"""Counts the connections this process opens, so that “it stays on your computer” can be checked.

Python tells its audit hooks of every connection and every look-up of a name, whichever library asks
for it. Connections to this computer itself are not counted.
"""

from __future__ import annotations

import sys

_LOCAL = ("127.", "::1", "localhost")

_count = 0
_watching = False


def watch() -> None:
    """Count from now on. A hook cannot be taken out again, so this works once for a process."""
    global _watching
    if not _watching:
        _watching = True
        sys.addaudithook(_heard)


def connections() -> int:
    """Connections to other computers since `watch`, those that were tried among them."""
    return _count


def count_more(others: int) -> None:
    """Count connections of another process of this program as well."""
    global _count
    _count += others


def _heard(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and not str(address[0]).startswith(_LOCAL):
            count_more(1)
    elif event == "socket.getaddrinfo" and not str(arguments[0]).startswith(_LOCAL):
        count_more(1)
