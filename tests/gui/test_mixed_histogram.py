"""The histogram follows sliders and brush."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from engine.compose import Blend
from engine.mix import Mixer
from engine.photo import Box, floats
from engine.resize import enlarged
from restorer_app.gui.compare.brush import Masks
from restorer_app.gui.compare.compare_view import CompareView
from restorer_app.gui.compare.display_colour import eight_bits
from restorer_app.gui.compare.histogram import Histogram, HistogramPanel, counted, sample, step_for
from restorer_app.gui.compare.mixed_histogram import MixedHistogram
from restorer_app.gui.compare.picture import Picture
from restorer_app.gui.compare.viewport import Size
from restorer_app.gui.darkroom.live_mix import LiveMix

DARK, BRIGHT = 60, 180


def flat(value: int, size: tuple[int, int] = (96, 64)) -> NDArray[np.uint8]:
    return np.full((size[1], size[0], 3), value, np.uint8)


class Panel(HistogramPanel):
    """Remembers what it was given."""

    before: Histogram | None = None
    after: Histogram | None = None

    def set_histograms(self, before: Histogram | None, after: Histogram | None) -> None:
        self.before, self.after = before, after

    @property
    def level(self) -> float:
        """The mean green of what is filled, 0 to 255; -1 where nothing is."""
        if self.after is None:
            return -1.0
        return float(self.after.shares[1] @ np.arange(256))


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[CompareView]:
    view = CompareView()
    qtbot.addWidget(view)
    view.resize(300, 200)
    view.show()
    yield view
    view.end()


@pytest.fixture
def mix(view: CompareView) -> LiveMix:
    return LiveMix(view)


@pytest.fixture
def panel(view: CompareView, mix: LiveMix, qtbot: QtBot) -> Panel:
    panel = Panel()
    qtbot.addWidget(panel)
    MixedHistogram(view, mix, panel)
    view.set_photo(Picture("Before", flat(DARK)))
    mix.set_photo(gray=False)
    return panel


def reached(qtbot: QtBot, panel: Panel, level: float) -> None:
    qtbot.waitUntil(lambda: abs(panel.level - level) <= 1, timeout=10_000)


@pytest.mark.parametrize("scale", [1, 2])
def test_it_follows_strength(
    view: CompareView, mix: LiveMix, panel: Panel, qtbot: QtBot, scale: int
) -> None:
    view.set_variants((Picture("Denoise", flat(BRIGHT, (96 * scale, 64 * scale))),), 0)
    reached(qtbot, panel, BRIGHT)
    for strength in (0.5, 0.25, 1.0):
        mix.set_blend(Blend(strength=strength))
        reached(qtbot, panel, DARK + strength * (BRIGHT - DARK))
    assert panel.before is not None
    assert panel.before.shares[1, DARK] == 1


def test_it_follows_what_is_painted_and_who_is_protected(
    view: CompareView, mix: LiveMix, panel: Panel, qtbot: QtBot
) -> None:
    view.set_variants((Picture("Denoise", flat(BRIGHT)),), 0)
    reached(qtbot, panel, BRIGHT)
    keep = np.zeros((16, 24), np.float32)
    keep[:, :12] = 1
    view.set_masks(Masks(keep=keep))
    mix.changed()
    reached(qtbot, panel, (DARK + BRIGHT) / 2)
    view.set_masks(Masks())
    mix.changed()
    reached(qtbot, panel, BRIGHT)
    mix.set_blend(Blend(faces=1.0))
    mix.set_faces((Box(20, 10, 70, 60),))
    qtbot.waitUntil(lambda: DARK + 10 < panel.level < BRIGHT - 10, timeout=10_000)


def test_another_result_and_the_source_alone(
    view: CompareView, mix: LiveMix, panel: Panel, qtbot: QtBot
) -> None:
    mix.set_blend(Blend(strength=0.5))
    view.set_variants((Picture("Denoise", flat(BRIGHT)), Picture("Auto", flat(100))), 0)
    reached(qtbot, panel, (DARK + BRIGHT) / 2)
    view.show_variant(1)
    reached(qtbot, panel, (DARK + 100) / 2)
    view.show_variant(-1)
    qtbot.waitUntil(lambda: panel.after is None, timeout=10_000)
    view.set_photo(None)
    qtbot.waitUntil(lambda: panel.before is None, timeout=10_000)


@pytest.mark.parametrize("blend", [Blend(detail=0.0), Blend(grain=1.0, strength=0.7)])
@pytest.mark.parametrize(("size", "scale"), [((1500, 1100), 1), ((900, 700), 2), ((9000, 30), 1)])
def test_it_tells_texture_of_large_photos_as_it_will_be_saved(
    view: CompareView,
    mix: LiveMix,
    panel: Panel,
    qtbot: QtBot,
    blend: Blend,
    size: tuple[int, int],
    scale: int,
) -> None:
    width, height = size
    noise = np.random.default_rng(0).normal(DARK, 12, (height, width, 1)).repeat(3, 2)
    source = np.clip(noise, 0, 255).astype(np.uint8)
    result = flat(BRIGHT, (width * scale, height * scale))
    larger = eight_bits(enlarged(floats(source) / np.float32(255), scale))
    saved = counted(Mixer(larger, result, zoom=float(scale)).mix(blend))
    view.set_photo(Picture("Before", source))
    mix.set_photo(gray=False)
    view.set_variants((Picture("Denoise", result),), 0)
    mix.set_blend(blend)

    def is_told() -> bool:
        return panel.after is not None and np.abs(panel.after.shares - saved.shares).sum() < 0.8

    qtbot.waitUntil(is_told, timeout=10_000)


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (5, 3), (640, 427), (1001, 777)])
@pytest.mark.parametrize("samples", [1, 50, 10_000])
@pytest.mark.parametrize("scale", [2, 4])
def test_samples_of_a_photo_and_its_enlargement_fit(
    size: tuple[int, int], samples: int, scale: int
) -> None:
    step = step_for(Size(*size), samples)
    large = (size[0] * scale, size[1] * scale)
    first = sample(Picture("", flat(1, size)), step)
    assert first.shape == sample(Picture("", flat(1, large)), step * scale).shape
    assert first.size
