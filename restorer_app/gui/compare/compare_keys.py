"""The keys of the compare view, as a table that the sheet of shortcuts is made from too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent

from restorer_app.gui.compare.panes import Mode

if TYPE_CHECKING:
    from restorer_app.gui.compare.compare_view import CompareView

_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_NONE = Qt.KeyboardModifier.NoModifier
HOLD_KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Backslash)
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_PAN_SHARE = 0.1
"""Part of the view that one arrow key moves the photo by."""

Action = Callable[["CompareView"], None]


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Keys as they are written, and what they do."""

    keys: str
    text: str


def handled(view: CompareView, event: QKeyEvent) -> bool:
    """Do what a pressed key asks for; false if it is none of the view's keys."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    key = Qt.Key(event.key())
    if key in ARROWS and modifiers in (_NONE, _SHIFT, _CTRL):
        _arrow(view, key, modifiers)
        return True
    action = _ACTIONS.get((key, modifiers)) or _ACTIONS.get((key, modifiers & ~_SHIFT))
    if action is not None:
        action(view)
        return True
    number = key - Qt.Key.Key_0
    if modifiers == _NONE and 0 <= number <= 9 and number <= len(view.variants):
        view.show_variant(number - 1)
        return True
    return False


def shortcuts() -> tuple[Shortcut, ...]:
    """All keys, in the order in which they are explained."""
    return (
        Shortcut(
            "\\",
            QCoreApplication.translate(
                "CompareView", "Original while held; a tap leaves it on (Space too)"
            ),
        ),
        Shortcut(
            "1 … 9",
            QCoreApplication.translate("CompareView", "Show a result; 0 shows the original"),
        ),
        Shortcut("S", QCoreApplication.translate("CompareView", "Split with a divider")),
        Shortcut("B", QCoreApplication.translate("CompareView", "Side by side")),
        Shortcut("T", QCoreApplication.translate("CompareView", "One above the other")),
        Shortcut("F", QCoreApplication.translate("CompareView", "One picture alone")),
        Shortcut("D", QCoreApplication.translate("CompareView", "Difference")),
        Shortcut("I", QCoreApplication.translate("CompareView", "Map of what was added")),
        Shortcut("X", QCoreApplication.translate("CompareView", "Turn the divider")),
        Shortcut(
            "← → ↑ ↓",
            QCoreApplication.translate("CompareView", "Move the divider by 1 % (Shift: 10 %)"),
        ),
        Shortcut("Ctrl+← → ↑ ↓", QCoreApplication.translate("CompareView", "Move the photo")),
        Shortcut("Z", QCoreApplication.translate("CompareView", "Whole photo or 100 %")),
        Shortcut("Ctrl+0", QCoreApplication.translate("CompareView", "Whole photo")),
        Shortcut("Ctrl+1, 2, 4", QCoreApplication.translate("CompareView", "100 %, 200 %, 400 %")),
        Shortcut("+ −", QCoreApplication.translate("CompareView", "Zoom in and out (wheel too)")),
        Shortcut(
            "L", QCoreApplication.translate("CompareView", "Loupe; the wheel makes it stronger")
        ),
    )


def _arrow(view: CompareView, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    dx, dy = ARROWS[key]
    along = dx if view.divider_vertical else dy
    if modifiers != _CTRL and view.mode is Mode.SPLIT and along:
        view.set_divider(view.divider + along * (0.1 if modifiers == _SHIFT else 0.01))
        return
    area = view.image_area
    view.pan(-dx * area.width() * _PAN_SHARE, -dy * area.height() * _PAN_SHARE)


_ACTIONS: dict[tuple[Qt.Key, Qt.KeyboardModifier], Action] = {
    (Qt.Key.Key_S, _NONE): lambda view: view.set_mode(Mode.SPLIT),
    (Qt.Key.Key_B, _NONE): lambda view: view.set_mode(Mode.SIDE_BY_SIDE),
    (Qt.Key.Key_T, _NONE): lambda view: view.set_mode(Mode.STACKED),
    (Qt.Key.Key_F, _NONE): lambda view: view.set_mode(Mode.SINGLE),
    (Qt.Key.Key_D, _NONE): lambda view: view.set_mode(Mode.DIFFERENCE),
    (Qt.Key.Key_I, _NONE): lambda view: view.set_invention_shown(not view.invention_shown),
    (Qt.Key.Key_X, _NONE): lambda view: view.set_divider_vertical(not view.divider_vertical),
    (Qt.Key.Key_L, _NONE): lambda view: view.set_loupe(not view.loupe_shown),
    (Qt.Key.Key_Z, _NONE): lambda view: view.toggle_fit(),
    (Qt.Key.Key_Plus, _NONE): lambda view: view.zoom_in(),
    (Qt.Key.Key_Equal, _NONE): lambda view: view.zoom_in(),
    (Qt.Key.Key_Minus, _NONE): lambda view: view.zoom_out(),
    (Qt.Key.Key_Plus, _CTRL): lambda view: view.zoom_in(),
    (Qt.Key.Key_Equal, _CTRL): lambda view: view.zoom_in(),
    (Qt.Key.Key_Minus, _CTRL): lambda view: view.zoom_out(),
    (Qt.Key.Key_0, _CTRL): lambda view: view.fit(),
    (Qt.Key.Key_1, _CTRL): lambda view: view.set_percent(100),
    (Qt.Key.Key_2, _CTRL): lambda view: view.set_percent(200),
    (Qt.Key.Key_4, _CTRL): lambda view: view.set_percent(400),
}
