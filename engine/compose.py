"""Mixing a prediction with its source: cheap, pure, and exact where nothing was changed.

The networks see sRGB; what is added to the photo is the *change* they made, carried into the
photo's own colour space. At strength 0 the photo comes back to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.bands import FINE, Change, context
from engine.blend import Blend
from engine.colour import from_srgb, to_srgb
from engine.photo import FloatArray, Photo, floats
from engine.regions import Regions, weights
from engine.resize import enlarged

__all__ = ["Blend", "Regions", "Restored", "compose"]

_STRIP = 512
"""Rows composed at a time, so that a large photo needs no second copy of itself in memory."""
_STRIP_PIXELS = 2_000_000
"""Pixels of the photo composed at a time where 512 rows would be more."""
_SHORTEST = 64
"""Rows composed at a time at least: what is computed around a strip costs as much as the strip."""
_LANCZOS_REACH = 8
"""Source pixels around a strip on which its enlargement depends, and some to spare."""

Restored = NDArray[np.uint16] | FloatArray


def compose(
    photo: Photo, restored: Restored, blend: Blend, regions: Regions | None = None
) -> Photo:
    """`photo` with what `blend` and `regions` take over of what `restored` changed.

    `restored` is the prediction, (h, w, 3), sRGB-encoded, uint16 0..65535 or float32 0..1, of the
    photo's size or a whole multiple of it; then the photo is enlarged. `regions` are in pixels of
    the photo. At strength 0 the source comes back exactly, but for places that were brushed to be
    restored; one that comes back as the file shows it is `intact`. Raises `ValueError` if the sizes
    do not fit.
    """
    height, width = restored.shape[:2]
    scale = width // photo.width
    if (photo.width * scale, photo.height * scale) != (width, height):
        raise ValueError(f"{width} x {height} is no multiple of {photo.width} x {photo.height}")
    if regions is not None:
        regions.check(photo.width, photo.height)
    pixels = np.empty((height, width, 3), np.float32)
    intact = scale == 1
    for strip in _strips(photo, scale, 0 if blend.is_plain else context(FINE * scale)):
        part = _composed(photo, strip, restored, blend, regions)
        intact = intact and _looks_like(part, strip.source[strip.inner], photo.bits)
        pixels[strip.top * scale : strip.bottom * scale] = part
    alpha = None if photo.alpha is None else enlarged(photo.alpha[..., None], scale)[..., 0]
    return replace(photo, pixels=pixels, alpha=alpha, mosaic=None, intact=intact)


@dataclass(frozen=True, slots=True)
class _Strip:
    """The photo's rows `top` to `bottom`, and the source around them at output size."""

    top: int
    bottom: int
    scale: int
    above: int
    """Rows of the output that `source` reaches over the strip."""
    source: FloatArray

    @property
    def inner(self) -> slice:
        """The strip's own rows in `source`."""
        return slice(self.above, self.above + (self.bottom - self.top) * self.scale)

    @property
    def outer(self) -> slice:
        """The rows of the output that `source` shows."""
        start = self.top * self.scale - self.above
        return slice(start, start + len(self.source))


def _strips(photo: Photo, scale: int, around: int) -> Iterator[_Strip]:
    """The photo from top to bottom, each strip with `around` rows of the output around it."""
    step = min(_STRIP, max(_SHORTEST, _STRIP_PIXELS // photo.width))
    more = -(-around // scale)
    extra = _LANCZOS_REACH if scale > 1 else 0
    for top in range(0, photo.height, step):
        bottom = min(top + step, photo.height)
        first, last = max(0, top - more), min(photo.height, bottom + more)
        above = max(0, first - extra)
        below = min(photo.height, last + extra)
        part = enlarged(np.ascontiguousarray(photo.pixels[above:below]), scale)
        source = part[(first - above) * scale : (last - above) * scale]
        yield _Strip(top, bottom, scale, (top - first) * scale, source)


def _composed(
    photo: Photo, strip: _Strip, restored: Restored, blend: Blend, regions: Regions | None
) -> FloatArray:
    source = strip.source[strip.inner]
    if blend.strength == 0 and (regions is None or regions.restore is None):
        return source
    change = Change(
        strip.source, _change(photo, strip.source, restored[strip.outer]), FINE * strip.scale
    )
    added = change.mixed(blend, strip.inner)
    if regions is not None:
        parts = weights(regions, strip.top, strip.bottom, photo.width, strip.scale)
        added = parts.applied(added, change.whole[strip.inner], blend.faces)
    return floats(np.clip(source + added, 0, 1))


def _looks_like(part: FloatArray, source: FloatArray, bits: int) -> bool:
    """Whether both are the same in a file with so many bits per channel; in one of floating point
    numbers, to the last bit."""
    if bits == 32 or part is source:
        return bool(np.array_equal(part, source))
    half_a_step = np.float32(0.5 / (2**bits - 1))
    return bool(np.abs(part - source).max() < half_a_step)


def _change(photo: Photo, source: FloatArray, restored: Restored) -> FloatArray:
    """What was changed, (h, w, 3), in the photo's own colour space."""
    target = np.asarray(restored, np.float32)
    if restored.dtype == np.uint16:
        target = target / np.float32(65535)
    seen = np.clip(to_srgb(source, photo.profile), 0, 1)
    if photo.profile.is_srgb:
        change = target - seen
    else:
        change = from_srgb(target, photo.profile) - from_srgb(seen, photo.profile)
    if photo.gray:
        change = np.repeat(change.mean(2, keepdims=True), 3, 2)
    return change
