"""What a new user sees: an invitation to drop photos."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from restorer_app.gui.look import icons
from restorer_app.gui.look.theme import Look, columns, px, role, rows

_RECENT = 5
_NAME = 360
"""Width that a name may have."""


class EmptyState(QWidget):
    """Says how to begin; shown while no photo is open."""

    open_requested = Signal()
    folder_requested = Signal()
    sample_requested = Signal()
    recent_chosen = Signal(str)
    """The path of a photo or folder that was open before."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._is_hovered = look, False
        self._picture = _Picture(look)
        self._title = role(QLabel(), "hero")
        self._text = role(QLabel(), "dim")
        self._open = role(QPushButton(), "primary")
        self._folder, self._sample = QPushButton(), QPushButton()
        self._private = role(QLabel(), "dim")
        self._recent_title = role(QLabel(), "heading")
        self._recent: QVBoxLayout = rows(gap=2)
        self._arrange()
        self.setFocusProxy(self._open)
        self._open.clicked.connect(self.open_requested)
        self._folder.clicked.connect(self.folder_requested)
        self._sample.clicked.connect(self.sample_requested)
        look.changed.connect(self.update)
        self.set_recent([])
        self.retranslate()

    def set_drop_hover(self, is_hovered: bool) -> None:
        """Whether something is being dragged over the window."""
        self._is_hovered = is_hovered
        self.retranslate()
        self.update()

    def set_recent(self, paths: Sequence[Path]) -> None:
        """Offer these again; the first five."""
        while (item := self._recent.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for path in paths[:_RECENT]:
            button = role(QPushButton(self._shortened(path.name or str(path))), "flat")
            button.setToolTip(str(path))
            button.setAccessibleDescription(str(path))
            button.clicked.connect(lambda _=False, path=path: self.recent_chosen.emit(str(path)))
            self._recent.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        self._recent_title.setVisible(bool(paths))

    def _shortened(self, name: str) -> str:
        """A name as a button may have it: none pushes the window apart or loses an ampersand."""
        metrics = self.fontMetrics()
        text = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, px(_NAME))
        return text.replace("&", "&&")

    def retranslate(self) -> None:
        self._title.setText(
            self.tr("Let go to open") if self._is_hovered else self.tr("Drop photos here")
        )
        self._text.setText(self.tr("Photos or whole folders. Your files are never changed."))
        self._open.setText(self.tr("Open photos…"))
        self._open.setToolTip(self.tr("Choose photos (Ctrl+O)"))
        self._folder.setText(self.tr("Open a folder…"))
        self._folder.setToolTip(self.tr("Choose a folder of photos (Ctrl+Shift+O)"))
        self._sample.setText(self.tr("Try a sample"))
        self._sample.setToolTip(self.tr("See what the program does, on a photo of its own"))
        self._private.setText(self.tr("Everything happens on this computer."))
        self._recent_title.setText(self.tr("Recent"))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        tones, painter = self._look.tones, QPainter(self)
        painter.fillRect(self.rect(), QColor(tones.surround))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(tones.focus if self._is_hovered else tones.edge), px(1.5))
        pen.setDashPattern([5, 5])
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        inset = px(20)
        place = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(place, px(14), px(14))
        painter.end()

    def _arrange(self) -> None:
        layout = rows(gap=10, margin=36)
        layout.addStretch(2)
        middle = Qt.AlignmentFlag.AlignHCenter
        layout.addWidget(self._picture, 0, middle)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            layout.addWidget(label)
        layout.addSpacing(10)
        buttons = columns(gap=8)
        buttons.addStretch(1)
        for button in (self._open, self._folder, self._sample):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout.addLayout(buttons)
        layout.addSpacing(14)
        layout.addWidget(self._recent_title, 0, middle)
        layout.addLayout(self._recent)
        layout.addStretch(3)
        self._private.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(self._private)
        self.setLayout(layout)


class _Picture(QWidget):
    """The sign of a photo, half as it was and half clear."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        look.changed.connect(self._fit)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        tones, painter = self._look.tones, QPainter(self)
        place = QRectF(self.rect())
        half = place.width() / 2
        for left, ink in ((0.0, tones.edge), (half, tones.text)):
            painter.setClipRect(QRectF(left, 0, half, place.height()))
            icons.paint(painter, "photo", place, QColor(ink))
        painter.setClipping(False)
        painter.setPen(QPen(QColor(tones.accent), px(1.5)))
        painter.drawLine(round(half), px(6), round(half), round(place.height()) - px(6))
        painter.end()

    def _fit(self) -> None:
        self.setFixedSize(px(84), px(84))
