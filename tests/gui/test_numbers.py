"""Numbers in the window, which are written as its language writes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from restorer_app.gui.compare.histogram import HistogramPanel, histogram
from restorer_app.gui.compare.picture import Picture
from restorer_app.gui.look.translations import Languages, decimal
from restorer_app.gui.models.model_words import size
from restorer_app.gui.pages.decimal_box import DecimalBox
from restorer_app.gui.trainings.loss_curve import LossCurve
from restorer_app.gui.trainings.training_words import aim
from restorer_app.training_log import LossPoint
from restorer_app.trainings import TrainingOrder


@pytest.fixture
def languages(qapp: QApplication) -> Iterator[Languages]:
    languages = Languages(qapp)
    yield languages
    languages.use("en")


def test_numbers_are_written_as_the_language_writes_them(
    languages: Languages, qtbot: QtBot
) -> None:
    """In boxes that are there already, and in those that come later."""
    window = QWidget()
    qtbot.addWidget(window)
    boxes = [DecimalBox(window)]
    for language, written in (("de", "1234,5"), ("en", "1234.5")):
        languages.use(language)
        boxes.append(DecimalBox())
        qtbot.addWidget(boxes[-1])
        for box in boxes:
            box.setDecimals(1)
            box.setMaximum(5000)
            box.setValue(1234.5)
            assert box.text() == written


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_number_is_typed_with_a_comma_or_a_point(
    languages: Languages, qtbot: QtBot, language: str
) -> None:
    languages.use(language)
    box = DecimalBox()
    qtbot.addWidget(box)
    for typed in ("2,5", "1.5"):
        box.selectAll()
        qtbot.keyClicks(box, typed)
        assert box.value() == float(typed.replace(",", "."))


@pytest.mark.parametrize(("language", "point"), [("en", "."), ("de", ",")])
def test_sentences_write_them_so_too(
    languages: Languages, qtbot: QtBot, language: str, point: str
) -> None:
    languages.use(language)
    assert (decimal(3.14), size(7_100_000_000)) == (f"3{point}1", f"7{point}1 GB")
    order = TrainingOrder(title="Mine", task="denoise", photos=Path("photos"), hours=2.5)
    assert aim(order).endswith(f" 2{point}5 h")
    curve, panel = LossCurve(), HistogramPanel()
    for widget in (curve, panel):
        qtbot.addWidget(widget)
    curve.show_points([LossPoint(0.1, 0.5), LossPoint(0.2, 0.25)])
    assert f"0{point}5" in curve.accessibleDescription()
    assert f"0{point}25" in curve.accessibleDescription()
    panel.set_histograms(histogram(Picture("", np.zeros((8, 8, 3), np.uint8))), None)
    assert f"100{point}0 %" in panel.accessibleDescription()
