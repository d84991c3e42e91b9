"""What speaks against a picture as something to learn from, as scores: the larger, the better.

No network is asked. Painted pictures fail in a few ways, and each measure looks for one: all is out
of focus, or all but a part; there is grain on it; the grid of the latents shows; tones come in
steps, or end in black or white; there is next to nothing in it. They are for comparing pictures of
one folder with each other, and say nothing of whether a picture is beautiful.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from engine.measures.blocking import grid_of
from engine.measures.noise import Grain, measure_noise
from engine.measures.places import spread_places
from engine.measures.sharpness import measure_sharpness
from engine.measures.tone import measure_tone
from engine.photo import LUMA, FloatArray, floats

_SEEN_SIDE = 1024
"""Long side at which sharpness and content are judged: that of FluxGen's own pictures, so that a
photo of 24 megapixels need not be sharp pixel by pixel."""
_PLACE = 64
"""Side of the places that are sharp or not."""
_SHARP = 1.5
"""Width, as in `engine.measures.sharpness`, of the sharpest tenth of a place's edges, up to which
it is sharp. Of the 24 Kodak photos 0.55 to 1.0 of the places are, smoothed by 2 pixels 0.1 to 0.6,
by 4 none."""
_GRIDS = (8, 16)
"""Pixels of a latent pixel, and of a token; 8 is JPEG's grid too."""
_TONE_PIXELS = 256 * 256
"""Pixels whose tones are counted: as many in a large picture as in a small one."""
_TONE_SPREAD = 2.0
"""Standard deviation, in levels, of the neighbours that a tone is compared with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A picture, sRGB-encoded, and what several measures look at."""

    whole: FloatArray
    """(h, w, 3), 0..1."""
    small: FloatArray
    """A copy of `_SEEN_SIDE` pixels at most, likewise."""
    crops: tuple[FloatArray, ...]
    """Parts in full size, (h, w, 3), 0..255."""
    on_grid: tuple[FloatArray, ...]
    """Their luma, (h, w), each from a multiple of 16 pixels on."""


def picture_scores(srgb: FloatArray) -> dict[str, float]:
    """Every measure of a picture (h, w, 3), sRGB-encoded, 0..1, by name; all are finite."""
    seen = _seen(srgb)
    return {name: measure(seen) for name, measure in MEASURES.items()}


def _seen(srgb: FloatArray) -> _Seen:
    height, width = srgb.shape[:2]
    places = spread_places(width, height)
    crops = [np.ascontiguousarray(srgb[place.slices]) * np.float32(255) for place in places]
    token = max(_GRIDS)
    return _Seen(
        whole=srgb,
        small=_small(srgb),
        crops=tuple(crops),
        on_grid=tuple(
            np.ascontiguousarray((crop @ LUMA)[-place.top % token :, -place.left % token :])
            for crop, place in zip(crops, places, strict=True)
        ),
    )


def _small(srgb: FloatArray) -> FloatArray:
    height, width = srgb.shape[:2]
    shrink = max(height, width) / _SEEN_SIDE
    if shrink <= 1:
        return srgb
    size = max(1, round(width / shrink)), max(1, round(height / shrink))
    return floats(cv2.resize(srgb, size, interpolation=cv2.INTER_AREA))


def _sharp(seen: _Seen) -> float:
    """Share of the picture's places with something sharp in them, 0..1.

    Noise has edges too, and so those are not counted that its level accounts for.
    """
    luma = (seen.small @ LUMA) * np.float32(255)
    noise = measure_noise([seen.small * np.float32(255)]).luma
    found = [
        measure_sharpness([luma[top : top + _PLACE, left : left + _PLACE]], noise)
        for top in _starts(luma.shape[0])
        for left in _starts(luma.shape[1])
    ]
    return float(np.mean([one.has_edges and one.least <= _SHARP for one in found]))


def _starts(length: int) -> range:
    """Where whole places begin; one where there is none."""
    return range(0, max(1, length - _PLACE + 1), _PLACE)


def _clean(seen: _Seen) -> float:
    """Noise of a channel in levels of 255, below zero.

    Dense texture is taken for noise by its flattest blocks alone. So each part counts as far as
    there is as much of it in ordinary blocks: about 1 for noise, less for texture.
    """
    noise = measure_noise(seen.crops)
    luma = noise.luma * _everywhere(noise.luma_fine, noise.luma_coarse)
    chroma = noise.chroma * _everywhere(noise.chroma_fine, noise.chroma_coarse)
    return -float(np.hypot(luma, np.sqrt(2) * chroma))


def _everywhere(*grains: Grain) -> float:
    return min(max(grain.everywhere for grain in grains), 1.0)


def _gridless(seen: _Seen) -> float:
    """How far neither the latent's grid nor the tokens' shows, 0 or below."""
    return -max(grid_of(seen.on_grid, side) for side in _GRIDS)


def _tones(seen: _Seen) -> float:
    """How evenly neighbouring tones are used, 0..1, in the worst channel, times the share of all
    values that do not lie at either end."""
    step = max(1, int(np.ceil(np.sqrt(seen.whole[..., 0].size / _TONE_PIXELS))))
    sample = seen.whole[::step, ::step]
    levels = np.rint(sample.clip(0, 1) * 255).astype(np.int64)
    ends = (levels <= 1) | (levels >= 254)
    even = min(_evenness(levels[..., channel].reshape(-1)) for channel in range(3))
    return even * float(1 - ends.mean())


def _evenness(levels: np.ndarray[tuple[int], np.dtype[np.int64]]) -> float:
    """What a histogram shares with its own smoothed one, 0..1; its two ends are left out."""
    counts = np.bincount(levels, minlength=256)[1:-1].astype(np.float32)
    if not counts.any():
        return 0.0
    shares = counts / counts.sum()
    smooth = cv2.GaussianBlur(shares[None], (0, 0), _TONE_SPREAD, borderType=cv2.BORDER_REPLICATE)[
        0
    ]
    return float(1 - np.abs(shares - smooth).sum() / 2)


def _content(seen: _Seen) -> float:
    """Mean local contrast, standard deviation of 0..1."""
    return measure_tone(seen.small).contrast


MEASURES: dict[str, Callable[[_Seen], float]] = {
    "sharp": _sharp,
    "clean": _clean,
    "gridless": _gridless,
    "tones": _tones,
    "content": _content,
}
"""By the names that they have in `selection.csv`."""
