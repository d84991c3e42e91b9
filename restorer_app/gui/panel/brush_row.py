"""The brush tools: where to keep the original, where to force the restoration."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QSlider, QToolButton, QWidget

from restorer_app.gui.look.icons import icon
from restorer_app.gui.look.theme import columns, role, rows

KINDS = ("keep", "restore", "erase")
_SMALLEST, _LARGEST = 4, 600
_ICONS = {"keep": "keep", "restore": "brush", "erase": "eraser"}


class BrushRow(QWidget):
    """Three brushes of which one or none is taken up, and their size."""

    chosen = Signal(str)
    """`keep`, `restore`, `erase`, or empty when the brush was put down."""
    size_changed = Signal(int)
    """Radius in pixels of the photo."""
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons = {kind: _tool(_ICONS[kind]) for kind in KINDS}
        self._hint = role(QLabel(), "dim")
        self._hint.setWordWrap(True)
        self._clear = role(_tool("trash"), "flat")
        self._size_label = role(QLabel(), "dim")
        self._size = QSlider(Qt.Orientation.Horizontal)
        self._size.setRange(_SMALLEST, _LARGEST)
        self._size.setValue(60)
        self._arrange()
        for kind, button in self._buttons.items():
            button.setCheckable(True)
            button.clicked.connect(lambda on, kind=kind: self._take(kind if on else ""))
        self._clear.clicked.connect(self.cleared)
        self._size.valueChanged.connect(self._tell_size)
        self.retranslate()

    def press(self, kind: str) -> None:
        """As if the button of `kind` were clicked."""
        self._buttons[kind].click()

    def resize_by(self, factor: float) -> None:
        """A larger or smaller brush, by one pixel at least."""
        size = self._size.value()
        step = round(size * factor) - size
        self._size.setValue(size + (step or (1 if factor > 1 else -1)))

    @property
    def kind(self) -> str:
        """The brush in hand; empty for none."""
        return next((kind for kind, button in self._buttons.items() if button.isChecked()), "")

    @property
    def size_of_brush(self) -> int:
        return self._size.value()

    def set_kind(self, kind: str) -> None:
        """Take up a brush, or put it down, without a signal."""
        for known, button in self._buttons.items():
            button.setChecked(known == kind)
        self.retranslate()

    def set_size(self, radius: int) -> None:
        """Set the radius without a signal; kept in range."""
        self._size.blockSignals(True)
        self._size.setValue(radius)
        self._size.blockSignals(False)
        self.retranslate()

    def retranslate(self) -> None:
        words = {
            "keep": (self.tr("Keep"), self.tr("Paint where the original shall stay (K)")),
            "restore": (
                self.tr("Restore"),
                self.tr("Paint where the full restoration shall show (R)"),
            ),
            "erase": (self.tr("Erase"), self.tr("Take painted places away again (E)")),
        }
        for kind, (title, tip) in words.items():
            self._buttons[kind].setAccessibleName(title)
            self._buttons[kind].setToolTip(tip)
            self._buttons[kind].setAccessibleDescription(tip)
        self._hint.setText(words[self.kind][1] if self.kind else "")
        self._hint.setVisible(bool(self.kind))
        self._clear.setToolTip(self.tr("Take all painted places away"))
        self._clear.setAccessibleName(self.tr("Clear the brush marks"))
        self._size.setAccessibleName(self.tr("Brush size"))
        self._size.setToolTip(self.tr("Brush size in pixels of the photo ([ and ])"))
        self._size_label.setText(self.tr("Size {size} px").format(size=self._size.value()))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()
        super().changeEvent(event)

    def _arrange(self) -> None:
        tools = columns(gap=4)
        for button in self._buttons.values():
            tools.addWidget(button, 1)
        tools.addWidget(self._clear)
        size = columns(gap=8)
        size.addWidget(self._size_label)
        size.addWidget(self._size, 1)
        layout = rows(gap=6)
        layout.addLayout(tools)
        layout.addWidget(self._hint)
        layout.addLayout(size)
        self.setLayout(layout)
        self._fit()

    def _fit(self) -> None:
        widest = self.tr("Size {size} px").format(size=_LARGEST)
        self._size_label.setMinimumWidth(self._size_label.fontMetrics().horizontalAdvance(widest))

    def _take(self, kind: str) -> None:
        self.set_kind(kind)
        self.chosen.emit(kind)

    def _tell_size(self, radius: int) -> None:
        self.retranslate()
        self.size_changed.emit(radius)


def _tool(name: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(name))
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return button
