"""What a light network is asked about a photo, and what its answers make of the whole of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np
import torch
from torch import Tensor

from engine.diffusion.specialists.dense_haze import lifted_behind
from engine.diffusion.specialists.light_chain import curved
from engine.diffusion.specialists.light_network import MULTIPLE, THUMBNAIL, LightNetwork, VeilMaps
from engine.photo import Box, FloatArray, floats
from engine.relight import Relight, Shade, Veil
from engine.resize import reduced

_COPY = 3 * THUMBNAIL
"""Longest side of the copy of a photo from which a network that sets tones is shown parts."""
_PART = 2 / 3
"""Height and width of these over the copy's."""
_KNOTS = 4097
_NO_DOUBT = 1.5
"""Times its doubt from which an estimator's change of tones is made in full."""
_DARKER = 0.3
"""By how much the exponent of automatic contrast is above 1, over the share of its range that a
colour has lost."""
_NARROWEST = 0.1
"""Range of values, 0 to 1, up to which a colour stays as it is: an empty page or a clipped colour
has none to stretch. From twice as much on it is stretched in full."""
_GRAY = 1.5 / 255
"""Most by which the colours of a gray photo differ."""
_SAME = floats(np.eye(3))
"""Mixing that leaves colours as they are."""


class LightEstimator:
    """A network with the task it was trained for; computes in float32 on the CPU."""

    def __init__(
        self,
        network: LightNetwork,
        task: str,
        doubt: float = 0.0,
        contrast: float = 0.0,
        then: LightEstimator | None = None,
    ) -> None:
        """`doubt`, in levels of 255 (root mean square), is how much tones have to change to be
        changed at all: a photo that needs nothing is never left quite as it is by a network.
        `contrast`, 0..1, is what automatic contrast counts in the mean beside the network.
        `then` lifts the shadows of photos whose tones stay as they are: one that is dark all over
        has none, and what its tones are lifted by would be lifted twice. Behind haze it lifts what
        stood in a dense one.
        """
        self.task, self.doubt, self.contrast, self.then = task, doubt, contrast, then
        self.network = network.float().eval().requires_grad_(False)

    @property
    def side(self) -> int:
        """Longest side, in pixels, of the copy of a photo that it wants to see."""
        sizes = self.network.sizes
        return THUMBNAIL if sizes.veil or sizes.shade else _COPY

    def estimate(self, small: FloatArray, size: tuple[int, int]) -> Relight:
        """How to change the light of a photo of `size` (width, height).

        `small` (h, w, 3), sRGB-encoded, 0..1, is the whole photo with a longest side of about
        `side`. A photo without colour stays without. Tones are the mean of what is estimated from
        the photo, its mirror and its four corners: what one view gets wrong the others do not. Haze
        is estimated from the whole alone: seen in parts it comes out flatter (model card).
        """
        gray = float(np.ptp(small, axis=2).max()) <= _GRAY
        if self.network.sizes.veil:
            return self._unveiling(small, size, gray)
        if self.network.sizes.shade:
            shading = self._shading(small, size)
            return shading.toned(self._certainty(shading, small))
        found = _mean([self._toning(part, size) for part in _parts(small)])
        if self.contrast > 0:
            found = _mean([found, _automatic(small, size)], (1 - self.contrast, self.contrast))
        if gray:
            curves = floats(np.broadcast_to(found.curves.mean(0), found.curves.shape))
            found = replace(found, curves=np.ascontiguousarray(curves), mix=_SAME)
        share = self._certainty(found, small)
        found = found.toned(share)
        if self.then is None or share == 1:
            return found
        height, width = small.shape[:2]
        toned = replace(found, size=(width, height))(small, Box(0, 0, width, height))
        return replace(found, shade=self.then.estimate(toned, size).toned(1 - share).shade)

    def _certainty(self, found: Relight, small: FloatArray) -> float:
        """The share, 0 to 1, of a change that is made."""
        return worth(levels(found, small), self.doubt) if self.doubt > 0 else 1.0

    @torch.inference_mode()
    def _shading(self, small: FloatArray, size: tuple[int, int]) -> Relight:
        """Shadows from the whole photo and its mirror."""
        thumb = _thumbnail(small)
        both = torch.cat((_batch(thumb), _batch(thumb[:, ::-1])))
        maps = self.network(both).shade
        assert maps is not None
        slope, offset = (
            floats((field[0, 0] + field[1, 0].flip(1)).numpy() / 2)
            for field in (maps.slope, maps.offset)
        )
        return Relight(_straight(), _SAME, size, shade=Shade(slope, offset))

    @torch.inference_mode()
    def _unveiling(self, small: FloatArray, size: tuple[int, int], gray: bool) -> Relight:
        veil = self.network(_batch(_thumbnail(small))).veil
        assert veil is not None
        haze = _uncoloured(_first(veil)) if gray else _first(veil)
        found = Relight(_straight(), _SAME, size, haze)
        if self.then is None:
            return found
        return replace(found, shade=lifted_behind(self.then, found, small))

    @torch.inference_mode()
    def _toning(self, part: FloatArray, size: tuple[int, int]) -> Relight:
        tone = self.network(_batch(_thumbnail(part))).tone
        assert tone is not None
        ramp = torch.linspace(0, 1, _KNOTS).expand(1, 3, 1, _KNOTS)
        return Relight(
            floats(curved(ramp, tone)[0, :, 0].numpy()), floats(tone.mix[0].numpy()), size
        )

    def relit(self, srgb: FloatArray, *, lift: bool = True) -> FloatArray:
        """A whole picture (h, w, 3), sRGB-encoded, 0..1, in its new light; without `lift` its
        shadows stay."""
        height, width = srgb.shape[:2]
        shrink = min(1.0, self.side / max(height, width))
        small = reduced(srgb, max(1, round(width * shrink)), max(1, round(height * shrink)))
        found = self.estimate(small, (width, height))
        found = found if lift else replace(found, shade=None)
        return found(srgb, Box(0, 0, width, height))


def _straight() -> FloatArray:
    """Curves that change nothing."""
    return np.tile(np.linspace(0, 1, _KNOTS, dtype=np.float32), (3, 1))


def levels(found: Relight, small: FloatArray) -> float:
    """By how much it changes the tones of a photo that looks like `small` (h, w, 3): levels of 255,
    root mean square."""
    thumb = _thumbnail(small)
    height, width = thumb.shape[:2]
    tones = replace(found, size=(width, height), veil=None)
    change = tones(thumb, Box(0, 0, width, height)) - thumb
    return 255 * float(np.sqrt(np.square(change).mean()))


def worth(change: float, doubt: float) -> float:
    """The share of a change of tones, in the same levels as `doubt`, that is made: none up to the
    doubt, all from `_NO_DOUBT` times as much."""
    return min(1.0, max(0.0, change / doubt - 1) / (_NO_DOUBT - 1))


def _parts(small: FloatArray) -> Iterator[FloatArray]:
    """The views (h, w, 3) of a copy of a photo from which its tones are estimated."""
    yield small
    yield small[:, ::-1]
    height, width = (max(1, round(_PART * n)) for n in small.shape[:2])
    for top in (0, small.shape[0] - height):
        for left in (0, small.shape[1] - width):
            yield small[top : top + height, left : left + width]


def _thumbnail(part: FloatArray) -> FloatArray:
    """A view as the network is shown it: no longer than `THUMBNAIL`, sides in whole multiples."""
    shrink = min(1.0, THUMBNAIL / max(part.shape[:2]))
    height, width = (max(1, round(n * shrink / MULTIPLE)) * MULTIPLE for n in part.shape[:2])
    return floats(cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA)).clip(0, 1)


def _batch(thumb: FloatArray) -> Tensor:
    return torch.from_numpy(thumb.transpose(2, 0, 1)[None].copy())


def _mean(found: Sequence[Relight], shares: Sequence[float] | None = None) -> Relight:
    """Curves and mixing of several estimates for the same photo, by `shares` of each."""
    curves = np.average([one.curves for one in found], axis=0, weights=shares)
    mix = np.average([one.mix for one in found], axis=0, weights=shares)
    return replace(found[0], curves=floats(curves), mix=floats(mix))


def _automatic(small: FloatArray, size: tuple[int, int]) -> Relight:
    """Automatic contrast: each colour of `small` (h, w, 3) from black to white, and its middle the
    darker, the more had to be stretched, for dyes that fade lighten it, too. A print with white
    scratches and black dust is as it should be by that."""
    low, high = small.min((0, 1)), small.max((0, 1))
    span = np.maximum(high - low, _NARROWEST)
    ramp = np.linspace(0, 1, _KNOTS, dtype=np.float32)[:, None]
    stretched = np.clip((ramp - low) / span, 0, 1) ** (1 + _DARKER * (1 - np.minimum(span, 1)))
    curves = ramp + np.clip((high - low) / _NARROWEST - 1, 0, 1) * (stretched - ramp)
    return Relight(floats(np.ascontiguousarray(curves.T)), _SAME, size)


def _first(maps: VeilMaps) -> Veil:
    """Of a batch of one."""
    airlight = np.ascontiguousarray(maps.airlight[0].permute(1, 2, 0).numpy())
    slope, offset = (floats(field[0, 0].numpy()) for field in (maps.slope, maps.offset))
    return Veil(floats(airlight), slope, offset)


def _uncoloured(veil: Veil) -> Veil:
    return replace(veil, airlight=veil.airlight.mean(2, keepdims=True).repeat(3, 2))
