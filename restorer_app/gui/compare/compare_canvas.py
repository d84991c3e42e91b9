"""Two pictures on one surface: what is shown, from where, and in which way."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

from engine.bands import FINE, context
from engine.photo import SRGB, Box
from restorer_app.gui.compare.captions import Wording
from restorer_app.gui.compare.chrome import paint_divider, paint_focus, paint_label, paint_ring
from restorer_app.gui.compare.comparison import ORIGINAL
from restorer_app.gui.compare.layers import Live
from restorer_app.gui.compare.loupe import Loupe
from restorer_app.gui.compare.minimap import Minimap
from restorer_app.gui.compare.panes import Mode
from restorer_app.gui.compare.picture_surface import PictureSurface
from restorer_app.gui.compare.readout import Reading, after_mix, reading_at
from restorer_app.gui.compare.scene import Scene, Visible, paint, part, small_copy, visible

_NEUTRAL = QColor(0x2E, 0x2E, 0x2E)


class CompareCanvas(PictureSurface):
    """Shows a source and one of its variants; has no hands yet, see `CompareView`.

    Coordinates of the photo are pixels of the source, positions are in the widget's units, zoom is
    device pixels per source pixel.
    """

    original_shown = Signal(bool)
    loupe_toggled = Signal(bool)
    pixel_read = Signal(object)
    """A `Reading`, or None where the pointer is not on the photo."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 120)
        self._held_original = False
        self._focus_shown = False
        self._handle = self._nearest_before = False
        self._gain, self._surround = 4.0, _NEUTRAL
        self._loupe: Loupe | None = None
        self._pointer: QPointF | None = None
        self._ring: float | None = None
        self._retranslate()

    # The way of looking

    def set_handle_shown(self, shown: bool) -> None:
        if shown != self._handle:
            self._handle = shown
            self.update()

    def set_focus_shown(self, shown: bool) -> None:
        """Draw the ring that tells where the keyboard acts, and the divider's handle."""
        if shown != self._focus_shown:
            self._focus_shown = shown
            self.update()

    @property
    def original_kept(self) -> bool:
        return self._kept_original

    @property
    def original_is_shown(self) -> bool:
        return self._kept_original or self._held_original

    def show_original(self, shown: bool) -> None:
        """Show the original in place of the result until told otherwise."""
        self._set_original(shown, self._held_original)

    def hold_original(self, held: bool) -> None:
        """Show the original while a key is held."""
        self._set_original(self._kept_original, held)

    @property
    def loupe_shown(self) -> bool:
        return self._loupe is not None

    def set_loupe(self, shown: bool) -> None:
        if shown == self.loupe_shown:
            return
        self._loupe = Loupe() if shown else None
        self.loupe_toggled.emit(shown)
        self._announce()
        self.update()

    def turn_loupe(self, steps: float) -> None:
        if self._loupe is not None:
            self._loupe.turned(steps)
            self.update()

    def set_surround(self, colour: QColor) -> None:
        self._surround = QColor(colour)
        self.update()

    def set_difference_gain(self, gain: float) -> None:
        """How many times larger than they are differences are shown."""
        self._gain = gain
        self.update()

    def set_nearest_before(self, nearest: bool) -> None:
        """Show an enlarged source as squares instead of smooth."""
        self._nearest_before = nearest
        self.update()

    def visit(self, position: QPointF) -> None:
        """Go to the place that the minimap shows at `position`."""
        minimap = self._minimap()
        if minimap is not None:
            self.centre_on(*minimap.place(position))

    def on_minimap(self, position: QPointF) -> bool:
        minimap = self._minimap()
        return minimap is not None and minimap.rect.contains(position)

    def visible_pixels(self) -> Visible | None:
        """What is seen of both pictures, to be mixed and given back to `set_live`.

        The result is the one that is chosen, also while the original is shown in its place.
        """
        scene, after = self._scene(), self._comparison.after
        if scene is None or after is None:
            return None
        return visible(replace(scene, after=after), self._comparison.colour)

    def point_at(self, position: QPointF | None) -> None:
        """The pointer is at `position`, or has left."""
        self._pointer = position
        self.pixel_read.emit(None if position is None else self._reading(position))
        if self._loupe is not None or self._ring is not None:
            self.update()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        scene = self._scene()
        if scene is None:
            painter.fillRect(self.rect(), self._surround)
        else:
            dpr = self._dpr()
            size = self._view_size()
            painter.save()
            painter.scale(1 / dpr, 1 / dpr)
            paint(painter, scene, self._frames, QRect(0, 0, size.width, size.height))
            painter.restore()
            self._paint_chrome(painter, scene)
        if self._focus_shown:
            paint_focus(
                painter, self.image_area, self.palette().color(QPalette.ColorRole.Highlight)
            )

    def _paint_chrome(self, painter: QPainter, scene: Scene) -> None:
        split = len(scene.panes) == 2 and scene.panes[0].left == scene.panes[1].left
        if self._mode is Mode.SPLIT and (split or len(scene.panes) == 1) and self._two_sided():
            paint_divider(
                painter,
                self.image_area,
                self.divider_line,
                vertical=self._vertical,
                handle=self._handle or self._focus_shown,
            )
        for label in self._wording().labels(scene.panes, self._dpr()):
            paint_label(painter, label)
        minimap = self._minimap()
        if minimap is not None:
            minimap.paint(painter, small_copy(scene, self._frames), scene.viewport.visible)
        if self._loupe is not None:
            at = self._pointer if self._pointer is not None else self.middle
            self._loupe.paint(painter, scene, at, self._dpr(), self._mixed)
        elif self._ring is not None and self._pointer is not None:
            paint_ring(painter, self._pointer, self._ring * self.zoom / self._dpr())

    # State

    def _scene(self) -> Scene | None:
        before, after = self._comparison.before, self._comparison.after
        if self._viewport is None or before is None or after is None:
            return None
        original = not self._two_sided()
        heat_shown = self._invention_shown and not original
        return Scene(
            before=before,
            after=before if original else after,
            viewport=self._viewport,
            panes=self._panes(),
            detail=self.zoom / self.scale,
            surround=self._surround,
            nearest_before=self._nearest_before,
            resting=not self._settle.isActive(),
            gain=self._gain,
            live=None if original else self._live,
            heat=self._heat if heat_shown else None,
            masks=self._masks,
        )

    def _two_sided(self) -> bool:
        there = self.variant != ORIGINAL or self._live is not None
        return there and not self.original_is_shown

    def _set_original(self, kept: bool, held: bool) -> None:
        was = self.original_is_shown
        self._kept_original, self._held_original = kept, held
        if was != self.original_is_shown:
            self.original_shown.emit(self.original_is_shown)
            self._announce()
            self.update()

    def _reading(self, position: QPointF) -> Reading | None:
        photo, result = self.photo, self._comparison.result
        if photo is None or result is None:
            return None
        x, y = self.photo_point(position)
        reading = reading_at(photo, result, x, y)
        live = None
        if reading is not None and self._live is not None:
            live = self._mixed(Box(reading.x, reading.y, reading.x + 1, reading.y + 1))
        if reading is None or live is None or not live.holds(x, y):
            return reading
        seen = self._comparison.colour.srgb(live.at(x, y))[0, 0]
        return after_mix(reading, (int(seen[0]), int(seen[1]), int(seen[2])))

    def _mixed(self, box: Box) -> Live | None:
        """The mix in and around `box` of the photo, in pixels of the result; None if nothing is
        mixed there."""
        scene, after, mix = self._scene(), self._comparison.after, self._mix
        if scene is None or after is None or self._live is None or mix is None:
            return self._live
        photo, around = scene.viewport.photo, context(FINE)  # on which the mix of a pixel depends
        left, top = max(box.left - around, 0), max(box.top - around, 0)
        right, bottom = min(box.right + around, photo.width), min(box.bottom + around, photo.height)
        colour = self._comparison.colour
        seen = part(replace(scene, after=after), Box(left, top, right, bottom), colour)
        return Live(colour.shown(mix(seen), SRGB), seen.box)

    def _minimap(self) -> Minimap | None:
        if self._viewport is None or not self._viewport.overflows:
            return None
        return Minimap(self._viewport.photo, (self.width(), self.height()))

    def _wording(self) -> Wording:
        name = None
        if self._two_sided():
            name = "" if self.variant == ORIGINAL else self.variants[self.variant].name
        return Wording(
            mode=self._mode,
            variant=name,
            gain=self._gain,
            divider=self._divider,
            vertical=self._vertical,
            percent=self.percent,
        )

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Comparison of before and after"))
        self._announce()
        self.update()  # the labels are painted

    def _announce(self) -> None:
        """Tell assistive technology what a glance would show."""
        known = self.photo is not None
        self.setAccessibleDescription(
            self._wording().description() if known else self.tr("No photo")
        )
