"""The sign that a training runs, in the window's foot."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from restorer_app.gui.look.theme import px
from restorer_app.gui.look.translations import Languages
from restorer_app.gui.pages.page_dialog import PageDialog
from restorer_app.gui.trainings.training_mark import TrainingMark
from restorer_app.trainings import Act, StepState, Training, TrainingOrder, begun
from tests.gui.test_trainings_page import Scene, scene

__all__ = ["scene"]

_MILLISECONDS = 30_000


@pytest.fixture
def mark(qtbot: QtBot) -> TrainingMark:
    mark = TrainingMark()
    qtbot.addWidget(mark)
    return mark


def _running(title: str = "My camera") -> Training:
    order = TrainingOrder(title=title, task="denoise", photos=Path("photos"))
    changes = {"done": 0.42, "stage": "step 120", "seconds_left": 600.0}
    return begun("mine", order).with_step(Act.PREDICTOR, state=StepState.RUNNING, **changes)


def test_it_says_what_runs_and_is_gone_with_it(mark: TrainingMark) -> None:
    assert not mark.isVisible()
    mark.show_training(_running())
    assert mark.isVisible()
    assert mark.text() == "My camera 42 %"
    assert mark.accessibleName() == "Training “My camera”: 42 %"
    assert "The adapter learns · 42 % · step 120 · 10 min left" in mark.toolTip()
    mark.show_training(_running().with_step(Act.PREDICTOR, state=StepState.STOPPING))
    assert mark.text() == "My camera stopping…"
    mark.show_training(None)
    assert not mark.isVisible()


def test_a_long_title_does_not_take_the_room(mark: TrainingMark) -> None:
    mark.show_training(_running("a training with a name " * 9))
    assert mark.sizeHint().width() < px(260)
    assert mark.text().endswith("… 42 %")


def test_an_ampersand_in_a_title_marks_no_key(mark: TrainingMark) -> None:
    mark.show_training(_running("Salt & pepper"))
    assert mark.text() == "Salt && pepper 42 %"
    assert mark.shortcut().isEmpty()
    assert mark.accessibleName() == "Training “Salt & pepper”: 42 %"


def test_it_follows_the_language(mark: TrainingMark, qapp: QApplication) -> None:
    mark.show_training(_running())
    languages = Languages(qapp)
    languages.use("de")
    try:
        qapp.processEvents()
        assert mark.accessibleName() == "Training „My camera“: 42 %"
        assert mark.accessibleDescription() == "Öffnet die Seite der Trainings"
    finally:
        languages.use("en")


def test_it_leads_to_the_page_while_a_training_runs(scene: Scene) -> None:
    mark = scene.rig.window.training
    assert not mark.isVisible()
    scene.close()
    scene.open("hang")
    panel = scene.begin(state=StepState.RUNNING)
    scene.until_half(panel)
    assert mark.isVisible()
    assert mark.text() == "Mine 50 %"
    assert mark.focusPolicy() & Qt.FocusPolicy.TabFocus
    mark.click()
    (dialog,) = scene.rig.window.findChildren(PageDialog)
    assert dialog.isVisible()
    dialog.close()
    scene.flow.runner.stop()
    scene.qtbot.waitUntil(lambda: not mark.isVisible(), timeout=_MILLISECONDS)
