"""The mix as the window shows it: for the pixels on screen, as often as a slider moves."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.bands import FINE, Change
from engine.blend import Blend
from engine.photo import FloatArray, floats
from engine.regions import SOFTNESS, Regions, Weights, weights

_STRIP_VALUES = 96_000
"""Values mixed at a time: few enough to stay in the processor's cache from step to step."""

Shown = NDArray[np.uint8] | FloatArray


class Mixer:
    """A source and its prediction as they are on screen, ready to be mixed.

    `source` and `restored` are (h, w, 3), sRGB-encoded, uint8 or float32 0..1, of the same size;
    `regions` are in pixels of these. `zoom` is how many of these pixels a pixel of the photo
    takes, so that texture means the same as in the saved photo. `gray` keeps a gray photo gray.
    Raises `ValueError` if the sizes do not fit.

    Nothing is computed before it is needed: what a setting needs is made when it is first moved
    and kept.
    """

    def __init__(
        self,
        source: Shown,
        restored: Shown,
        regions: Regions | None = None,
        *,
        zoom: float = 1.0,
        gray: bool = False,
    ) -> None:
        if source.shape != restored.shape or source.ndim != 3 or source.shape[2] != 3:
            raise ValueError(f"{source.shape} and {restored.shape} are no pair of pictures")
        if zoom <= 0:
            raise ValueError(f"zoom is above 0, not {zoom}")
        height, width = source.shape[:2]
        if regions is not None:
            regions.check(width, height)
        self._source = _in_255(source)
        change = _in_255(restored) - self._source
        if gray:
            change = np.repeat(change.mean(2, keepdims=True), 3, 2)
        self._change = Change(self._source, change, FINE * zoom, 255.0)
        self._weights = Weights()
        if regions is not None:
            self._weights = weights(regions, 0, height, width, softness=SOFTNESS * zoom)

    def prepare(self) -> None:
        """Compute now what any setting may need, so that no slider waits when it is first moved."""
        change = self._change
        for _ in (change.fine, change.luminance, change.fine_luminance, change.grain):
            pass

    def mix(self, blend: Blend) -> NDArray[np.uint8]:
        """The mixed picture, (h, w, 3), sRGB-encoded; a new array each time."""
        height, width = self._source.shape[:2]
        out = np.empty((height, width, 3), np.uint8)
        step = max(1, _STRIP_VALUES // (3 * width))
        for top in range(0, height, step):
            rows = slice(top, min(top + step, height))
            added = self._change.mixed(blend, rows)
            part = self._weights.rows(rows)
            added = part.applied(added, self._change.whole[rows], blend.faces)
            cv2.add(self._source[rows], added, dst=out[rows], dtype=cv2.CV_8U)
        return out


def _in_255(picture: Shown) -> FloatArray:
    if picture.dtype == np.uint8:
        return floats(picture)
    return floats(picture) * np.float32(255)
