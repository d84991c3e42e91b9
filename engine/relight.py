"""A change of light found on a small copy of a photo, for any box of the photo at full size.

First a veil of haze is taken away, I = J t + A (1 - t) (Koschmieder). Around every pixel its
transmission t is an affine function of the photo's brightness; the two coefficients are smooth and
are enlarged from the small copy, so that t keeps the photo's own edges (the fast guided filter, He
and Sun 2015). Then comes a curve for each colour and a mixing of the colours, the same everywhere.
Last, shadows are lifted, by an amount that follows the brightness in the same way as t does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from engine.photo import LUMA, Box, FloatArray, floats

LEAST_TRANSMISSION = 0.15
"""Dense haze is not divided up into noise any further."""
MOST_LIFTED = 2.2
"""The logarithm of the most by which a shadow is lifted: four stops, near black."""
_STRIP = 64
"""Rows that are worked on at a time: they stay in the processor's cache."""
_COLUMNS = 32766
"""The most that `cv2.remap` takes: panoramas are wider."""


@dataclass(frozen=True, slots=True)
class Veil:
    """Haze: `airlight` (h, w, 3), around 0..1; transmission = slope * brightness + offset, both
    (h, w), of sizes of their own."""

    airlight: FloatArray
    slope: FloatArray
    offset: FloatArray


@dataclass(frozen=True, slots=True)
class Shade:
    """Shadows to be lifted: the logarithm of how much = slope * brightness + offset, both (h, w),
    of sizes of their own; it is held between 0 and `MOST_LIFTED`."""

    slope: FloatArray
    offset: FloatArray


@dataclass(frozen=True, slots=True)
class Relight:
    """What is done to the light of a photo of `size` (width, height)."""

    curves: FloatArray
    """(3, n): what becomes of the values 0 to 1 of each colour, in even steps."""
    mix: FloatArray
    """(3, 3): the share of each colour (column) in each new one (row)."""
    size: tuple[int, int]
    veil: Veil | None = None
    shade: Shade | None = None
    corner: tuple[int, int] = (0, 0)
    """Where in the photo boxes are counted from: pixels right and down."""

    def counted_from(self, corner: tuple[int, int]) -> Relight:
        """The same for boxes that are counted from `corner`."""
        return replace(self, corner=corner)

    def toned(self, share: float) -> Relight:
        """With `share`, 0 to 1, of what its curves, its mixing and its shade do; the veil stays."""
        straight = np.linspace(0, 1, self.curves.shape[1], dtype=np.float32)
        curves = floats(straight + share * (self.curves - straight))
        mix = floats(np.eye(3) + share * (self.mix - np.eye(3)))
        shade = self.shade
        if shade is not None:
            shade = Shade(floats(share * shade.slope), floats(share * shade.offset))
        return replace(self, curves=np.ascontiguousarray(curves), mix=mix, shade=shade)

    def __call__(self, pixels: FloatArray, box: Box) -> FloatArray:
        """Apply it to the part `box` of the photo, (h, w, 3), sRGB-encoded, 0..1."""
        result = np.empty(pixels.shape, np.float32)
        for top in range(0, box.height, _STRIP):
            for left in range(0, box.width, _COLUMNS):
                bottom = min(top + _STRIP, box.height)
                right = min(left + _COLUMNS, box.width)
                here = Box(left, top, right, bottom).slices
                strip = Box(box.left + left, box.top + top, box.left + right, box.top + bottom)
                result[here] = self._strip(pixels[here], strip)
        return result

    def _strip(self, pixels: FloatArray, box: Box) -> FloatArray:
        last = np.float32(self.curves.shape[1] - 1)
        colours = [floats(colour) * last for colour in cv2.split(pixels)]
        if self.veil is not None:
            share = self._transmission(self.veil, pixels, box)
            added = (1 - 1 / share) * last
            air = cv2.split(self._part(self.veil.airlight, box))
            colours = [x / share + added * floats(a) for x, a in zip(colours, air, strict=True)]
        # by cv2's own interpolation, to 1/32 of a step, for it is much the fastest: a curve is a
        # picture of one row, and the value says where in it to look
        down = np.zeros(pixels.shape[:2], np.float32)
        way, edge = cv2.INTER_LINEAR, cv2.BORDER_REPLICATE
        curved = [
            cv2.remap(curve[None], colour, down, way, borderMode=edge)
            for curve, colour in zip(self.curves, colours, strict=True)
        ]
        mixed = floats(cv2.transform(cv2.merge(curved), self.mix))
        np.clip(mixed, 0, 1, out=mixed)
        return mixed if self.shade is None else self._lifted(mixed, box)

    def haze(self, pixels: FloatArray, box: Box) -> FloatArray:
        """The share (h, w) of haze in the light of the part `box` of the photo, 0 to 1: all of it
        is taken out, and noise there becomes 1 / (1 - share) times as loud."""
        if self.veil is None:
            return np.zeros(pixels.shape[:2], np.float32)
        return floats(1 - self._transmission(self.veil, pixels, box))

    def lift(self, pixels: FloatArray, box: Box) -> FloatArray:
        """The logarithm (h, w) of how much shadows are lifted in the part `box` of the photo, which
        is as bright as `pixels` (h, w, 3) once haze and tones are set."""
        if self.shade is None:
            return np.zeros(pixels.shape[:2], np.float32)
        fields = self.shade.slope, self.shade.offset
        slope, offset = (self._part(field, box) for field in fields)
        logarithm = floats(slope * cv2.transform(pixels, LUMA[None]) + offset)
        return np.clip(logarithm, 0, np.float32(MOST_LIFTED), out=logarithm)

    def _lifted(self, pixels: FloatArray, box: Box) -> FloatArray:
        """Pixels m times as bright where they are dark, and less the nearer they are to white: by
        m / (1 + (m - 1) * strongest colour), Schlick's bias (1994), which keeps black and white and
        the proportions of the colours."""
        more = floats(cv2.exp(self.lift(pixels, box)))
        colours = [floats(colour) for colour in cv2.split(pixels)]
        strongest = cv2.max(cv2.max(colours[0], colours[1]), colours[2])
        gain = more / (1 + (more - 1) * strongest)
        return floats(cv2.merge([colour * gain for colour in colours]))

    def _transmission(self, veil: Veil, pixels: FloatArray, box: Box) -> FloatArray:
        """(h, w), `LEAST_TRANSMISSION` to 1."""
        slope, offset = (self._part(field, box) for field in (veil.slope, veil.offset))
        share = floats(slope * cv2.transform(pixels, LUMA[None]) + offset)
        return np.clip(share, np.float32(LEAST_TRANSMISSION), 1, out=share)

    def _part(self, field: FloatArray, box: Box) -> FloatArray:
        """The coefficients inside `box`, enlarged linearly."""
        height, width = field.shape[:2]
        zoom = np.array([width / self.size[0], height / self.size[1]])
        # cv2 maps output pixel centres through this matrix into the small picture
        shift = (np.array([box.left, box.top]) + self.corner + 0.5) * zoom - 0.5
        matrix = np.array([[zoom[0], 0, shift[0]], [0, zoom[1], shift[1]]])
        part = cv2.warpAffine(
            field,
            matrix,
            (box.width, box.height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return floats(part)
