"""The invention map: where a prediction shows more than its source supports."""

from __future__ import annotations

import cv2
import numpy as np

from engine.bands import luminance, smooth
from engine.photo import FloatArray, floats
from engine.resize import reduced

_CUT = 1.0
"""Between what the source resolves and what is finer, as a sigma in pixels of the source."""
_COARSE = 2.0
"""Sigma of what both pictures must agree on."""
_LIGHT = 16.0
"""Sigma of the neighbourhood in which light may change, which is no invention."""
_FLAT = 1e-4
"""Variance below which a place is flat and tells nothing about contrast."""
_STRONGEST = 8.0
"""Contrast that light is given at most."""
_PLACE = 2.0
"""Sigma of the neighbourhood in which energy is compared, in pixels of the source."""
_SAME = 0.004
"""Differences up to this share of white are rounding to 8 bits."""
_FOREIGN = 0.04
"""Differences from this share of white on are texture of another picture."""
_NOISE_LEFT = 0.65
"""Of the amplitude of white noise that was removed from the fine band, the coarse band shows 0.16;
four times that covers its chance peaks."""


def invention(source: FloatArray, restored: FloatArray, scale: int = 1) -> FloatArray:
    """Where `restored` departs from what `source` supports, (h, w), 0 (supported) to 1 (invented).

    Both are (h, w, 3), encoded values 0..1, of the same size; for a prediction `scale` times as
    large as the photo, `source` is the photo enlarged. Two findings, of which the larger counts:
    energy added above the source's own resolution, and coarse structure that is not the source's
    once the picture is scaled back. Removed noise and changed light are neither, as far as they
    can be told apart. Raises
    `ValueError` if the sizes do not fit.
    """
    if source.shape != restored.shape or source.ndim != 3 or scale < 1:
        raise ValueError(f"{source.shape} and {restored.shape} cannot be compared at {scale}")
    before, after = luminance(source), luminance(restored)
    gain, structure = _coarse(before, after, scale)
    added, removed = _fine(before, after, gain, float(scale))
    unexplained = structure - np.float32(_NOISE_LEFT) * removed
    found = np.maximum(added, unexplained)
    return floats(np.clip((found - _SAME) / (_FOREIGN - _SAME), 0, 1))


def _coarse(before: FloatArray, after: FloatArray, scale: int) -> tuple[FloatArray, FloatArray]:
    """The contrast that a change of light gave to each place, and by how much coarse structure
    differs apart from that, both found at the size of the source."""
    height, width = before.shape
    if scale > 1:
        size = (max(1, width // scale), max(1, height // scale))
        before, after = (reduced(picture, *size)[..., 0] for picture in (before, after))
    before, after = smooth(before, _COARSE), smooth(after, _COARSE)
    light_before, light_after = smooth(before, _LIGHT), smooth(after, _LIGHT)
    before, after = before - light_before, after - light_after
    gain = (smooth(before * after, _LIGHT) + _FLAT) / (smooth(before * before, _LIGHT) + _FLAT)
    gain = floats(np.clip(gain, 0, _STRONGEST))
    structure = floats(np.abs(after - gain * before))
    if scale > 1:
        gain, structure = (floats(cv2.resize(f, (width, height))) for f in (gain, structure))
    return gain, structure


def _fine(
    before: FloatArray, after: FloatArray, gain: FloatArray, scale: float
) -> tuple[FloatArray, FloatArray]:
    """The amplitude of fine structure that was added around each pixel beyond what the contrast
    `gain` does to it, and the amplitude that was changed."""
    sigma, place = _CUT * scale, _PLACE * scale
    fine_before, fine_after = before - smooth(before, sigma), after - smooth(after, sigma)
    fine_before = np.maximum(gain, 1) * fine_before
    gained = smooth(np.square(fine_after) - np.square(fine_before), place)
    changed = smooth(np.square(fine_after - fine_before), place)
    return np.sqrt(np.maximum(gained, 0)), np.sqrt(np.maximum(changed, 0))
