"""How noisy a picture is, told apart from its texture by looking where it is flat.

The picture is cut into 8 x 8 blocks and each block taken apart by the cosine transform. White
noise of standard deviation s gives every coefficient that standard deviation, while a flat block
gives nothing but its lowest coefficients. So the flattest blocks are found by their lowest
coefficients and the noise is read from the highest: being independent of each other, the second
are not made smaller by the choice (the idea of Ponomarenko et al., "An automatic approach to
lossy compression of AVIRIS images", IGARSS 2007). What texture is left stands in few
coefficients, noise in all, so that only the quieter half of them is counted.

Camera noise is no longer white: demosaicing and JPEG take its finest part away. It is therefore
read again at half size, where it is nearly white, and for the colours at a quarter.
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
_BLOTCHES_TO_ALL = 1.5
_VOUCHED = 3.0
_VOUCHED_BY_COLOUR = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grain:
    """The noise of one kind of plane at one size."""

    sigma: float = 0.0
    """Standard deviation in levels of 255, if it is white."""
    evenness: float = 0.0
    """Quieter half over all of the frequencies, 0 to 1: 1 for noise, less for texture."""
    everywhere: float = 0.0
    """Noise of the flattest blocks over that of ordinary ones, 0 to about 1: likewise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """`luma` is the mean of the three channels, `chroma` their differences, scaled so that three
    independent channels of equal noise have equal luma and chroma noise."""

    luma_fine: Grain
    """Pixel by pixel."""
    luma_coarse: Grain
    """At half size, where dense texture shows as well."""
    chroma_fine: Grain
    chroma_coarse: Grain
    chroma_blotches: Grain
    """At a quarter of the size, where cameras push their colour noise."""

    @property
    def luma(self) -> float:
        """Standard deviation in levels of 255."""
        fine, coarse = self.luma_fine.sigma, self.luma_coarse.sigma
        # What dense texture leaves at half size is believed only as far as the finest noise or
        # that of the colours, which texture hardly has, vouch for it.
        believed = max(_VOUCHED * fine, _VOUCHED_BY_COLOUR * self.chroma)
        return max(fine, min(_COARSE_TO_ALL * coarse, believed))

    @property
    def chroma(self) -> float:
        """Standard deviation in levels of 255."""
        return max(
            self.chroma_fine.sigma,
            _COARSE_TO_ALL * self.chroma_coarse.sigma,
            _BLOTCHES_TO_ALL * self.chroma_blotches.sigma,
        )

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
    chroma, twice, usable_twice = [*red_blue, *green], [*luma, *luma], [*usable, *usable]
    return Noise(
        luma_fine=_grain(luma, luma, usable),
        luma_coarse=_grain(*_halved(luma, luma, usable)),
        chroma_fine=_grain(chroma, twice, usable_twice),
        chroma_coarse=_grain(*_halved(chroma, twice, usable_twice)),
        chroma_blotches=_grain(*_halved(*_halved(chroma, twice, usable_twice))),
    )


def _unclipped(crop: FloatArray) -> FloatArray:
    """1 where no channel is at black or white, else 0; shape (height, width)."""
    red, green, blue = crop[..., 0], crop[..., 1], crop[..., 2]
    low = np.minimum(np.minimum(red, green), blue)
    high = np.maximum(np.maximum(red, green), blue)
    return ((low > 0.5) & (high < 254.5)).astype(np.float32)


def _grain(
    planes: Sequence[FloatArray], luma: Sequence[FloatArray], usable: Sequence[FloatArray]
) -> Grain:
    """The white noise in `planes`; none where there is no whole block."""
    blocks = cut_all(planes)
    if not len(blocks):
        return Grain()
    kept = _least_clipped(means(cut_all(usable)))
    coefficients = transform(blocks[kept])
    brightness = means(cut_all(luma)[kept])
    low = (FREQUENCY >= 1) & (FREQUENCY <= 3)
    flatness = np.square(coefficients[:, low]).sum(axis=1)
    flattest = _flattest(brightness, flatness)
    fine = np.square(coefficients[:, FREQUENCY >= 8])
    # The median of squares is 0.455 times their mean where they are Gaussian.
    variances = np.sort(np.median(fine[flattest], axis=0)) / 0.455
    quiet = float(variances[: len(variances) // 2].mean())
    # The lower half of n-fold measured values lies below their mean by 0.8 of their own spread.
    chance = max(1 - 0.8 * 1.65 * float(np.sqrt(2 / len(flattest))), 0.3)
    variance = quiet / chance
    ordinary = float(np.median(fine.mean(axis=1)))
    return Grain(
        sigma=float(np.sqrt(variance)),
        evenness=min(variance / (float(variances.mean()) + 0.05), 1.0),
        everywhere=min(variance / (ordinary + 0.05), 2.0),
    )


def _least_clipped(shares: FloatArray) -> NDArray[np.bool_]:
    """Blocks with hardly a pixel at black or white; the best there are, if there are few."""
    enough = min(4 * _FEWEST, len(shares))
    limit = min(1 - _CLIPPED, float(np.sort(shares)[-enough]))
    return shares >= limit


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
