"""Signals and the attributes that emit them."""

from __future__ import annotations

import gc
from typing import ClassVar

from restorer_app.observable import Property, Signal


class _Ear:
    heard: ClassVar[list[int]] = []

    def hear(self, value: int) -> None:
        self.heard.append(value)


class _Lamp:
    level = Property(0)

    def __init__(self) -> None:
        self.level_changed: Signal[[int]] = Signal()


def test_receivers_hear_in_the_order_they_were_connected() -> None:
    signal: Signal[[str]] = Signal()
    heard: list[str] = []
    signal.connect(lambda text: heard.append("first " + text))
    signal.connect(lambda text: heard.append("second " + text))
    signal.emit("word")
    assert heard == ["first word", "second word"]


def test_the_same_receiver_hears_once_and_after_disconnecting_never() -> None:
    signal: Signal[[int]] = Signal()
    heard: list[int] = []
    signal.connect(heard.append)
    signal.connect(heard.append)
    signal.emit(1)
    signal.disconnect(heard.append)
    signal.emit(2)
    signal.disconnect(heard.append)
    assert heard == [1]


def test_a_method_falls_silent_with_its_object() -> None:
    signal: Signal[[int]] = Signal()
    ear = _Ear()
    _Ear.heard.clear()
    signal.connect(ear.hear)
    signal.emit(1)
    del ear
    gc.collect()
    signal.emit(2)
    assert _Ear.heard == [1]


def test_a_receiver_may_disconnect_the_next_one() -> None:
    signal: Signal[[]] = Signal()
    heard: list[str] = []

    def second() -> None:
        heard.append("second")

    def first() -> None:
        heard.append("first")
        signal.disconnect(second)

    signal.connect(first)
    signal.connect(second)
    signal.emit()
    assert heard == ["first"]


def test_a_property_tells_changes_and_only_changes() -> None:
    lamp, other = _Lamp(), _Lamp()
    heard: list[int] = []
    lamp.level_changed.connect(heard.append)
    lamp.level = 0
    lamp.level = 3
    lamp.level = 3
    other.level = 5
    assert heard == [3]
    assert (lamp.level, other.level) == (3, 5)
