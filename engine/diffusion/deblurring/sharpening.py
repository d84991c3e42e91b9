"""Sharpening a photo: by the network that deblurs, and by the blur that the photo itself shows.

The network knows blurs in general and hedges; that of this photo it cannot name. Where it can be
read from the photo it is taken out, the network deciding what it let nothing through of, and what
that leaves of noise and rims is cleaned as noise is. The mean of both is nearer to the truth than
either, and less wrong where the blur was misread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count

import cv2
import numpy as np

from engine.bands import luminance
from engine.diffusion.deblurring.blur_kernel import LOOKS, SIDE, blur_kernel, resized, spread
from engine.diffusion.deblurring.deconvolution import deconvolved
from engine.diffusion.devices import pick_device, release_memory
from engine.diffusion.out_of_memory import is_out_of_memory
from engine.diffusion.tiled import Read, Work, smaller_reads
from engine.measures.slopes import squared_slopes
from engine.photo import Box, FloatArray, floats
from engine.progress import Part, Progress
from engine.reasons import NO_COMMON_BLUR, Reason, about_common_blur
from engine.resize import times_smaller
from engine.tiles import Tiling

_WHOLE = 500_000
"""Pixels of a picture up to which its blur is read from all of it."""
_WINDOW = 512
"""Side, in pixels, of the places that the blur of a larger one is read from."""
_SMALLEST = 128
"""Side of a picture from which on a blur is read."""
_PLACES = 3
"""In how many places of a large photo it is read."""
_CALM = 6e6
"""Pixels of the copy on which the blur of a large photo is read: there what is shaken is shaken by
more pixels."""
_PRIOR = 0.02
"""Weight of the network's picture where the blur is taken out."""
_SHARE = np.float32(0.6)
"""What that counts beside the network's picture."""
_LEAST = 1.1
"""Spread, in pixels, of the smallest blur that is more than a lens's."""
_MOST = 2.2
"""Change by taking the blur out, over the network's own: where it is larger the blur was misread,
and what is seen is what it invented."""
_ALIKE = 0.7
"""Correlation from which on the blurs of two places are the same."""
_FARTHEST = 3
"""Pixels by which they may lie apart: a blur's middle is not known to the pixel."""


@dataclass(frozen=True, slots=True)
class CommonBlur:
    """What was read from a photo: the one blur (n, n) that it has all over, if it has."""

    kernel: FloatArray | None
    told: Reason
    """What to tell its owner."""

    def tiling(self, plain: Tiling) -> Tiling:
        """`plain`, or with more overlap where the blur is long: what its border does to a tile from
        which it is taken out reaches about as far as the blur is long, and fades over as much."""
        reach = 0 if self.kernel is None else 2 * len(self.kernel)
        return replace(plain, overlap=max(plain.overlap, -(-reach // 16) * 16))


@dataclass(frozen=True, slots=True)
class Sharpener:
    """Two ways to restore a tile (h, w, 3), sRGB-encoded, 0..1, that are used together."""

    sharpen: Work
    """As the network deblurs."""
    clean: Work
    """As it takes noise out."""

    def without(self, pixels: FloatArray, kernel: FloatArray) -> FloatArray:
        """A tile sharpened by the network, and by taking out the blur `kernel` (n, n)."""
        sharp = self.sharpen(pixels)
        return floats(sharp + _SHARE * (self._taken_out(pixels, sharp, kernel) - sharp))

    def by(self, blur: CommonBlur) -> Work:
        """What sharpens the tiles of a photo with this blur."""
        kernel = blur.kernel
        if kernel is None:
            return self.sharpen
        return lambda pixels: self.without(pixels, kernel)

    def blur_of(self, pixels: FloatArray) -> FloatArray | None:
        """The blur (`SIDE`, `SIDE`) of a picture (h, w, 3); None if it is hardly blurred, or shows
        its blur too little."""
        kernel, sharp = blur_kernel(pixels, self.sharpen)
        if spread(kernel) < _LEAST:
            return None
        change = _distance(self._taken_out(pixels, sharp, kernel), sharp)
        return kernel if change < _MOST * _distance(sharp, pixels) else None

    def _taken_out(self, pixels: FloatArray, sharp: FloatArray, kernel: FloatArray) -> FloatArray:
        return self.clean(deconvolved(pixels, sharp, kernel, _PRIOR))


def common_blur(
    size: tuple[int, int], read: Read, sharpener: Sharpener, progress: Progress
) -> CommonBlur:
    """The blur of a photo of `size` (width, height), which `read` gives in boxes.

    It is read in some places. There is none where they do not agree on one, because things moved or
    the places show nothing, or are more than fits into memory: then the network sharpens alone.
    """
    times = times_smaller(size[0] * size[1], _CALM)
    small = -(-size[0] // times), -(-size[1] // times)
    if min(small) < _SMALLEST:
        return CommonBlur(None, NO_COMMON_BLUR)
    look = smaller_reads(read, size, times)
    places = _places(small, look)
    kernels: list[FloatArray | None] = []
    for index, box in enumerate(places):
        part = Part(progress, index / len(places), (index + 1) / len(places))
        kernels.append(_blur_at(box, look, _watched(sharpener, part)))
        if settled(kernels, len(places)):
            break
    kernel = agreed(kernels, len(places))
    if kernel is None:
        return CommonBlur(None, NO_COMMON_BLUR)
    large = resized(kernel, (SIDE * times) // 2 * 2 + 1)
    return CommonBlur(large, about_common_blur(times * spread(kernel)))


def _blur_at(box: Box, look: Read, sharpener: Sharpener) -> FloatArray | None:
    """The blur of one place; None, too, where memory runs out: without it a photo is sharpened in
    tiles as small as need be."""
    try:
        return sharpener.blur_of(look(box))
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
    # Outside the handler, whose error holds on to the tensors of the failed attempt.
    release_memory(pick_device("auto"))
    return None


def _watched(sharpener: Sharpener, progress: Progress) -> Sharpener:
    """One that reports before each look, and so can be stopped there."""
    looks = count()

    def sharpen(pixels: FloatArray) -> FloatArray:
        progress.report(next(looks) / LOOKS, "measuring")
        return sharpener.sharpen(pixels)

    return replace(sharpener, sharpen=sharpen)


def agreed(kernels: Sequence[FloatArray | None], places: int) -> FloatArray | None:
    """The blur (n, n) that `kernels` are like in most of so many `places`, of those the likest;
    None if there is none.

    A single one agrees with itself.
    """
    blur, alike = _likest(kernels)
    return blur if 2 * alike > places else None


def settled(kernels: Sequence[FloatArray | None], places: int) -> bool:
    """Whether the places that are not read yet cannot change whether there is one that is `agreed`
    on. Which of those alike it is they could; that is a matter of little."""
    _, alike = _likest(kernels)
    return 2 * alike > places or 2 * (alike + places - len(kernels)) <= places


def _likest(kernels: Sequence[FloatArray | None]) -> tuple[FloatArray | None, int]:
    """The one that all are likest, and how many are like it, itself included."""
    known = [kernel for kernel in kernels if kernel is not None]
    if not known:
        return None, 0
    votes = [[likeness(one, other) for other in known] for one in known]
    best = max(range(len(known)), key=lambda index: sum(votes[index]))
    return known[best], sum(vote >= _ALIKE for vote in votes[best])


def likeness(one: FloatArray, other: FloatArray) -> float:
    """Correlation, 0 to 1, of two blurs (n, n), the best of shifts by a few pixels."""
    wider = np.pad(one, _FARTHEST)
    fits = cv2.matchTemplate(wider, other, cv2.TM_CCORR)
    return float(fits.max() / (np.linalg.norm(one) * np.linalg.norm(other)))


def _places(size: tuple[int, int], read: Read) -> list[Box]:
    """Where the blur is read: all of a small picture, else the most detailed of each third."""
    width, height = size
    if width * height <= _WHOLE:
        return [Box(0, 0, width, height)]
    wide, high = min(width, _WINDOW), min(height, _WINDOW)
    lefts, tops = _starts(width - wide), _starts(height - high)
    boxes = [Box(x, y, x + wide, y + high) for y in tops for x in lefts]
    thirds = np.array_split(np.arange(len(boxes)), min(_PLACES, len(boxes)))
    return [boxes[max(third, key=lambda i: _detail(read(boxes[i])))] for third in thirds]


def _starts(room: int) -> list[int]:
    """Evenly spread from 0 to `room`, `_PLACES` where they do not overlap by more than half."""
    count = min(_PLACES, 1 + (2 * room) // _WINDOW)
    return [room // 2] if count == 1 else [round(n) for n in np.linspace(0, room, count)]


def _detail(pixels: FloatArray) -> float:
    return float(squared_slopes(luminance(pixels)).mean())


def _distance(one: FloatArray, other: FloatArray) -> float:
    return float(np.sqrt(np.mean((one - other) ** 2)))
