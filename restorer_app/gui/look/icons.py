"""The program's own icons: one stroke colour, taken from the theme each time they are painted."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from engine.resources import resource

_INK = "currentColor"
_PROGRAM_SIDES = (16, 24, 32, 48, 64, 128, 256)
"""Pixels; window managers and task bars choose among them."""


def names() -> tuple[str, ...]:
    """All icons there are, in alphabetical order."""
    return tuple(sorted(path.stem for path in resource("icons").glob("*.svg")))


def icon(name: str) -> QIcon:
    """An icon in the colour of the text it stands beside; sharp at any size, live with the theme.

    Raises `KeyError` for a name that is not among `names()`.
    """
    _drawing(name)
    return QIcon(_ThemedIcon(name))


def pixmap(name: str, side: int, colour: QColor, ratio: float = 1.0) -> QPixmap:
    """An icon of `side` logical pixels in a given colour, for a screen of that pixel ratio."""
    picture = QPixmap(QSize(side, side) * ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint(painter, name, QRectF(picture.rect()), colour)
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def program_icon() -> QIcon:
    """The sign of the program itself, in colours of its own."""
    renderer = QSvgRenderer(str(resource("icons", "program", "restorer.svg")))
    sign = QIcon()
    for side in _PROGRAM_SIDES:
        picture = QPixmap(side, side)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        renderer.render(painter, QRectF(picture.rect()))
        painter.end()
        sign.addPixmap(picture)
    return sign


def paint(painter: QPainter, name: str, place: QRectF, colour: QColor) -> None:
    """Draw an icon as large as `place`."""
    renderer = _renderer(name, colour.name())
    painter.save()
    painter.setOpacity(painter.opacity() * colour.alphaF())
    renderer.render(painter, place)
    painter.restore()


class _ThemedIcon(QIconEngine):
    """Paints a drawing in the palette's colour for the state a button is in."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def clone(self) -> QIconEngine:
        return _ThemedIcon(self._name)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        paint(painter, self._name, QRectF(rect), _ink(mode, state))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return picture

    def scaledPixmap(  # noqa: N802  (Qt's name)
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        return self.pixmap(size, mode, state)


def _ink(mode: QIcon.Mode, state: QIcon.State) -> QColor:
    palette = QApplication.palette()
    groups, parts = QPalette.ColorGroup, QPalette.ColorRole
    if mode is QIcon.Mode.Disabled:
        return palette.color(groups.Disabled, parts.ButtonText)
    if mode is QIcon.Mode.Selected or state is QIcon.State.On:
        return palette.color(groups.Active, parts.HighlightedText)
    return palette.color(groups.Active, parts.ButtonText)


@cache
def _drawing(name: str) -> str:
    path = resource("icons", f"{name}.svg")
    if not path.is_file():
        raise KeyError(name)
    return path.read_text(encoding="utf-8")


@cache
def _renderer(name: str, ink: str) -> QSvgRenderer:
    svg = _drawing(name).replace(_INK, ink)
    return QSvgRenderer(QByteArray(svg.encode()))
