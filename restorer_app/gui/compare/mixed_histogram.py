"""The histogram of what would be saved: it follows the sliders and the brush."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from engine.bands import FINE, context
from engine.compose import Blend
from engine.mix import Mixer
from engine.photo import Box, floats
from engine.resize import enlarged
from restorer_app.gui.compare.compare_view import CompareView
from restorer_app.gui.compare.display_colour import eight_bits, encoded_srgb
from restorer_app.gui.compare.histogram import Histogram, HistogramPanel, counted, sample, step_for
from restorer_app.gui.compare.picture import Picture
from restorer_app.gui.compare.scene import Visible
from restorer_app.gui.darkroom.live_mix import LiveMix

_OFTEN = 60
"""Milliseconds between two counts while a slider moves."""
_SAMPLES = 100_000
"""Pixels that are mixed for a count; it takes some milliseconds."""
_PIECE = 40
"""Pixels of the photo along the sides of a piece whose texture is looked at."""
_FEWEST = 12
"""Pieces, however much a result is enlarged."""


class MixedHistogram(QObject):
    """Shows both histograms: the view's own, and the mix's where that is another picture."""

    def __init__(self, view: CompareView, live: LiveMix, panel: HistogramPanel) -> None:
        super().__init__(view)
        self._view, self._live, self._panel = view, live, panel
        self._before: Histogram | None = None
        self._after: Histogram | None = None
        self._mixed: _Mixed | None = None
        self._soon = view.single_shot(_OFTEN, self._count)
        view.histograms_ready.connect(self._take)
        live.remixed.connect(self._remixed)
        live.prepared_anew.connect(self._forget)

    def _take(self, before: Histogram | None, after: Histogram | None) -> None:
        self._before, self._after = before, after
        self._forget()
        self._count()

    def _forget(self) -> None:
        """Other pictures, masks or faces."""
        self._mixed = None

    def _remixed(self) -> None:
        if not self._soon.isActive():  # or it would wait until the slider rests
            self._soon.start()

    def _count(self) -> None:
        self._panel.set_histograms(self._before, self._of_mix() or self._after)

    def _of_mix(self) -> Histogram | None:
        """That of the mix; None where the result is shown as it is."""
        photo, variant = self._view.photo, self._view.variant
        if self._after is None or photo is None or self._live.is_plain:
            return None
        if self._mixed is None:
            masks = self._view.masks()
            result = self._view.variants[variant]
            self._mixed = _Mixed(photo, result, lambda seen: self._live.mixer_of(seen, masks))
        return self._mixed.counted(self._live.blend)


class _Mixed:
    """A photo and its result, as far as they are mixed for a count.

    Most of a mix is what becomes of each pixel by itself: an even sample of them tells it. Texture
    is what a pixel has beside its neighbours; what the settings of texture change in the histogram
    is counted in pieces of the photo, and added.
    """

    def __init__(
        self, photo: Picture, result: Picture, mixer_of: Callable[[Visible], Mixer]
    ) -> None:
        self._photo, self._result, self._mixer_of = photo, result, mixer_of
        self._scale = result.size.width // photo.size.width
        self._step = step_for(photo.size, _SAMPLES)
        self._even = mixer_of(_sampled(photo, result, self._step, self._scale))

    def counted(self, blend: Blend) -> Histogram:
        without = replace(blend, detail=1.0, grain=0.0)
        if blend == without or self._step == self._scale == 1:
            return counted(self._even.mix(blend))
        more = self._in_pieces(blend).shares - self._in_pieces(without).shares
        return Histogram(np.maximum(counted(self._even.mix(without)).shares + more, 0))

    def _in_pieces(self, blend: Blend) -> Histogram:
        mixed = (mixer.mix(blend)[rows, columns] for mixer, rows, columns in self._pieces)
        return counted(np.concatenate([each.reshape(1, -1, 3) for each in mixed], axis=1))

    @cached_property
    def _pieces(self) -> list[tuple[Mixer, slice, slice]]:
        """What mixes each piece, and where in it the texture is known: not at its edges."""
        size, scale = self._photo.size, self._scale
        wanted = max(_FEWEST, _SAMPLES // (_PIECE * scale) ** 2)
        down = max(1, round((wanted * size.height / size.width) ** 0.5))
        border = context(FINE * scale)
        tops, height, rows = _spread(size.height, down, border, scale)
        lefts, width, columns = _spread(size.width, -(-wanted // down), border, scale)
        boxes = (Box(x, y, x + width, y + height) for y in tops for x in lefts)
        mixers = (self._mixer_of(_piece(self._photo, self._result, box, scale)) for box in boxes)
        return [(mixer, rows, columns) for mixer in mixers]


def _spread(length: int, count: int, border: int, scale: int) -> tuple[list[int], int, slice]:
    """Where pieces begin along a side of the photo, how long they are, and what of one counts."""
    if length <= _PIECE:
        return [0], length, slice(None)
    starts = np.linspace(0, length - _PIECE, min(count, length // _PIECE)).round().astype(int)
    return starts.tolist(), _PIECE, slice(border, _PIECE * scale - border)


def _piece(photo: Picture, result: Picture, box: Box, scale: int) -> Visible:
    """A part of both, at the size of the result."""
    before = floats(_shown(photo, box)) / np.float32(255)
    larger = Box(*(edge * scale for edge in (box.left, box.top, box.right, box.bottom)))
    after = _shown(result, larger)
    return Visible(box, float(scale), eight_bits(enlarged(before, scale)), after)


def _shown(picture: Picture, box: Box) -> NDArray[np.uint8]:
    return eight_bits(encoded_srgb(picture.part(*box.slices), picture.profile))


def _sampled(photo: Picture, result: Picture, step: int, scale: int) -> Visible:
    """An even sample of the whole of both, pixel for pixel of the same places."""
    whole = Box(0, 0, photo.size.width, photo.size.height)
    before, after = sample(photo, step), sample(result, step * scale)
    return Visible(whole, 1 / step, before, after)
