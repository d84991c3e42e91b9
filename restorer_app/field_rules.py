"""Checks a record against the types, choices and bounds that its own fields declare."""

from __future__ import annotations

from dataclasses import Field, fields
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Mapping


class Record(Protocol):
    """A dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[object]]]


def check_fields(record: Record) -> None:
    """Raises `ValueError` for the first field that is not what it is declared to be.

    `minimum` and `maximum` in a field's metadata bound its number, both included.
    """
    hints = _hints(type(record))
    for own in fields(record):
        value = getattr(record, own.name)
        if not _fits(value, hints[own.name]):
            raise ValueError(f"{own.name} cannot be {value!r}")
        low, high = (own.metadata.get(bound) for bound in ("minimum", "maximum"))
        if low is not None and high is not None and not low <= value <= high:
            raise ValueError(f"{own.name} is {low} to {high}, not {value}")


@cache
def _hints(record: type) -> Mapping[str, object]:
    return get_type_hints(record)


def _fits(value: object, wanted: object) -> bool:
    choices = get_args(wanted)
    if isinstance(wanted, UnionType):
        return any(_fits(value, choice) for choice in choices)
    if get_origin(wanted) is Literal:
        # 1 equals True, but a switch is no number.
        return any(value == choice and type(value) is type(choice) for choice in choices)
    if get_origin(wanted) is tuple:
        return isinstance(value, tuple) and all(_fits(item, choices[0]) for item in value)
    if wanted is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if wanted in (bool, int):
        return type(value) is wanted
    return isinstance(wanted, type) and isinstance(value, wanted)
