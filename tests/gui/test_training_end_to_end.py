"""A real training through the window: the real child, and a photo restored with what it made."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from engine.weights import models
from restorer_app.engine_process import EngineProcess
from restorer_app.gui.models.model_choice import ModelChoice
from restorer_app.gui.trainings.training_flow import TrainingFlow
from restorer_app.job_queue import JobQueue
from restorer_app.jobs import JobState
from restorer_app.model_cards import ModelCard
from restorer_app.training_checks import FEWEST
from restorer_app.training_runner import TrainingRunner
from restorer_app.training_store import TrainingStore
from restorer_app.trainings import StepState, TrainingOrder
from tests.app.conftest import write_photo
from tests.gui.rig import Rig

_PATIENCE = 120_000
"""Milliseconds; torch is loaded twice, on machines of any speed."""
RECIPE = """
size = 32
batch = 2
[tasks.denoise]
share = 1
[[tasks.denoise.chains]]
steps = [{ use = "gaussian_noise", sigma = [5, 50, "log"] }]
"""


def lite() -> list[ModelCard]:
    return [
        ModelCard(id=spec.id, title=spec.title, licence="", may_sell="", paints=False)
        for spec in models()
    ]


def test_what_was_trained_is_chosen_for_a_photo_and_restores_it(
    qapp: QApplication, rig: Rig, qtbot: QtBot, tmp_path: Path
) -> None:
    for seed in range(FEWEST):
        write_photo(tmp_path / "clean" / f"{seed}.png", seed, (60, 48))
    recipe = tmp_path / "mine.toml"
    recipe.write_text(RECIPE, encoding="utf-8")
    runner = TrainingRunner(TrainingStore(tmp_path / "trainings"), rig.courier.post)
    flow = TrainingFlow(rig.window, rig.session, runner, lite)
    rig.window.adjustments.set_models(lite())
    order = TrainingOrder(
        title="My noise",
        task="denoise",
        photos=tmp_path / "clean",
        recipe=str(recipe),
        hours=0.0005,
        device="cpu",
    )
    try:
        assert runner.order(order) is not None
        qtbot.waitUntil(lambda: runner.running is None, timeout=_PATIENCE)
        said = (runner.store.place("my-noise") / "said.txt").read_text("utf-8")
        assert runner.training("my-noise").state is StepState.DONE, said
        rig.open("a.png")
        box = rig.window.adjustments.findChild(ModelChoice).findChild(QComboBox)
        index = next(i for i in range(box.count()) if box.itemText(i).startswith("My noise"))
        box.setCurrentIndex(index)
        box.activated.emit(index)
    finally:
        flow.close()
    request = rig.session.request_for(rig.current)
    assert request.adapter == runner.adapter("my-noise")
    queue = JobQueue(tmp_path / "real", rig.courier.post, open_engine=EngineProcess)
    try:
        (job,) = queue.add_previews([request])
        qtbot.waitUntil(lambda: job.state.ended, timeout=_PATIENCE)
        assert job.state is JobState.DONE, job.error
    finally:
        queue.close()
