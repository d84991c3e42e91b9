"""The histogram of what would be saved: it follows the sliders and the brush."""

from __future__ import annotations

from PySide6.QtCore import QObject

from engine.mix import Mixer
from engine.photo import Box
from restorer_app.gui.compare_view import CompareView
from restorer_app.gui.histogram import Histogram, HistogramPanel, counted, sample, step_for
from restorer_app.gui.live_mix import LiveMix
from restorer_app.gui.picture import Picture
from restorer_app.gui.scene import Visible

_OFTEN = 60
"""Milliseconds between two counts while a slider moves."""
_SAMPLES = 100_000
"""Pixels that are mixed for a count; it takes some milliseconds."""


class MixedHistogram(QObject):
    """Shows both histograms: the view's own, and the mix's where that is another picture."""

    def __init__(self, view: CompareView, live: LiveMix, panel: HistogramPanel) -> None:
        super().__init__(view)
        self._view, self._live, self._panel = view, live, panel
        self._before: Histogram | None = None
        self._after: Histogram | None = None
        self._mixer: Mixer | None = None
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
        self._mixer = None

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
        if self._mixer is None:
            seen = _sampled(photo, self._view.variants[variant])
            self._mixer = self._live.mixer_of(seen, self._view.masks())
        return counted(self._mixer.mix(self._live.blend))


def _sampled(photo: Picture, result: Picture) -> Visible:
    """An even sample of the whole of both, pixel for pixel of the same places."""
    step = step_for(photo.size, _SAMPLES)
    scale = result.size.width // photo.size.width
    whole = Box(0, 0, photo.size.width, photo.size.height)
    before, after = sample(photo, step), sample(result, step * scale)
    return Visible(whole, 1 / step, before, after)
