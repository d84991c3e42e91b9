"""The values of both pictures under the pointer."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QLabel, QWidget

from restorer_app.gui.compare.picture import Picture
from restorer_app.gui.look.theme import px

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Red, green and blue in sRGB at pixel (`x`, `y`) of the source.

    Both in the photo's own depth: `scale` is what white reads as, 255 or 65535. `after` is None
    without a result.
    """

    x: int
    y: int
    before: Colour
    scale: int
    after: Colour | None = None


def reading_at(photo: Picture, result: Picture, x: float, y: float) -> Reading | None:
    """Both values at a point of the photo, or None outside; `result` may be the photo itself."""
    size = photo.size
    column, row = math.floor(x), math.floor(y)
    if not (0 <= column < size.width and 0 <= row < size.height):
        return None
    before = photo.value(column, row)
    reading = Reading(x=column, y=row, before=before, scale=photo.full_scale)
    if result is photo:
        return reading
    place = int(x * result.size.width / size.width), int(y * result.size.height / size.height)
    share = photo.full_scale / result.full_scale  # results are of 16 bits, whatever the photo is
    red, green, blue = (round(value * share) for value in result.value(*place))
    return replace(reading, after=(red, green, blue))


def after_mix(reading: Reading, mixed: Colour) -> Reading:
    """With `mixed`, of 8 bits, as the value after."""
    red, green, blue = (round(value * reading.scale / 255) for value in mixed)
    return replace(reading, after=(red, green, blue))


def clipped(colour: Colour, scale: int) -> str:
    """`"white"` where a channel is at its end, `"black"` where one is at 0, else nothing.

    An end is within half a step of 8 bits, so that 16 bits are judged alike.
    """
    margin = scale / 255 / 2
    if max(colour) >= scale - margin:
        return "white"
    return "black" if min(colour) <= margin else ""


class Readout(QLabel):
    """One line: place, before, after, and a warning where a channel is at its limit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fit()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._reading: Reading | None = None
        self._retranslate()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() == QEvent.Type.StyleChange:
            self._fit()
        super().changeEvent(event)

    def show_reading(self, reading: Reading | None) -> None:
        self._reading = reading
        if reading is None:
            self.setText("\n\n")  # as many lines as a reading has, so that nothing jumps
            self.setToolTip("")
            return
        names = [self.tr("Before"), self.tr("After")]
        width = max(len(name) for name in names)
        lines = [self._told(names[0].ljust(width), reading.before, reading.scale)]
        if reading.after is not None:
            lines.append(self._told(names[1].ljust(width), reading.after, reading.scale))
        self.setText("\n".join([f"x {reading.x}  y {reading.y}", *lines]))
        self.setToolTip(
            self.tr("Red, green and blue in sRGB, 0 to %1").replace("%1", str(reading.scale))
        )

    def _fit(self) -> None:
        """As large as the other texts of the window."""
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(px(12))
        self.setFont(font)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Values under the pointer"))
        self.show_reading(self._reading)

    def _told(self, name: str, colour: Colour, scale: int) -> str:
        width = len(str(scale))
        values = " ".join(f"{value:>{width}}" for value in colour)
        warning = {
            "white": self.tr("▲ clipped"),
            "black": self.tr("▼ clipped"),
            "": "",
        }[clipped(colour, scale)]
        return f"{name} {values} {warning}".rstrip()
