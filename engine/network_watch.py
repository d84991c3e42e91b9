"""Counts the connections this process opens, so that “it stays on your computer” can be checked.

Python tells its audit hooks of every connection, every datagram and every look-up of a name that is
asked of it, whichever package asks. What a compiled library asks of the system by itself is not
heard. Connections to this computer itself are not counted.
"""

from __future__ import annotations

import ipaddress
import sys

_TO_ADDRESSES = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_LOOK_UPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})

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
    if event in _TO_ADDRESSES:
        address = arguments[1]  # a text or bytes for a socket that is a file
        if isinstance(address, tuple) and not _is_here(address[0]):
            count_more(1)
    elif event in _LOOK_UPS and not _is_here(arguments[0]):
        count_more(1)


def _is_here(host: object) -> bool:
    """Whether a name or an address means this very computer; no name at all does."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(str(name))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback or address.is_unspecified
