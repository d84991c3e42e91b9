"""Histogram and read-out."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.colour import adobe_rgb
from restorer_app.gui.compare.histogram import HistogramPanel, histogram
from restorer_app.gui.compare.picture import Picture
from restorer_app.gui.compare.readout import Reading, Readout, clipped, reading_at
from restorer_app.gui.compare.tally import Tally
from restorer_app.gui.compare.workshop import Workshop
from restorer_app.gui.look.theme import Look
from restorer_app.gui.look.translations import Languages


def flat(level: int, height: int = 40, width: int = 60) -> Picture:
    return Picture("", np.full((height, width, 3), level, np.uint8))


def test_every_pixel_is_counted_once() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (90, 70, 3), np.uint8)
    shares = histogram(Picture("", pixels)).shares
    assert shares.sum(1) == pytest.approx(np.ones(4), abs=1e-5)
    assert shares[0] == pytest.approx(np.bincount(pixels[..., 0].ravel(), minlength=256) / 6300)


def test_a_large_photo_is_sampled_evenly() -> None:
    pixels = np.zeros((1400, 1400, 3), np.uint8)
    pixels[:, 700:] = 200
    shares = histogram(Picture("", pixels)).shares
    assert shares[3, 200] == pytest.approx(0.5, abs=0.01)


def test_sixteen_bits_and_eight_fall_into_the_same_steps() -> None:
    deep = Picture("", np.full((20, 20, 3), 200 * 257, np.uint16))
    assert np.array_equal(histogram(deep).shares, histogram(flat(200, 20, 20)).shares)


def test_panel_draws_light_where_it_is_and_tells_of_clipping(qtbot: QtBot) -> None:
    panel = HistogramPanel()
    qtbot.addWidget(panel)
    panel.resize(256, 80)
    empty = panel.grab().toImage()
    ramp = np.repeat(np.arange(100, 140, dtype=np.uint8)[None, :, None], 3, axis=2)
    panel.set_histograms(histogram(Picture("", np.repeat(ramp, 9, axis=0))), None)
    image = panel.grab().toImage()
    changed = [
        x for x in range(image.width()) if image.pixelColor(x, 60) != empty.pixelColor(x, 60)
    ]
    assert min(changed) == pytest.approx(100, abs=4)
    assert max(changed) == pytest.approx(140, abs=4)
    panel.set_histograms(histogram(flat(255)), None)
    assert "White: 100.0 %" in panel.accessibleDescription()


def test_readout_tells_both_values_at_the_depth_of_the_photo() -> None:
    photo = Picture("", np.full((4, 4, 3), 100 / 255, np.float32), bits=8)
    result = Picture("", np.full((8, 8, 3), 150 * 257, np.uint16))
    reading = reading_at(photo, result, 1.5, 2.5)
    assert reading is not None
    assert (reading.before, reading.after, reading.scale) == ((100,) * 3, (150,) * 3, 255)


def test_readout_warns_where_a_value_is_at_its_end(qtbot: QtBot) -> None:
    readout = Readout()
    qtbot.addWidget(readout)
    reading = Reading(
        x=3,
        y=4,
        before=(10, 20, 30),
        scale=255,
        after=(10, 200, 255),
    )
    readout.show_reading(reading)
    before, after = readout.text().split("After")
    assert "10  20  30" in before
    assert "clipped" not in before
    assert "200" in after
    assert "clipped" in after
    readout.show_reading(None)
    assert readout.text().strip() == ""


@pytest.mark.parametrize(
    ("colour", "scale", "expected"),
    [
        ((255, 10, 10), 255, "white"),
        ((254, 10, 10), 255, ""),
        ((0, 10, 10), 255, "black"),
        ((65500, 900, 900), 65535, "white"),
        ((65000, 900, 900), 65535, ""),
    ],
)
def test_clipping_is_judged_alike_at_both_depths(
    colour: tuple[int, int, int], scale: int, expected: str
) -> None:
    assert clipped(colour, scale) == expected


def test_values_are_read_in_srgb_at_full_depth() -> None:
    deep = np.full((4, 4, 3), 12345, np.uint16)
    assert Picture("", deep).value(1, 2) == (12345, 12345, 12345)
    eight = Picture("", np.full((4, 4, 3), 100 / 255, np.float32), bits=8)
    assert eight.value(0, 0) == (100, 100, 100)
    green = np.zeros((4, 4, 3), np.float32)
    green[..., 1] = 0.5
    assert Picture("", green, adobe_rgb(), 8).value(0, 0)[1] > 128


def test_what_was_closed_while_it_was_counted_is_not_remembered(qtbot: QtBot) -> None:
    workshop = Workshop()
    tally = Tally(workshop, workshop)
    photo = flat(9)
    tally.compare(photo, None)
    qtbot.waitUntil(lambda: not workshop.busy)
    tally.keep(())
    tally._count(photo)  # as the workshop does that was at it already
    assert tally._counted == {}
    workshop.close()


def test_the_readout_follows_the_size_of_texts(qapp: QApplication, qtbot: QtBot) -> None:
    font = qapp.font()
    look = Look(qapp)
    readout = Readout()
    qtbot.addWidget(readout)
    small = readout.fontInfo().pixelSize()
    look.set(scale=2.0)
    assert readout.fontInfo().pixelSize() == pytest.approx(2 * small, abs=1)
    qapp.setStyleSheet("")
    qapp.setFont(font)


def test_values_of_sixteen_bits_fit_beside_the_picture_in_german(
    qapp: QApplication, qtbot: QtBot
) -> None:
    languages = Languages(qapp)
    try:
        languages.use("de")
        readout, panel = Readout(), HistogramPanel()
        for widget in (readout, panel):
            qtbot.addWidget(widget)
        ends = (65535, 65535, 65535)
        readout.show_reading(Reading(x=99999, y=99999, before=ends, scale=65535, after=ends))
        longest = max(len(line) for line in readout.text().splitlines())
        assert longest <= 36  # as many as the panel has room for
        assert panel.toolTip().startswith("Vorher")
        languages.use("en")
        qtbot.waitUntil(lambda: panel.toolTip().startswith("Before"))
        qtbot.waitUntil(lambda: "Before" in readout.text())
    finally:
        languages.use("en")
