"""Undoing and doing again."""

from __future__ import annotations

from restorer_app.history import History


class _Value:
    def __init__(self) -> None:
        self.now = 0
        self.history: History[int] = History(self.set)

    def set(self, value: int) -> None:
        self.now = value

    def change(self, value: int, gesture: str = "") -> None:
        before, self.now = self.now, value
        self.history.record(f"to {value}", before, value, gesture)


def test_steps_are_undone_and_done_again_in_their_order() -> None:
    value = _Value()
    value.change(1)
    value.change(2)
    assert (value.history.undo_title, value.history.redo_title) == ("to 2", "")
    assert [value.history.undo(), value.now] == ["to 2", 1]
    assert [value.history.undo(), value.now] == ["to 1", 0]
    assert [value.history.undo(), value.now] == ["", 0]
    assert [value.history.redo(), value.now] == ["to 1", 1]
    assert value.history.redo_title == "to 2"


def test_a_new_step_forgets_what_was_undone() -> None:
    value = _Value()
    value.change(1)
    value.change(2)
    value.history.undo()
    value.change(5)
    assert value.history.redo() == ""
    assert value.history.titles == ("to 1", "to 5")


def test_a_drag_is_one_step() -> None:
    value = _Value()
    for position in (3, 4, 5):
        value.change(position, "strength")
    value.history.commit()
    for position in (6, 7):
        value.change(position, "strength")
    value.history.undo()
    assert value.now == 5
    value.history.undo()
    assert value.now == 0


def test_a_drag_back_to_its_start_is_no_step() -> None:
    value = _Value()
    value.change(3, "strength")
    value.change(0, "strength")
    value.history.commit()
    assert value.history.titles == ()


def test_another_slider_begins_another_step() -> None:
    value = _Value()
    value.change(3, "strength")
    value.change(4, "grain")
    assert len(value.history.titles) == 2


def test_a_gesture_that_came_back_to_its_start_is_none_when_another_begins() -> None:
    value = _Value()
    value.change(1)
    value.change(2, "strength")
    value.change(1, "strength")
    value.change(5, "detail")
    value.history.commit()
    assert value.history.titles == ("to 1", "to 5")
    assert [value.history.undo(), value.now] == ["to 5", 1]
    assert [value.history.undo(), value.now] == ["to 1", 0]
