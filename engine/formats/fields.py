"""The entries of a directory of TIFF tags in the making."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from fractions import Fraction

from engine.ifd import Entry, Layout

_FINEST, _LARGEST = 10**6, 2**31 - 1
"""Largest numbers below and above the line of a fraction."""


class Fields:
    """Entries by tag, in a byte order."""

    def __init__(self, layout: Layout) -> None:
        self.entries: dict[int, Entry] = {}
        self._layout = layout

    def byte(self, tag: int, *values: int) -> None:
        self._add(tag, 1, "B", values)

    def text(self, tag: int, value: str) -> None:
        """ASCII; other letters become question marks."""
        self.raw(tag, 2, value.encode("ascii", "replace") + b"\0")

    def short(self, tag: int, *values: int) -> None:
        self._add(tag, 3, "H", values)

    def long(self, tag: int, *values: int) -> None:
        self._add(tag, 4, "I", values)

    def floats(self, tag: int, values: Iterable[float]) -> None:
        self._add(tag, 11, "f", list(values))

    def offsets(self, tag: int, values: list[int]) -> None:
        big = self._layout.big
        self._add(tag, 16 if big else 4, "Q" if big else "I", values)

    def ratios(self, tag: int, values: Iterable[float], *, signed: bool = False) -> None:
        found = [_fraction(value) for value in values]
        parts = [part for value in found for part in (value.numerator, value.denominator)]
        packed = struct.pack(f"{self._layout.order}{len(parts)}{'i' if signed else 'I'}", *parts)
        self.entries[tag] = Entry(10 if signed else 5, len(found), packed)

    def raw(self, tag: int, kind: int, value: bytes) -> None:
        if value:
            self.entries[tag] = Entry(kind, len(value), value)

    def _add(self, tag: int, kind: int, code: str, values: Sequence[float]) -> None:
        packed = struct.pack(f"{self._layout.order}{len(values)}{code}", *values)
        self.entries[tag] = Entry(kind, len(values), packed)


def _fraction(value: float) -> Fraction:
    """The nearest one that fits: the larger the number, the fewer are its decimals."""
    room = int(_LARGEST / (abs(value) + 1))
    return Fraction(value).limit_denominator(min(_FINEST, max(1, room)))
