"""Trainings for the tour: made up, one of them through and one stopped on its way."""

from __future__ import annotations

import json
import math
from pathlib import Path

from restorer_app.training_log import FILE
from restorer_app.training_plan import adapter_file, run_folder
from restorer_app.training_store import TrainingStore
from restorer_app.trainings import Act, StepState, Training, TrainingOrder

_POINTS = 120


def trainings_for_tour(folder: Path) -> TrainingStore:
    """A store with two trainings that were never done; nothing can be restored with them."""
    store = TrainingStore(folder)
    photos = Path("Pictures") / "good ones"
    lite = TrainingOrder(title="My camera at ISO 6400", task="denoise", photos=photos)
    done = store.create(lite)
    _write_losses(store, done, 1.0)
    adapter = adapter_file(lite, store.place(done.name))
    adapter.parent.mkdir()
    adapter.touch()
    store.save(done.with_step(Act.PREDICTOR, state=StepState.DONE, done=1.0))
    flux = TrainingOrder(
        title="Leaves in autumn", model="flux-nano", pictures=200, recipe="flux", hours=2
    )
    stopped = store.create(flux)
    for act in flux.acts[:-1]:
        stopped = stopped.with_step(act, state=StepState.DONE, done=1.0)
    _write_losses(store, stopped, 0.4)
    store.save(stopped.with_step(Act.ADAPTER, state=StepState.STOPPED, done=0.4))
    return store


def _write_losses(store: TrainingStore, training: Training, end: float) -> None:
    """A log of losses that fall as they do, up to the share `end` of the training."""
    run = run_folder(store.place(training.name))
    run.mkdir()
    with (run / FILE).open("w", encoding="utf-8") as file:
        for index in range(1, round(end * _POINTS) + 1):
            done = index / _POINTS
            loss = 0.08 + 0.3 * math.exp(-6 * done) + 0.004 * math.sin(2.7 * index)
            file.write(json.dumps({"done": done, "loss": {"loss": loss}}) + "\n")
