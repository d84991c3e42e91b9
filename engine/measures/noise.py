"""How noisy a picture is, told apart from its texture by looking where it is flat.

The picture is cut into 8 x 8 blocks and each block taken apart by the cosine transform. White
noise of standard deviation s gives every coefficient that standard deviation, while a flat block
gives nothing but its lowest coefficients. So the flattest blocks are found by their lowest
coefficients and the noise is read from the highest: being independent of each other, the second
are not made smaller by the choice (the idea of Ponomarenko et al., "An automatic approach to
lossy compression of AVIRIS images", IGARSS 2007). What texture is left stands in few
coefficients, noise in all, so that only the quieter half of them is counted.

Camera noise is no longer white: demosaicing and JPEG take its finest part away. It is therefore
read a second time at half size, where it is nearly white again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.measures.cosine import FREQUENCY, cut_all, means, transform
from engine.photo import FloatArray

_BINS = 8
_FLAT_SHARE = 0.05
_FEWEST = 12
_CLIPPED = 0.15
_COARSE_TO_ALL = 1.2
"""Noise before halving over noise after it, for the grain that demosaicing leaves."""
_COARSE_CAP = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """Standard deviations in levels of 255."""

    luma: float
    """Of the mean of the three channels."""
    chroma: float
    """Of the differences of the channels, scaled so that equal luma and chroma noise is what
    three independent channels have."""
    fine: float
    """Of luma, pixel by pixel."""
    coarse: float
    """Of luma at half size, where dense texture shows as well."""
    chroma_coarse: float
    """Of chroma at half size."""

    @property
    def level(self) -> float:
        """Standard deviation of one channel: the mean over red, green and blue."""
        return float(np.sqrt(self.luma**2 + 2 * self.chroma**2))


def measure_noise(crops: Sequence[FloatArray]) -> Noise:
    """The noise of full-size crops (height, width, 3), 0 to 255."""
    luma = [crop @ np.full(3, 1 / 3, np.float32) for crop in crops]
    # Orthonormal axes of gray, red-blue and green: noise of equal strength in three channels
    # stays equal. Divided by the root of 3 because the mean of the channels is, too.
    red_blue = [(crop[..., 0] - crop[..., 2]) / np.float32(6**0.5) for crop in crops]
    green = [
        (crop[..., 0] + crop[..., 2] - 2 * crop[..., 1]) / np.float32(18**0.5) for crop in crops
    ]
    usable = [_unclipped(crop) for crop in crops]
    fine = _white_noise(luma, luma, usable)
    coarse = _white_noise(*_halved(luma, luma, usable))
    chroma = _white_noise([*red_blue, *green], [*luma, *luma], [*usable, *usable])
    chroma_coarse = _white_noise(*_halved([*red_blue, *green], [*luma, *luma], [*usable, *usable]))
    return Noise(
        luma=_total(fine, coarse),
        chroma=_total(chroma, chroma_coarse),
        fine=fine,
        coarse=coarse,
        chroma_coarse=chroma_coarse,
    )


def _unclipped(crop: FloatArray) -> FloatArray:
    """1 where no channel is at black or white, else 0; shape (height, width)."""
    red, green, blue = crop[..., 0], crop[..., 1], crop[..., 2]
    low = np.minimum(np.minimum(red, green), blue)
    high = np.maximum(np.maximum(red, green), blue)
    return ((low > 0.5) & (high < 254.5)).astype(np.float32)


def _white_noise(
    planes: Sequence[FloatArray], luma: Sequence[FloatArray], usable: Sequence[FloatArray]
) -> float:
    """Standard deviation of the white noise in `planes`; 0 where no block can be used."""
    blocks = cut_all(planes)
    kept = means(cut_all(usable)) >= 1 - _CLIPPED
    if not kept.any():
        return 0.0
    coefficients = transform(blocks[kept])
    brightness = means(cut_all(luma)[kept])
    low = (FREQUENCY >= 1) & (FREQUENCY <= 3)
    flatness = np.square(coefficients[:, low]).sum(axis=1)
    flat = coefficients[_flattest(brightness, flatness)]
    # The median of squares is 0.455 times their mean where they are Gaussian.
    variances = np.sort(np.median(np.square(flat[:, FREQUENCY >= 8]), axis=0)) / 0.455
    quiet = variances[: len(variances) // 2]
    # The lower half of n-fold measured values lies below their mean by 0.8 of their own spread.
    chance = 1 - 0.8 * 1.65 * np.sqrt(2 / len(flat))
    return float(np.sqrt(quiet.mean() / max(chance, 0.3)))


def _flattest(brightness: FloatArray, flatness: FloatArray) -> NDArray[np.int64]:
    """Which blocks to trust: the flattest of each brightness.

    Noise depends on brightness; the flattest blocks of the picture as a whole would be those of
    one brightness only.
    """
    bins = np.minimum((brightness * (_BINS / 256)).astype(np.int64), _BINS - 1)
    groups = []
    for index in range(_BINS):
        members = np.flatnonzero(bins == index)
        if len(members) >= _FEWEST:
            count = max(_FEWEST, int(_FLAT_SHARE * len(members)))
            groups.append(members[np.argsort(flatness[members])[:count]])
    if not groups:
        return np.argsort(flatness)[:_FEWEST]
    return np.concatenate(groups)


def _halved(*stacks: Sequence[FloatArray]) -> list[list[FloatArray]]:
    """Each plane at half size, 2 x 2 pixels averaged."""
    return [[_half(plane) for plane in stack] for stack in stacks]


def _half(plane: FloatArray) -> FloatArray:
    height, width = plane.shape[0] // 2 * 2, plane.shape[1] // 2 * 2
    rows = plane[0:height:2, :width] + plane[1:height:2, :width]
    half: FloatArray = (rows[:, 0::2] + rows[:, 1::2]) * np.float32(0.25)
    return half


def _total(fine: float, coarse: float) -> float:
    """Noise over all frequencies; texture at half size cannot claim to be more than thrice."""
    return max(fine, min(_COARSE_TO_ALL * coarse, _COARSE_CAP * fine))
