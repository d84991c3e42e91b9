"""Numbers as the commands take them: what cannot be one is told before anything begins."""

from __future__ import annotations

import math
from argparse import ArgumentTypeError

from engine.request import SEEDS

LEAST_SIDE = 16
"""Pixels a side of a picture below which no measure has room in it, reduced four times or not."""


def count(text: str) -> int:
    """A whole number from 1 on; raises `ArgumentTypeError`, as all of these do."""
    return _whole(text, 1)


def count_or_none(text: str) -> int:
    """A whole number from 0 on."""
    return _whole(text, 0)


def crop_side(text: str) -> int:
    """The side of crops that can be measured, in pixels."""
    return _whole(text, LEAST_SIDE)


def seed(text: str) -> int:
    """A whole number that generators take as a seed."""
    number = _whole(text, 0)
    if number >= SEEDS:
        raise ArgumentTypeError(f"it is below {SEEDS}, not {text}")
    return number


def amount(text: str) -> float:
    """A number above 0."""
    number = _number(text)
    if number <= 0:
        raise ArgumentTypeError(f"it is above 0, not {text}")
    return number


def amount_or_none(text: str) -> float:
    """A number from 0 on."""
    number = _number(text)
    if number < 0:
        raise ArgumentTypeError(f"it is 0 or more, not {text}")
    return number


def share(text: str) -> float:
    """A number above 0 and at most 1."""
    number = _number(text)
    if not 0 < number <= 1:
        raise ArgumentTypeError(f"it is above 0 and at most 1, not {text}")
    return number


def _whole(text: str, least: int) -> int:
    try:
        number = int(text)
    except ValueError:
        raise ArgumentTypeError(f"it is a whole number, not {text}") from None
    if number < least:
        raise ArgumentTypeError(f"it is {least} or more, not {text}")
    return number


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ArgumentTypeError(f"it is a number, not {text}")
    return number
