"""Painting the panes of a comparison, in device pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from engine.photo import Box
from restorer_app.gui.compare.brush import PaintedMasks
from restorer_app.gui.compare.display_colour import ScreenColour, Shown
from restorer_app.gui.compare.frames import NEAREST_FROM, Frame, Frames, Sight, drawn
from restorer_app.gui.compare.layers import Live
from restorer_app.gui.compare.panes import Pane, Rect, Side
from restorer_app.gui.compare.pyramid import Pyramid
from restorer_app.gui.compare.viewport import Size, Viewport


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything that decides what the panes look like.

    `detail` is device pixels per pixel of the shown result. `live` and `heat` lie over the result
    alone, `masks` over whatever is shown. While the view is not `resting`, quick goes before fine.
    """

    before: Pyramid
    after: Pyramid
    viewport: Viewport
    panes: tuple[Pane, ...]
    detail: float
    surround: QColor
    nearest_before: bool = False
    resting: bool = True
    gain: float = 4.0
    live: Live | None = None
    heat: QImage | None = None
    masks: PaintedMasks | None = None

    @property
    def in_squares(self) -> bool:
        """Whether pixels of the result are so large that they are shown as squares."""
        return self.detail >= NEAREST_FROM

    def sight(self, side: Side) -> Sight:
        """How one side is drawn: squares only where pixels of the result are large too."""
        if side is Side.BEFORE:
            larger = self._enlarged(self.before)
            nearest = self.in_squares or (self.nearest_before and larger)
            fine = self.resting and larger and self.before is not self.after
            return Sight(self.before, self.viewport, nearest, fine and not nearest)
        return Sight(self.after, self.viewport, self.in_squares)

    def _enlarged(self, pyramid: Pyramid) -> bool:
        """Whether a source is drawn larger than it is because the result has more pixels."""
        return pyramid.picture.size.width < self.after.picture.size.width and self.viewport.zoom > 1


@dataclass(frozen=True, slots=True, eq=False)
class Visible:
    """Both pictures inside `box` of the photo.

    (h, w, 3) sRGB of equal size, `zoom` of their pixels per photo pixel: those of the screen, or
    of the result where these are shown as squares. `after` is the result itself, without live
    layer.
    """

    box: Box
    zoom: float
    before: NDArray[np.uint8]
    after: NDArray[np.uint8]


def visible(scene: Scene, colour: ScreenColour) -> Visible:
    """What is seen of both pictures, whole photo pixels; what needs no profile is exact, the
    rest as good as it is ready."""
    viewport = scene.viewport
    scene = replace(scene, nearest_before=False)  # which is a way of looking, not of mixing
    if scene.in_squares:
        return part(scene, viewport.visible, colour)
    return _both(scene, viewport.visible, colour)


def part(scene: Scene, box: Box, colour: ScreenColour) -> Visible:
    """Both pictures inside `box` of the photo, in pixels of the result, whatever the zoom; the
    source enlarged as it is when the photo is saved."""
    scale = scene.viewport.zoom / scene.detail
    size = Size(max(round(box.width * scale), 1), max(round(box.height * scale), 1))
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    viewport = Viewport(photo=scene.viewport.photo, pane=size, zoom=scale, x=x, y=y)
    at_rest = replace(scene, viewport=viewport, detail=1.0, nearest_before=False, resting=True)
    return _both(at_rest, box, colour)


def _both(scene: Scene, box: Box, colour: ScreenColour) -> Visible:
    rect = scene.viewport.rect_of(box)
    before, after = (
        colour.srgb(drawn(scene.sight(side), rect, float("inf")).pixels)
        for side in (Side.BEFORE, Side.AFTER)
    )
    return Visible(box, scene.viewport.zoom, before, after)


def small_copy(scene: Scene, frames: Frames) -> QImage:
    """The whole source for a minimap, its long side 352 pixels."""
    photo = scene.viewport.photo
    factor = 352 / max(photo.width, photo.height)
    pane = Size(max(round(photo.width * factor), 1), max(round(photo.height * factor), 1))
    sight = Sight(scene.before, Viewport.fitting(photo, pane), nearest=False)
    frame = frames.frame(sight, (0, 0, pane.width, pane.height))
    return QImage() if frame is None else frame.image().copy()


def paint(painter: QPainter, scene: Scene, frames: Frames, view: QRect) -> None:
    """Paint all panes; the painter's unit is one device pixel, `view` the whole area."""
    painter.fillRect(view, scene.surround)
    for pane in scene.panes:
        painter.save()
        painter.translate(pane.left, pane.top)
        painter.setClipRect(_qrect(pane.clip))
        if pane.side is Side.DIFFERENCE:
            _paint_difference(painter, scene, frames, pane)
        else:
            _paint_side(painter, scene, frames, pane)
        if scene.masks is not None and not scene.masks.empty:
            _paint_masks(painter, scene.masks, scene.viewport)
        painter.restore()


def _paint_side(painter: QPainter, scene: Scene, frames: Frames, pane: Pane) -> None:
    frame = frames.frame(scene.sight(pane.side), pane.clip)
    if frame is not None:
        _blit(painter, frame, pane.clip)
    if pane.side is Side.AFTER:
        if scene.live is not None:
            _paint_live(painter, scene.live, scene)
        if scene.heat is not None:
            _paint_heat(painter, scene.heat, scene.viewport)


def _blit(painter: QPainter, frame: Frame, clip: Rect) -> None:
    left, top = max(frame.left, clip[0]), max(frame.top, clip[1])
    right, bottom = min(frame.rect[2], clip[2]), min(frame.rect[3], clip[3])
    source = QRect(left - frame.left, top - frame.top, right - left, bottom - top)
    painter.drawImage(QPoint(left, top), frame.image(), source)


def _paint_live(painter: QPainter, live: Live, scene: Scene) -> None:
    target = _qrect(scene.viewport.rect_of(live.box))
    image = live.image()
    if image.size() == target.size():
        painter.drawImage(target.topLeft(), image)
    else:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not scene.in_squares)
        painter.drawImage(target, image)


def _paint_heat(painter: QPainter, image: QImage, viewport: Viewport) -> None:
    left, top = viewport.origin
    width, height = viewport.photo.width * viewport.zoom, viewport.photo.height * viewport.zoom
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(left, top, round(width), round(height)), image)


def _paint_masks(painter: QPainter, masks: PaintedMasks, viewport: Viewport) -> None:
    left, top, right, bottom = masks.overlay_box(viewport.visible)
    x0, y0 = viewport.to_pane(left, top)
    x1, y1 = viewport.to_pane(right, bottom)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setClipRect(_qrect(viewport.photo_rect), Qt.ClipOperation.IntersectClip)
    painter.drawImage(QRectF(x0, y0, x1 - x0, y1 - y0), masks.overlay(viewport.visible))


def _paint_difference(painter: QPainter, scene: Scene, frames: Frames, pane: Pane) -> None:
    before = frames.frame(scene.sight(Side.BEFORE), pane.clip)
    after = frames.frame(scene.sight(Side.AFTER), pane.clip)
    if before is None or after is None or before.rect != after.rect:
        return
    pixels = after.pixels
    if scene.live is not None:
        pixels = _with_live(after, scene.live, scene)
    change = cv2.convertScaleAbs(cv2.absdiff(before.pixels, pixels), alpha=scene.gain)
    result = Frame(after.left, after.top, np.asarray(change, np.uint8), after.exact)
    _blit(painter, result, pane.clip)


def _with_live(frame: Frame, live: Live, scene: Scene) -> Shown:
    pixels = frame.pixels.copy()
    image = Frame(frame.left, frame.top, pixels, frame.exact).image()
    painter = QPainter(image)
    painter.translate(-frame.left, -frame.top)
    _paint_live(painter, live, scene)
    painter.end()
    return pixels


def _qrect(rect: Rect) -> QRect:
    return QRect(rect[0], rect[1], rect[2] - rect[0], rect[3] - rect[1])
