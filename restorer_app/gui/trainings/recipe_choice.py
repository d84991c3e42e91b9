"""The recipe of a training: one of ours, or a file of the user's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QSizePolicy, QWidget

_SHORTEST = 12
"""Letters that are shown at least."""


class RecipeChoice(QComboBox):
    """The names of our recipes, then the user's own file; the last line asks for one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._own: Path | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(_SHORTEST)
        self.activated.connect(self._take)

    @property
    def value(self) -> str:
        """The name of one of ours, or the place of a file."""
        return str(self.currentData() or "")

    def set_names(self, names: Sequence[str]) -> None:
        """Our recipes that will do, the usual one first; where that is another, it is chosen."""
        if tuple(names) == self._names:
            return
        stays = self._names[:1] == tuple(names[:1]) or self.value not in self._names
        self._names = tuple(names)
        self._fill(self.value if stays else "")

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        if event.type() == QEvent.Type.LanguageChange:
            self._fill(self.value)
        super().changeEvent(event)

    def _fill(self, wanted: str) -> None:
        """All lines, with `wanted` chosen if it is among them, else the usual one."""
        self.clear()
        for name in self._names:
            self.addItem(self.tr("Ours: {}").format(name), name)
        if self._own is not None:
            self.addItem(self._own.name, str(self._own))
        ask = self.tr("A file of your own…") if self._own is None else self.tr("Another file…")
        self.addItem(ask, "")
        self.setCurrentIndex(max(self.findData(wanted), 0) if wanted else 0)

    def _take(self, index: int) -> None:
        if self.itemData(index):
            return
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a recipe"), "", "TOML (*.toml)")
        if name:
            self._own = Path(name).absolute()
        self._fill(name and str(self._own))
