"""What the networks see of a photo, or of a part of it: any box, sRGB-encoded, as large as the
output."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine.colour import to_srgb
from engine.errors import BadPhoto
from engine.files import load
from engine.mosaic import Mosaic
from engine.photo import Box, FloatArray, Photo
from engine.resize import enlarged, reduced

_LANCZOS_REACH = 8
"""Source pixels around a box on which its enlargement depends, and some to spare."""


@dataclass(frozen=True, slots=True)
class View:
    """A photo as seen at `scale` times its size; nothing is computed before it is asked for."""

    photo: Photo
    scale: int = 1
    mask: FloatArray | None = None
    """(height, width) of the photo, 0..1: places to fill."""
    part: Box | None = None
    """What is seen of the photo; all of it if None. Boxes are counted from its corner."""

    @property
    def here(self) -> Box:
        """What is seen, in pixels of the photo."""
        return self.photo.whole if self.part is None else self.part

    @property
    def whole(self) -> View:
        """The same of the whole photo."""
        return replace(self, part=None)

    @property
    def native(self) -> View:
        """The same at the photo's own size."""
        return replace(self, scale=1)

    @property
    def corner(self) -> tuple[int, int]:
        """Where in the output of the whole photo boxes are counted from: right and down."""
        return self.here.left * self.scale, self.here.top * self.scale

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the output."""
        return self.here.width * self.scale, self.here.height * self.scale

    def widened(self, margin: int, align: int) -> View:
        """With so many pixels of the photo around its part, as far as there are, and with a corner
        at multiples of `align`."""
        here = self.here
        wider = Box(
            max(0, here.left - margin) // align * align,
            max(0, here.top - margin) // align * align,
            min(self.photo.width, here.right + margin),
            min(self.photo.height, here.bottom + margin),
        )
        return replace(self, part=wider)

    def pixels(self, box: Box) -> FloatArray:
        """The box of the output, (h, w, 3), sRGB-encoded, 0..1."""
        source, inner = self._source(box)
        part = to_srgb(np.ascontiguousarray(self.photo.pixels[source.slices]), self.photo.profile)
        return enlarged(part, self.scale)[inner.slices]

    @property
    def mosaic(self) -> Mosaic | None:
        """What a RAW photo was developed from, of the part that is seen; None for any other, and
        for a photo that is seen larger than it is."""
        mosaic = self.photo.mosaic if self.scale == 1 else None
        return mosaic if mosaic is None or self.part is None else mosaic.cropped(self.part)

    def holes(self, box: Box) -> FloatArray:
        """The mask inside the box of the output, (h, w), 0..1."""
        if self.mask is None:
            return np.zeros((box.height, box.width), np.float32)
        source, inner = self._source(box)
        part = np.ascontiguousarray(self.mask[source.slices])[..., None]
        return enlarged(part, self.scale)[inner.slices][..., 0]

    def small(self, side: int) -> FloatArray:
        """The whole photo, whatever part is seen, with a longest side of `side` pixels, (h, w, 3),
        sRGB-encoded, 0..1.

        Shrunk before it is converted, to need little memory.
        """
        shrink = side / max(self.photo.width, self.photo.height)
        width = max(1, round(self.photo.width * shrink))
        height = max(1, round(self.photo.height * shrink))
        return to_srgb(reduced(self.photo.pixels, width, height), self.photo.profile)

    def _source(self, box: Box) -> tuple[Box, Box]:
        """The photo's pixels that a box of the output needs, and where the box lies in them once
        they are enlarged."""
        scale = self.scale
        box = box.moved(*self.corner)
        reach = 0 if scale == 1 else _LANCZOS_REACH
        source = Box(
            max(0, box.left // scale - reach),
            max(0, box.top // scale - reach),
            min(self.photo.width, -(-box.right // scale) + reach),
            min(self.photo.height, -(-box.bottom // scale) + reach),
        )
        return source, box.moved(-source.left * scale, -source.top * scale)


def load_mask(path: Path, photo: Photo) -> FloatArray:
    """A gray picture as mask (height, width), 0..1; raises `BadPhoto` if it does not fit.

    What is transparent in it is not marked, whatever colour lies under that.
    """
    mask = load(path)
    if (mask.width, mask.height) != (photo.width, photo.height):
        raise BadPhoto(
            f"The mask {path.name} has {mask.width} x {mask.height} pixels, "
            f"the photo {photo.width} x {photo.height}.",
            "Make the mask on the photo itself, at its full size.",
        )
    marked = np.asarray(mask.pixels.mean(2), np.float32)
    return marked if mask.alpha is None else marked * mask.alpha
