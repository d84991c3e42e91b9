"""Where on the photo the eye is: zoom, place, and the way between photo and screen. No widgets.

Photo coordinates are pixels of the source, screen coordinates device pixels of one pane. A result
twice as large as its source lies on the same photo coordinates, so nothing moves when pictures of
different sizes take turns.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from engine.photo import Box

LARGEST_ZOOM = 32.0
"""Device pixels per photo pixel."""
_SMALLEST_SIDE = 16
"""Device pixels that a photo keeps on its long side when zoomed out."""


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in whole pixels, both at least 1."""

    width: int
    height: int

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise ValueError(f"an empty size: {self.width} x {self.height}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewport:
    """A photo seen through a pane.

    `zoom` counts device pixels per photo pixel. (`x`, `y`) is the place of the photo in the middle
    of the pane. Every method that makes a new viewport keeps zoom and place within limits: no
    surround is shown on a side along which the photo is larger than the pane.
    """

    photo: Size
    pane: Size
    zoom: float
    x: float
    y: float

    @classmethod
    def fitting(cls, photo: Size, pane: Size) -> Viewport:
        """The whole photo, as large as the pane allows, but never above 100 %."""
        zoom = _fit(photo, pane)
        return cls(photo=photo, pane=pane, zoom=zoom, x=photo.width / 2, y=photo.height / 2)

    @property
    def fit_zoom(self) -> float:
        return _fit(self.photo, self.pane)

    @property
    def is_fit(self) -> bool:
        return math.isclose(self.zoom, self.fit_zoom, rel_tol=1e-6)

    @property
    def overflows(self) -> bool:
        """Whether part of the photo lies outside the pane."""
        wide = self.photo.width * self.zoom > self.pane.width + 1
        return wide or self.photo.height * self.zoom > self.pane.height + 1

    @property
    def origin(self) -> tuple[int, int]:
        """Where the photo's upper left corner lies; whole, so that 100 % is exact."""
        left = self.pane.width / 2 - self.x * self.zoom
        top = self.pane.height / 2 - self.y * self.zoom
        return math.floor(left + 0.5), math.floor(top + 0.5)

    @property
    def photo_rect(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of the part of the photo inside the pane; may be empty."""
        left, top = self.origin
        right = left + max(1, round(self.photo.width * self.zoom))
        bottom = top + max(1, round(self.photo.height * self.zoom))
        return max(left, 0), max(top, 0), min(right, self.pane.width), min(bottom, self.pane.height)

    @property
    def visible(self) -> Box:
        """The photo pixels that are seen, wholly or in part."""
        left, top, right, bottom = self.photo_rect
        x0, y0 = self.to_photo(left, top)
        x1, y1 = self.to_photo(right, bottom)
        x0, y0 = (
            _within(math.floor(x0), self.photo.width),
            _within(math.floor(y0), self.photo.height),
        )
        right, bottom = min(math.ceil(x1), self.photo.width), min(math.ceil(y1), self.photo.height)
        return Box(x0, y0, max(right, x0 + 1), max(bottom, y0 + 1))

    def to_photo(self, x: float, y: float) -> tuple[float, float]:
        left, top = self.origin
        return (x - left) / self.zoom, (y - top) / self.zoom

    def to_pane(self, x: float, y: float) -> tuple[float, float]:
        left, top = self.origin
        return left + x * self.zoom, top + y * self.zoom

    def rect_of(self, box: Box) -> tuple[int, int, int, int]:
        """Where `box` of the photo lies, in whole device pixels; its size follows zoom alone."""
        left, top = self.origin
        x0, y0 = left + round(box.left * self.zoom), top + round(box.top * self.zoom)
        x1, y1 = left + round(box.right * self.zoom), top + round(box.bottom * self.zoom)
        return x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)

    def zoomed(self, zoom: float, x: float, y: float) -> Viewport:
        """At `zoom`, the photo point under (`x`, `y`) of the pane staying there."""
        zoom = min(max(zoom, self._smallest), LARGEST_ZOOM)
        px, py = self.to_photo(x, y)
        centre_x = px - (x - self.pane.width / 2) / zoom
        centre_y = py - (y - self.pane.height / 2) / zoom
        return replace(self, zoom=zoom, x=centre_x, y=centre_y)._limited()

    def panned(self, dx: float, dy: float) -> Viewport:
        """The photo moved by (`dx`, `dy`) device pixels."""
        return replace(self, x=self.x - dx / self.zoom, y=self.y - dy / self.zoom)._limited()

    def centred(self, x: float, y: float) -> Viewport:
        return replace(self, x=x, y=y)._limited()

    def resized(self, pane: Size) -> Viewport:
        """In another pane: still fitting if it was, else the same zoom and middle."""
        if self.is_fit:
            return Viewport.fitting(self.photo, pane)
        return replace(self, pane=pane)._limited()

    def on(self, photo: Size) -> Viewport:
        """On another photo: zoom and relative place are kept where the shape is the same."""
        if photo == self.photo:
            return self
        same = math.isclose(
            photo.width * self.photo.height, photo.height * self.photo.width, rel_tol=0.01
        )
        if self.is_fit or not same:
            return Viewport.fitting(photo, self.pane)
        x, y = self.x * photo.width / self.photo.width, self.y * photo.height / self.photo.height
        return replace(self, photo=photo, x=x, y=y)._limited()

    @property
    def _smallest(self) -> float:
        long_side = max(self.photo.width, self.photo.height)
        return min(self.fit_zoom, max(_SMALLEST_SIDE / long_side, self.fit_zoom / 8))

    def _limited(self) -> Viewport:
        x = _limited(self.x, self.photo.width, self.pane.width / self.zoom)
        y = _limited(self.y, self.photo.height, self.pane.height / self.zoom)
        return replace(self, x=x, y=y)


def _fit(photo: Size, pane: Size) -> float:
    return min(pane.width / photo.width, pane.height / photo.height, 1.0)


def _within(value: int, length: int) -> int:
    return min(max(value, 0), length - 1)


def _limited(middle: float, length: int, seen: float) -> float:
    if seen >= length:
        return length / 2
    return min(max(middle, seen / 2), length - seen / 2)
