"""Texture that a denoiser took for noise, given back.

Noise is at most a little alike from pixel to pixel, whatever a camera did to it, unless it is
strong and coarse. Fibres are more so: felt, fur, a carpet. Where what was taken out of a photo is
faint and as alike as they are, most of it is likelier theirs (the method noise of Buades, Coll and
Morel 2005, place by place; `engine.measures.method_noise` has that of a whole photo).
"""

from __future__ import annotations

import cv2
import numpy as np

from engine.photo import FloatArray, floats

_AROUND = 32.0
"""Standard deviation in pixels of the surroundings in which neighbours are compared."""
_STEP = 8
"""Pixels to one of the copy on which surroundings are averaged."""
_NOISE, _TEXTURE = 0.70, 0.80
"""Correlation of neighbours up to which it is noise, and from which it is texture."""
_FAINT, _STRONG = 6.0, 10.0
"""Levels of 255, root mean square, up to which it may be texture, and from which it is noise."""
_TAKEN = 0.3
"""Share of what was taken from texture that stays taken."""
_NOTHING = 0.05
"""Levels squared, so that where nothing was taken nothing is divided by 0."""


def spared(noisy: FloatArray, denoised: FloatArray) -> FloatArray:
    """`denoised` (h, w, 3), 0..1, with most of what was texture in `noisy` given back.

    Its light and dark alone: what differs in colour is noise beside it.
    """
    taken = floats((denoised - noisy).mean(2) * 255)
    energy = _around(taken * taken)
    likeness = _beside(taken) / (energy + _NOTHING)
    texture = _ramp(likeness, _NOISE, _TEXTURE) * (1 - _ramp(np.sqrt(energy), _FAINT, _STRONG))
    back = np.float32((1 - _TAKEN) / 255) * texture * taken
    return floats(np.clip(denoised - back[..., None], 0, 1))


def _beside(plane: FloatArray) -> FloatArray:
    """Mean product of neighbours around each pixel, (h, w), across and down."""
    wide = cv2.copyMakeBorder(plane, 0, 1, 0, 1, cv2.BORDER_REFLECT_101)
    across, down = plane * wide[:-1, 1:], plane * wide[1:, :-1]
    return _around(floats((across + down) / 2))


def _around(plane: FloatArray) -> FloatArray:
    """The mean of what lies around each pixel, (h, w), by way of a small copy."""
    height, width = plane.shape
    high, wide = (-n % _STEP for n in (height, width))
    padded = cv2.copyMakeBorder(plane, 0, high, 0, wide, cv2.BORDER_REFLECT)
    size = padded.shape[1] // _STEP, padded.shape[0] // _STEP
    small = cv2.resize(padded, size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), _AROUND / _STEP)
    whole = cv2.resize(small, padded.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return floats(whole[:height, :width])


def _ramp(value: FloatArray, none: float, full: float) -> FloatArray:
    """0 up to `none`, 1 from `full` on, even between."""
    return floats(np.clip((value - none) / (full - none), 0, 1))
