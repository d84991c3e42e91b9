"""What a denoiser takes out of a photo, and what of that looks like noise.

The difference between a picture and its denoised version is the denoiser's method noise (Buades,
Coll and Morel, "A review of image denoising algorithms, with a new one", 2005). What a camera's
demosaicing, smoothing and JPEG leave of its noise is too coarse for measures that rely on the
finest frequencies (`engine.measures.noise`); a network that learned such noise takes it out all
the same. Where it errs, it takes texture, which differs: neighbouring pixels of leftover camera
noise are alike, above all in colour, and there is as much of it in the smooth as in the rough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from engine.measures.slopes import beside
from engine.photo import FloatArray

_NOTHING = np.float32(0.01)
"""Levels squared below which nothing was taken, so that shares stay finite."""
_FIRST, _SECOND = np.float32(1 / 3), np.float32(6**-0.5)
_SURROUNDINGS = 2.0
"""Standard deviation in pixels over which the gradient is averaged that tells rough from smooth."""
_FINE = 1.0
"""Likewise of what is not detail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodNoise:
    """Of all crops together; `luma` and `chroma` as in `engine.measures.noise`."""

    change: float = 0.0
    """Root mean square over all pixels and channels, levels of 255."""
    luma: float = 0.0
    """Root mean square, levels of 255."""
    chroma: float = 0.0
    """Likewise."""
    likeness: float = 0.0
    """Correlation of a pixel's luma with its neighbour's, -1 to 1."""
    likeness_far: float = 0.0
    """The same at two pixels' distance."""
    likeness_chroma: float = 0.0
    """The same for colours, at one."""
    evenness: float = 0.0
    """Logarithm of its luma in the smoother half of the pixels over that in the rougher."""
    roughness: float = 0.0
    """Logarithm of its luma in the third quarter of the pixels, from smooth to rough, over that
    in the fourth."""
    spread: float = 0.0
    """Mean of the luma's absolute value over its root mean square: 0.8 for noise that is Gaussian,
    less where much is taken in few places."""
    structure: float = 0.0
    """Correlation of what was taken with the detail that is left; below 0 where detail was
    weakened."""


def measure_method_noise(
    crops: Sequence[FloatArray], denoised: Sequence[FloatArray]
) -> MethodNoise:
    """Compare full-size crops (height, width, 3), 0 to 255, with what a denoiser made of them.

    Without a crop of at least 8 x 8 pixels nothing is measured.
    """
    rows, sizes = [], []
    for crop, clean in zip(crops, denoised, strict=True):
        if min(crop.shape[:2]) >= 8:
            rows.append(_moments(clean - crop, clean))
            sizes.append(crop.shape[0] * crop.shape[1])
    if not rows:
        return MethodNoise()
    mean = np.average(np.stack(rows), axis=0, weights=np.array(sizes, np.float64))
    change, luma, chroma, near, far, colour, absolute, along, detail, *quarters = (
        float(value) for value in mean
    )
    smoothest, smooth, rough, roughest = quarters
    nothing = float(_NOTHING)
    return MethodNoise(
        change=change**0.5,
        luma=luma**0.5,
        chroma=chroma**0.5,
        likeness=near / (luma + nothing),
        likeness_far=far / (luma + nothing),
        likeness_chroma=colour / (chroma + nothing),
        evenness=_ratio(smoothest + smooth, rough + roughest),
        roughness=_ratio(rough, roughest),
        spread=absolute / (luma + nothing) ** 0.5,
        structure=along / ((luma + nothing) * (detail + nothing)) ** 0.5,
    )


def _moments(taken: FloatArray, clean: FloatArray) -> FloatArray:
    """Means over one crop of all products that the measures are made of, in the order above."""
    luma = taken @ np.full(3, _FIRST, np.float32)
    red_blue = (taken[..., 0] - taken[..., 2]) * _SECOND
    green = (taken[..., 0] + taken[..., 2] - 2 * taken[..., 1]) * _SECOND * np.float32(3**-0.5)
    left = clean @ np.full(3, _FIRST, np.float32)
    detail = left - cv2.GaussianBlur(left, (0, 0), _FINE)
    means = (
        np.square(taken).mean(),
        np.square(luma).mean(),
        (np.square(red_blue).mean() + np.square(green).mean()) / 2,
        beside(luma, 1),
        beside(luma, 2),
        (beside(red_blue, 1) + beside(green, 1)) / 2,
        np.abs(luma).mean(),
        (luma * detail).mean(),
        np.square(detail).mean(),
        *_by_roughness(np.square(luma), left),
    )
    return np.array(means, np.float64)


def _by_roughness(values: FloatArray, luma: FloatArray) -> tuple[float, ...]:
    """Mean of `values` in the four quarters of the pixels, from the smoothest to the roughest."""
    steep = np.hypot(cv2.Sobel(luma, cv2.CV_32F, 1, 0), cv2.Sobel(luma, cv2.CV_32F, 0, 1))
    order = np.argsort(cv2.GaussianBlur(steep, (0, 0), _SURROUNDINGS), axis=None, kind="stable")
    return tuple(float(values.reshape(-1)[part].mean()) for part in np.array_split(order, 4))


def _ratio(above: float, below: float) -> float:
    """Logarithm of the ratio of two root mean squares, given as squares."""
    return float(np.log((above + _NOTHING) / (below + _NOTHING))) / 2
