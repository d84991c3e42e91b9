"""A change taken apart: fine texture, luminance, and the grain that was removed.

What `Change.mixed` computes is the one formula of the mix, for the saved photo as for the window.
"""

from __future__ import annotations

import math
from functools import cached_property

import cv2
import numpy as np

from engine.blend import Blend
from engine.photo import FloatArray, floats

FINE = 1.5
"""Scale of texture: the sigma of a Gaussian, in pixels of the photo. Waves shorter than about
eight pixels are texture."""
_NARROWEST = 0.3
"""Below this sigma a Gaussian changes nothing, and there is no fine band."""
_WIDEST = 6.0
"""Above this sigma a picture is blurred at a reduced size, which nobody can tell apart."""
_NOISE = 0.33
"""Where more than about this share of white was removed was a scratch or dust, not noise."""


def reach(sigma: float) -> int:
    """Pixels to each side on which `smooth` depends."""
    return 0 if sigma < _NARROWEST else math.ceil(3 * sigma)


def context(sigma: float) -> int:
    """Pixels to each side on which the bands of a `Change` depend."""
    return 2 * reach(sigma)


def smooth(image: FloatArray, sigma: float) -> FloatArray:
    """(h, w) or (h, w, 3) blurred by a Gaussian of `sigma` pixels; itself where that is nothing."""
    if sigma < _NARROWEST:
        return image
    height, width = image.shape[:2]
    if sigma > _WIDEST and min(height, width) > 4 * sigma:
        step = int(sigma / 3)
        size = (-(-width // step), -(-height // step))
        small = floats(cv2.resize(image, size, interpolation=cv2.INTER_AREA))
        return floats(cv2.resize(smooth(small, sigma / step), (width, height)))
    side = 2 * reach(sigma) + 1
    return floats(cv2.GaussianBlur(image, (side, side), sigma, borderType=cv2.BORDER_REFLECT_101))


def luminance(image: FloatArray) -> FloatArray:
    """(h, w, 3) as the weighted mean of its channels, (h, w)."""
    return floats(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))


class Change:
    """What a prediction changed in a picture, (h, w, 3); its bands are computed when needed.

    `source` and `change` are encoded values of which `white` is the largest; `sigma` is the scale
    of texture in pixels of these arrays. Neither array may be altered afterwards.
    """

    def __init__(
        self, source: FloatArray, change: FloatArray, sigma: float, white: float = 1.0
    ) -> None:
        self.whole = change
        self._source = source
        self._sigma = sigma
        self._white = white

    def mixed(self, blend: Blend, rows: slice = slice(None)) -> FloatArray:
        """What of the change is added to the source in `rows`, faces and brushes apart."""
        part = self.whole[rows]
        if not blend.is_plain:
            part = self._tuned(part, blend, rows)
        if blend.strength == 1:
            return part
        return np.float32(blend.strength) * part

    def _tuned(self, part: FloatArray, blend: Blend, rows: slice) -> FloatArray:
        has_fine = self._sigma >= _NARROWEST
        detail = blend.detail if has_fine else 1.0
        # Noise that a low detail leaves in the picture must not be given back a second time.
        grain = blend.grain * detail if has_fine else 0.0
        light = np.zeros((), np.float32)
        if detail < 1:
            texture = self.fine[rows]
            part = floats(
                cv2.addWeighted(part, blend.colour, texture, blend.colour * (detail - 1), 0)
            )
        elif blend.colour < 1:
            part = np.float32(blend.colour) * part
        if blend.colour < 1:
            light = np.float32(1 - blend.colour) * self.luminance[rows]
            if detail < 1:
                light -= np.float32((1 - blend.colour) * (1 - detail)) * self.fine_luminance[rows]
        if grain > 0:
            light = light + np.float32(grain) * self.grain[rows]
        if light.ndim:
            part = floats(cv2.add(part, cv2.cvtColor(light, cv2.COLOR_GRAY2RGB)))
        return part

    @cached_property
    def fine(self) -> FloatArray:
        """The change in texture, (h, w, 3)."""
        return self.whole - smooth(self.whole, self._sigma)

    @cached_property
    def luminance(self) -> FloatArray:
        """The change of luminance, (h, w)."""
        return luminance(self.whole)

    @cached_property
    def fine_luminance(self) -> FloatArray:
        """The change of luminance in texture, (h, w)."""
        return self.luminance - smooth(self.luminance, self._sigma)

    @cached_property
    def grain(self) -> FloatArray:
        """The fine luminance noise of the source that the prediction removed, (h, w).

        Where texture became stronger, nothing was removed. Strong marks that vanished were
        damage; neither they nor the ripples of the fine band around them count.
        """
        before = luminance(self._source)
        before = before - smooth(before, self._sigma)
        after = before + self.fine_luminance
        kept = np.clip(after, np.minimum(before, 0), np.maximum(before, 0))
        removed = before - kept
        around = np.ones((2 * reach(self._sigma) + 1,) * 2, np.uint8)
        strongest = cv2.dilate(np.abs(removed), around) / np.float32(_NOISE * self._white)
        return floats(removed * np.exp(-np.square(np.square(strongest))))
