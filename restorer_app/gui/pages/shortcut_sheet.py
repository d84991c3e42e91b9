"""All keys at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QPushButton, QWidget

from restorer_app.gui.compare import compare_keys
from restorer_app.gui.look.theme import columns, px, role, rows
from restorer_app.gui.menus import menu_texts

_KEYS = 134
"""Width of the column of keys, so that those of all groups are one column."""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A key, or several, and what it does."""

    keys: str
    text: str


@dataclass(frozen=True, slots=True)
class ShortcutGroup:
    """Keys that belong together."""

    title: str
    shortcuts: tuple[Shortcut, ...]


class ShortcutSheet(QDialog):
    """Shows keys in two columns; Escape closes it."""

    def __init__(
        self, groups: Sequence[ShortcutGroup] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        groups = shortcut_groups() if groups is None else groups
        sides = columns(gap=32)
        for members in _halves(groups):
            side = rows(gap=18)
            for group in members:
                side.addWidget(_table(group))
            side.addStretch(1)
            sides.addLayout(side)
        close = role(QPushButton(self.tr("Close")), "primary")
        close.clicked.connect(self.accept)
        foot = columns(gap=8)
        foot.addStretch(1)
        foot.addWidget(close)
        layout = rows(gap=16, margin=22)
        layout.addWidget(role(QLabel(self.tr("Keys")), "title"))
        layout.addLayout(sides)
        layout.addLayout(foot)
        self.setLayout(layout)


def shortcut_groups() -> tuple[ShortcutGroup, ...]:
    """The keys of the program, in the language of the window."""

    def group(title: str, *lines: tuple[str, str]) -> ShortcutGroup:
        return ShortcutGroup(title, tuple(Shortcut(keys, text) for keys, text in lines))

    translate = QCoreApplication.translate
    return (
        ShortcutGroup(
            translate("ShortcutSheet", "Compare"),
            tuple(Shortcut(each.keys, each.text) for each in compare_keys.shortcuts()),
        ),
        group(
            translate("ShortcutSheet", "Filmstrip"),
            ("Ctrl+Shift+← →", translate("ShortcutSheet", "Move it in the filmstrip")),
            ("Del", translate("ShortcutSheet", "Remove from the list")),
        ),
        group(
            translate("ShortcutSheet", "Brush"),
            ("K, R, E", translate("ShortcutSheet", "Keep, restore, erase")),
            ("[ ]", translate("ShortcutSheet", "Smaller or larger")),
        ),
        *(
            group(title, *((command.keys, command.text) for command in commands if command.keys))
            for title, commands in menu_texts()
            if any(command.keys for command in commands)
        ),
    )


def _halves(groups: Sequence[ShortcutGroup]) -> tuple[list[ShortcutGroup], list[ShortcutGroup]]:
    """Two columns of about the same height."""
    whole = sum(len(group.shortcuts) + 2 for group in groups)
    left: list[ShortcutGroup] = []
    for group in groups:
        if sum(len(each.shortcuts) + 2 for each in left) >= whole / 2:
            break
        left.append(group)
    return left, list(groups[len(left) :])


def _table(group: ShortcutGroup) -> QWidget:
    table = QWidget()
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(px(14))
    grid.setVerticalSpacing(px(6))
    grid.addWidget(role(QLabel(group.title), "heading"), 0, 0, 1, 2)
    for row, shortcut in enumerate(group.shortcuts, start=1):
        keys = role(QLabel(shortcut.keys), "key")
        grid.addWidget(keys, row, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(QLabel(shortcut.text), row, 1)
    grid.setColumnMinimumWidth(0, px(_KEYS))
    grid.setColumnStretch(1, 1)
    return table
