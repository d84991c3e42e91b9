"""A labelled slider with its number, in per cent."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QLabel, QSlider, QSpinBox, QWidget

from restorer_app.gui.look.theme import columns, px, role, rows

_STEPS = 100
_MOVING_KEYS = (
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
)


class SliderRow(QWidget):
    """Sets a value between 0 and 1, in steps of one per cent.

    Double-clicking the label, or Delete on the slider, brings the start value back.
    """

    changed = Signal(float)
    """While the user moves it, each value once."""
    committed = Signal(float)
    """When the user let go, pressed a key, turned the wheel, or typed; each value once."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._default = self._committed = 0
        self._key_held = False
        # In this order the Tab key comes by, whatever the layout does.
        self._label = QLabel(self)
        self._slider = _Slider(Qt.Orientation.Horizontal, self)
        self._slider.setRange(0, _STEPS)
        self._slider.setPageStep(10)
        self._number = role(_Number(self), "quiet")
        self._arrange()
        self._label.installEventFilter(self)
        self._slider.installEventFilter(self)
        self._slider.valueChanged.connect(self._follow_slider)
        self._slider.sliderReleased.connect(self._commit)
        self._number.valueChanged.connect(self._follow_number)
        self._number.editingFinished.connect(self._commit)

    @property
    def value(self) -> float:
        """0 to 1."""
        return self._slider.value() / _STEPS

    def set_value(self, value: float) -> None:
        """Show a value without a signal; not while the user is moving it, who has the last word."""
        if self._slider.isSliderDown() or self._key_held:
            return
        steps = round(min(max(value, 0.0), 1.0) * _STEPS)
        self._committed = steps
        for part in (self._slider, self._number):
            if part.value() == steps:
                continue  # a number that is being typed would be lost
            part.blockSignals(True)
            part.setValue(steps)
            part.blockSignals(False)

    def set_default(self, value: float) -> None:
        """The value that a reset brings back."""
        self._default = round(value * _STEPS)

    def reset(self) -> None:
        """Back to the start value, as if the user had moved there."""
        self._slider.setValue(self._default)
        self._commit()

    def set_words(self, title: str, help_text: str, reset_hint: str) -> None:
        """The label; what it does; how to reset it."""
        self._label.setText(title)
        tip = f"<p>{help_text}</p><p>{reset_hint}</p>"
        for part in (self._label, self._slider, self._number):
            part.setToolTip(tip)
            part.setAccessibleName(title)
            part.setAccessibleDescription(help_text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        if watched is self._label and isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.MouseButtonDblClick and self.isEnabled():
                self.reset()
                return True
        elif watched is self._slider and isinstance(event, QKeyEvent):
            self._follow_key(event)
        elif watched is self._slider and event.type() == QEvent.Type.FocusOut:
            self._let_go()
        return super().eventFilter(watched, event)

    def _arrange(self) -> None:
        head = columns(gap=4)
        head.addWidget(self._label)
        head.addStretch(1)
        head.addWidget(self._number)
        layout = rows(gap=0)
        layout.addLayout(head)
        layout.addWidget(self._slider)
        self.setLayout(layout)
        self._label.setBuddy(self._slider)

    def _follow_key(self, event: QKeyEvent) -> None:
        if event.type() == QEvent.Type.KeyPress:
            # Others, Ctrl of an undo among them, leave the value to whoever sets it.
            self._key_held = self._key_held or event.key() in _MOVING_KEYS
            if event.key() == Qt.Key.Key_Delete:
                self.reset()
        elif event.type() == QEvent.Type.KeyRelease and not event.isAutoRepeat():
            self._let_go()

    def _let_go(self) -> None:
        self._key_held = False
        self._commit()

    def _follow_slider(self, steps: int) -> None:
        self._number.blockSignals(True)
        self._number.setValue(steps)
        self._number.blockSignals(False)
        self.changed.emit(steps / _STEPS)
        if not self._slider.isSliderDown() and not self._key_held:
            self._commit()

    def _follow_number(self, steps: int) -> None:
        self._slider.blockSignals(True)
        self._slider.setValue(steps)
        self._slider.blockSignals(False)
        self.changed.emit(steps / _STEPS)

    def _commit(self) -> None:
        steps = self._slider.value()
        if steps != self._committed:
            self._committed = steps
            self.committed.emit(steps / _STEPS)


class _Slider(QSlider):
    """A slider that leaves the wheel to the panel it lies in, unless it has the keyboard."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class _Number(QSpinBox):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setRange(0, _STEPS)
        self.setSuffix(" %")
        self.setKeyboardTracking(False)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()
        super().changeEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _fit(self) -> None:
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("100 %") + px(20))
