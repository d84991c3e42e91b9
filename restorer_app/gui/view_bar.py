"""The slim bar above the picture: how it is compared, how large it is, which result is shown."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QLabel,
    QToolButton,
    QWidget,
)

from restorer_app.gui.compare.panes import Mode
from restorer_app.gui.look.icons import icon
from restorer_app.gui.look.theme import columns, px, role, rows

_KEYS = {
    Mode.SPLIT: "S",
    Mode.SIDE_BY_SIDE: "B",
    Mode.STACKED: "T",
    Mode.SINGLE: "F",
    Mode.DIFFERENCE: "D",
}
_ICONS = {
    Mode.SPLIT: "split",
    Mode.SIDE_BY_SIDE: "side-by-side",
    Mode.STACKED: "stacked",
    Mode.SINGLE: "single",
    Mode.DIFFERENCE: "difference",
}
_ZOOM_ICONS = {"out": "zoom-out", "in": "zoom-in", "fit": "fit", "full": "actual"}


class ViewBar(QWidget):
    """Buttons only: what they mean is done by whoever listens.

    Where there is no room for all of them beside each other, the results are a row of their own.
    """

    mode_chosen = Signal(object)
    variant_chosen = Signal(int)
    invention_toggled = Signal(bool)
    loupe_toggled = Signal(bool)
    zoom_chosen = Signal(str)
    """ "in", "out", "fit" or "full" (one pixel of the photo to one of the screen)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._modes = {mode: self._button(_ICONS[mode], checkable=True) for mode in _KEYS}
        self._group = QButtonGroup(self)
        for mode, button in self._modes.items():
            self._group.addButton(button)
            button.clicked.connect(lambda _=False, mode=mode: self.mode_chosen.emit(mode))
        self._invention = self._button("invention", checkable=True)
        self._invention.toggled.connect(self.invention_toggled)
        self._loupe = self._button("loupe", checkable=True)
        self._loupe.toggled.connect(self.loupe_toggled)
        self._variants = QWidget()
        self._shelf = columns(2)
        self._variants.setLayout(self._shelf)
        self._variant_group = QButtonGroup(self)
        self._titles: list[str] = []
        self._percent = QLabel()
        self._percent.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._zoom = {way: self._button(name) for way, name in _ZOOM_ICONS.items()}
        for way, button in self._zoom.items():
            button.clicked.connect(lambda _=False, way=way: self.zoom_chosen.emit(way))
        self._row, self._below, self._in_row = columns(4), columns(0), True
        self._lay_out()
        self._retranslate()
        self.show_mode(Mode.SPLIT)

    def show_mode(self, mode: Mode) -> None:
        self._modes[mode].setChecked(True)

    def show_percent(self, percent: float) -> None:
        self._percent.setText(f"{percent:.0f} %")

    def show_invention(self, shown: bool, possible: bool) -> None:
        self._invention.blockSignals(True)
        self._invention.setChecked(shown)
        self._invention.blockSignals(False)
        self._invention.setEnabled(possible)

    def show_loupe(self, shown: bool) -> None:
        self._loupe.blockSignals(True)
        self._loupe.setChecked(shown)
        self._loupe.blockSignals(False)

    def show_variants(self, titles: list[str], shown: int) -> None:
        """The original and the results by name; `shown` is -1 for the original."""
        if len(self._variant_group.buttons()) != len(titles) + 1:
            self._make_variants(len(titles) + 1)
        self._titles = titles
        for index, button in enumerate(self._variant_group.buttons(), -1):
            button.setText(str(index + 1))
            button.setChecked(index == shown)
        self._name_variants()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() == QEvent.Type.StyleChange:
            self._fit()
        super().changeEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._break()
        return super().event(event)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Without the results beside the rest, wherever they are now."""
        least = super().minimumSizeHint()
        width = max(self._width() - self._variants_width(), self._variants_width())
        return QSize(width, least.height())

    def _variants_width(self) -> int:
        return self._shelf.minimumSize().width() + self._row.spacing()

    def _width(self) -> int:
        """What all buttons take beside each other."""
        width = self._row.minimumSize().width()
        return width if self._in_row else width + self._variants_width()

    def _break(self) -> None:
        """Put the results where there is room."""
        fits = self._width() <= self.width()
        if fits == self._in_row:
            return
        self._in_row = fits
        if fits:
            self._below.removeWidget(self._variants)
            self._row.insertWidget(self._place, self._variants)
        else:
            self._row.removeWidget(self._variants)
            self._below.insertWidget(1, self._variants)
        self.updateGeometry()

    def _name_variants(self) -> None:
        names = (self.tr("Original"), *self._titles)
        for number, button in enumerate(self._variant_group.buttons()):
            _name(button, names[number], str(number))

    def _button(self, name: str, *, checkable: bool = False) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icon(name))
        button.setCheckable(checkable)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        role(button, "flat")
        return button

    def _make_variants(self, count: int) -> None:
        for old in self._variant_group.buttons():
            self._variant_group.removeButton(old)
            self._shelf.removeWidget(old)
            old.deleteLater()
        for index in range(-1, count - 1):
            button = QToolButton(self._variants)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            role(button, "flat")
            button.clicked.connect(lambda _=False, index=index: self.variant_chosen.emit(index))
            self._variant_group.addButton(button)
            self._shelf.addWidget(button)

    def _lay_out(self) -> None:
        row = self._row
        for button in self._modes.values():
            row.addWidget(button)
        row.addSpacing(px(8))
        for widget in (self._invention, self._loupe):
            row.addWidget(widget)
        row.addStretch(1)
        self._place = row.count()
        row.addWidget(self._variants)
        row.addStretch(1)
        self._fit()
        row.addWidget(self._zoom["out"])
        row.addWidget(self._percent)
        for way in ("in", "fit", "full"):
            row.addWidget(self._zoom[way])
        self._below.addStretch(1)
        self._below.addStretch(1)
        whole = rows(2, 6)
        whole.addLayout(row)
        whole.addLayout(self._below)
        self.setLayout(whole)

    def _fit(self) -> None:
        """Room for the number, so that nothing beside it moves while zooming."""
        self._percent.setMinimumWidth(px(52))

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Compare"))
        words = {
            Mode.SPLIT: self.tr("Split: drag the line across the picture"),
            Mode.SIDE_BY_SIDE: self.tr("Side by side"),
            Mode.STACKED: self.tr("One above the other"),
            Mode.SINGLE: self.tr("Result alone; hold Space for the original"),
            Mode.DIFFERENCE: self.tr("Difference between before and after"),
        }
        for mode, button in self._modes.items():
            _name(button, words[mode], _KEYS[mode])
        _name(self._invention, self.tr("Show what the source does not support"), "I")
        _name(self._loupe, self.tr("Loupe"), "L")
        plus, minus = QKeySequence("+").toString(), QKeySequence("-").toString()
        _name(self._zoom["out"], self.tr("Smaller"), minus)
        _name(self._zoom["in"], self.tr("Larger"), plus)
        _name(self._zoom["fit"], self.tr("Whole photo"), "Ctrl+0")
        _name(
            self._zoom["full"], self.tr("100 %: one pixel of the photo to one of the screen"), "Z"
        )
        self._percent.setAccessibleName(self.tr("Size on screen"))
        self._name_variants()


def _name(button: QAbstractButton, text: str, key: str) -> None:
    button.setToolTip(f"{text} ({key})")
    button.setAccessibleName(text)
