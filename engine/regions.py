"""Places of a photo that are treated apart: faces, and what was brushed by hand."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from engine.bands import reach, smooth
from engine.photo import Box, FloatArray, floats

SOFTNESS = 2.0
"""How softly a brushed edge fades, as the sigma of a Gaussian in pixels of the photo."""
_WIDE, _HIGH = 0.56, 0.64
"""Half axes of the ellipse that is protected, over width and height of the box: a head is a little
larger than what makes out a face, but in the corners of the box it ends."""
_FADE = 1.3
"""Where the protection ends altogether, in radii of that ellipse."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Regions:
    """Faces, and brushed masks of shape (h, w), 0 to 1, of the same size as the photo.

    Inside `keep` the source stays; inside `restore` the full prediction is taken, whatever the
    sliders say, and in a face too. Where both were brushed, the source stays. Boxes may reach
    over the edges. Raises `ValueError` for masks of other shapes.
    """

    faces: tuple[Box, ...] = ()
    keep: FloatArray | None = None
    restore: FloatArray | None = None

    def __post_init__(self) -> None:
        for mask in (self.keep, self.restore):
            if mask is not None and mask.ndim != 2:
                raise ValueError(f"a mask has the shape (height, width), not {mask.shape}")

    def check(self, width: int, height: int) -> None:
        """Raise `ValueError` unless the masks are `width` x `height`."""
        for mask in (self.keep, self.restore):
            if mask is not None and mask.shape != (height, width):
                raise ValueError(f"a mask of {mask.shape} for a picture of {(height, width)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Regions over some rows of a picture, each (h, w), 0 to 1, with soft edges; None if empty."""

    faces: FloatArray | None = None
    keep: FloatArray | None = None
    restore: FloatArray | None = None

    def rows(self, rows: slice) -> Weights:
        """The same over some of these rows."""
        parts = (None if f is None else f[rows] for f in (self.faces, self.keep, self.restore))
        faces, keep, restore = parts
        return Weights(faces=faces, keep=keep, restore=restore)

    def applied(self, mixed: FloatArray, change: FloatArray, protection: float) -> FloatArray:
        """`mixed`, less in faces by `protection`; `change` where it is forced; nothing where the
        source is kept."""
        share = np.ones((), np.float32)
        if self.faces is not None and protection > 0:
            share = 1 - np.float32(protection) * self.faces
        if self.restore is not None:
            share = share * (1 - self.restore)
        if self.keep is not None:
            share = share * (1 - self.keep)
        out = mixed if not share.ndim else _times(mixed, share)
        if self.restore is not None:
            forced = self.restore if self.keep is None else self.restore * (1 - self.keep)
            out = floats(cv2.add(out, _times(change, forced)))
        return out


def weights(
    regions: Regions, top: int, bottom: int, width: int, scale: int = 1, softness: float = SOFTNESS
) -> Weights:
    """The regions over the rows `top` to `bottom` of a picture of `width` pixels.

    All in pixels of the masks and boxes; what comes back is `scale` times as large. `softness`
    is in pixels of the masks.
    """
    return Weights(
        faces=_faces(regions.faces, top, bottom, width, scale),
        keep=_mask(regions.keep, top, bottom, scale, softness),
        restore=_mask(regions.restore, top, bottom, scale, softness),
    )


def _times(image: FloatArray, share: FloatArray) -> FloatArray:
    return floats(cv2.multiply(image, cv2.cvtColor(share, cv2.COLOR_GRAY2RGB)))


def _mask(
    mask: FloatArray | None, top: int, bottom: int, scale: int, softness: float
) -> FloatArray | None:
    if mask is None:
        return None
    context = reach(softness) + 2
    first, last = max(0, top - context), min(len(mask), bottom + context)
    part = smooth(np.ascontiguousarray(mask[first:last], np.float32), softness)
    if scale > 1:
        size = (part.shape[1] * scale, part.shape[0] * scale)
        part = floats(cv2.resize(part, size, interpolation=cv2.INTER_LINEAR))
    # Sums of a Gaussian may miss 1 by a rounding; inside a stroke nothing but 1 will do.
    inner = np.clip(part[(top - first) * scale : (bottom - first) * scale], 0, 1)
    inner[inner > 1 - 1e-5] = 1
    return np.ascontiguousarray(inner)


def _faces(
    faces: tuple[Box, ...], top: int, bottom: int, width: int, scale: int
) -> FloatArray | None:
    out: FloatArray | None = None
    for face in faces:
        wide, high = _WIDE * face.width, _HIGH * face.height
        x, y = (face.left + face.right) / 2, (face.top + face.bottom) / 2
        rows = _span(y - _FADE * high, y + _FADE * high, top, bottom)
        columns = _span(x - _FADE * wide, x + _FADE * wide, 0, width)
        if not len(rows) or not len(columns):
            continue
        if out is None:
            out = np.zeros(((bottom - top) * scale, width * scale), np.float32)
        across = _centres(columns, scale) - np.float32(x)
        down = _centres(rows, scale) - np.float32(y)
        radius = np.hypot(down[:, None] / np.float32(high), across / np.float32(wide))
        near = np.clip((_FADE - radius) / np.float32(_FADE - 1), 0, 1)
        place = (
            slice((rows.start - top) * scale, (rows.stop - top) * scale),
            slice(columns.start * scale, columns.stop * scale),
        )
        out[place] = np.maximum(out[place], near * near * (3 - 2 * near))
    return out


def _span(low: float, high: float, first: int, last: int) -> range:
    """The whole pixels between `low` and `high` that lie in `first` to `last`."""
    return range(max(first, math.floor(low)), min(last, math.ceil(high)))


def _centres(pixels: range, scale: int) -> FloatArray:
    """Where the centres of the enlarged pixels lie, in pixels before enlarging."""
    steps = np.arange(pixels.start * scale, pixels.stop * scale, dtype=np.float32)
    return (steps + np.float32(0.5)) / np.float32(scale)
