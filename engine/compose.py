"""Mixing a prediction with its source: cheap, pure, and exact where nothing was changed.

The networks see sRGB; what is added to the photo is the *change* they made, carried into the
photo's own colour space. At strength 0 the photo comes back to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.colour import from_srgb, to_srgb
from engine.photo import FloatArray, Photo
from engine.resize import enlarged

_STRIP = 512
"""Rows composed at a time, so that a large photo needs no second copy of itself in memory."""

Restored = NDArray[np.uint16] | FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """How a prediction is mixed with its source."""

    strength: float = 1.0
    """Share of the change that is kept, 0 to 1."""

    def __post_init__(self) -> None:
        if not 0 <= self.strength <= 1:
            raise ValueError(f"strength is 0 to 1, not {self.strength}")


def compose(photo: Photo, restored: Restored, blend: Blend) -> Photo:
    """`photo` with the share `blend.strength` of what `restored` changed.

    `restored` is the prediction, (h, w, 3), sRGB-encoded, uint16 0..65535 or float32 0..1, of the
    photo's size or a whole multiple of it; then the photo is enlarged. Raises `ValueError` if the
    sizes do not fit.
    """
    height, width = restored.shape[:2]
    scale = width // photo.width
    if (photo.width * scale, photo.height * scale) != (width, height):
        raise ValueError(f"{width} x {height} is no multiple of {photo.width} x {photo.height}")
    pixels = np.empty((height, width, 3), np.float32)
    for rows, source in _strips(photo, scale):
        pixels[rows] = _mixed(photo, source, restored[rows], blend)
    alpha = None if photo.alpha is None else enlarged(photo.alpha[..., None], scale)[..., 0]
    return replace(photo, pixels=pixels, alpha=alpha)


def _strips(photo: Photo, scale: int) -> Iterator[tuple[slice, FloatArray]]:
    """Rows of the output, and the source's pixels there at output size."""
    context = 8 if scale > 1 else 0
    for top in range(0, photo.height, _STRIP):
        bottom = min(top + _STRIP, photo.height)
        above = min(context, top)
        below = min(bottom + context, photo.height)
        part = enlarged(np.ascontiguousarray(photo.pixels[top - above : below]), scale)
        inner = part[above * scale : (above + bottom - top) * scale]
        yield slice(top * scale, bottom * scale), inner


def _mixed(photo: Photo, source: FloatArray, restored: Restored, blend: Blend) -> FloatArray:
    if blend.strength == 0:
        return source
    target = np.asarray(restored, np.float32)
    if restored.dtype == np.uint16:
        target = target / np.float32(65535)
    seen = np.clip(to_srgb(source, photo.profile), 0, 1)
    if photo.profile.is_srgb:
        change = target - seen
    else:
        change = from_srgb(target, photo.profile) - from_srgb(seen, photo.profile)
    if photo.gray:
        change = change.mean(2, keepdims=True)
    return np.clip(source + np.float32(blend.strength) * change, 0, 1)
