"""How much texture a picture has beside the true one, and how alike the patches of both are.

For these measures a painted leaf need not lie where the true one lay. No network is asked.

Neither knows what texture is. Noise counts as texture, and noise of a fitting strength brings the
patches of a soft picture nearer to those of a sharp one: a prior has to be better than such noise,
and `restorer bench texture` shows it beside."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.bands import FINE, luminance
from engine.photo import FloatArray, floats
from engine.texture import texture

_SIDE = 7
"""Of patches, in pixels."""
_STEP = 3
"""Between patches; odd, so that no grid of blocks of 2, 4 or 8 hides in it."""
_LEVELS = 2
_DIRECTIONS = 48
_LEAST = 1e-3
"""Of light 0 to 1: a picture whose fine light is weaker is flat, and is taken to have so much."""


def texture_share(picture: FloatArray, truth: FloatArray) -> float:
    """Strength of the fine light of a picture over that of the true one: 1 where it has as much.

    Both (h, w, 3), sRGB-encoded, 0..1; root mean squares of the band finer than `bands.FINE`.
    """
    found, true = (float(np.sqrt(np.square(texture(one, FINE)).mean())) for one in (picture, truth))
    return max(found, _LEAST) / max(true, _LEAST)


def sliced_distance(picture: FloatArray, truth: FloatArray) -> float:
    """Sliced Wasserstein distance of the patches of light of two pictures (h, w, 3), 0..1.

    After Karras et al. ("Progressive growing of GANs", ICLR 2018): patches of 7 x 7 pixels of each
    level of a Laplacian pyramid (here the two finest), in units of the truth's own deviation there,
    projected on directions drawn at random, the same always. 0 for patches that are alike in all
    of them, wherever they lie.
    """
    rng = np.random.default_rng(7)
    distances = []
    for found, true in zip(_bands(picture), _bands(truth), strict=True):
        directions = rng.standard_normal((_SIDE**2, _DIRECTIONS))
        directions /= np.linalg.norm(directions, axis=0)
        unit = max(float(true.std()), _LEAST)
        one, other = (np.sort(_patches(band) @ directions, axis=0) for band in (found, true))
        distances.append(float(np.abs(one - other).mean()) / unit)
    return float(np.mean(distances))


def _bands(picture: FloatArray) -> Iterator[FloatArray]:
    """The finest levels of a Laplacian pyramid of the light."""
    light = luminance(picture)
    for _ in range(_LEVELS):
        height, width = light.shape
        coarse = floats(cv2.pyrDown(light))
        yield floats(light - cv2.pyrUp(coarse, dstsize=(width, height)))
        light = coarse


def _patches(band: FloatArray) -> NDArray[np.float64]:
    """(n, 49), from all over a band."""
    windows = np.lib.stride_tricks.sliding_window_view(band, (_SIDE, _SIDE))[::_STEP, ::_STEP]
    return windows.reshape(-1, _SIDE**2).astype(np.float64)
