"""Carrying a change of light that was found on a small copy over to the full-size photo.

Joint upsampling by the fast guided filter (He and Sun, 2015): around every pixel the small result
is an affine function of the small source; its two coefficients are smooth, so they are enlarged
and applied to the full-size source, whose detail they keep.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from engine.photo import Box, FloatArray, floats

_RADIUS = 8
_FLATNESS = 1e-3
"""Variance below which a window is taken as flat and only its mean is carried over."""


@dataclass(frozen=True, slots=True)
class LightTransfer:
    """restored = gain * source + offset, each (h, w, 3) at the small size."""

    gain: FloatArray
    offset: FloatArray
    size: tuple[int, int]
    """Width and height of the full-size photo."""

    def __call__(self, pixels: FloatArray, box: Box) -> FloatArray:
        """Apply it to the part `box` of the photo, (h, w, 3), 0..1."""
        gain, offset = (self._part(field, box) for field in (self.gain, self.offset))
        return floats(np.clip(gain * pixels + offset, 0, 1))

    def _part(self, field: FloatArray, box: Box) -> FloatArray:
        """The coefficients inside `box`, enlarged linearly."""
        height, width = field.shape[:2]
        zoom = np.array([width / self.size[0], height / self.size[1]])
        # cv2 maps output pixel centres through this matrix into the small picture
        shift = (np.array([box.left, box.top]) + 0.5) * zoom - 0.5
        matrix = np.array([[zoom[0], 0, shift[0]], [0, zoom[1], shift[1]]])
        part = cv2.warpAffine(
            field,
            matrix,
            (box.width, box.height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return floats(part)


def light_transfer(
    source: FloatArray, restored: FloatArray, size: tuple[int, int]
) -> LightTransfer:
    """Fit the transfer on a small `source` and its `restored` version, (h, w, 3), 0..1 each."""
    mean_s, mean_r = _mean(source), _mean(restored)
    covariance = _mean(source * restored) - mean_s * mean_r
    variance = _mean(source * source) - mean_s * mean_s
    gain = floats(covariance / (variance + _FLATNESS))
    # In flat windows the affine fit has no slope to go by; a pure gain keeps the grain's look.
    offset = mean_r - gain * mean_s
    return LightTransfer(_mean(gain), _mean(offset), size)


def _mean(field: FloatArray) -> FloatArray:
    side = 2 * _RADIUS + 1
    return floats(cv2.blur(field, (side, side), borderType=cv2.BORDER_REFLECT))
