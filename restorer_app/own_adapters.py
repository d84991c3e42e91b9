"""The adapters that the user has trained, as choices for a photo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.shelf import is_there
from restorer_app.training_plan import adapter_file
from restorer_app.trainings import StepState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from restorer_app.training_store import TrainingStore
    from restorer_app.trainings import Training


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAdapter:
    """An adapter file, and what it was made for."""

    title: str
    name: str
    """Of its training's folder."""
    path: Path
    model: str
    task: str = ""
    """What an adapter of the predictor is for; empty for those of all others."""


def own_adapters(store: TrainingStore, trainings: Iterable[Training]) -> list[OwnAdapter]:
    """Those of the trainings that are through and whose file is there, in their order."""
    found = []
    for training in trainings:
        order, path = training.order, adapter_file(training.order, store.place(training.name))
        if training.state is StepState.DONE and is_there(path):
            own = OwnAdapter(
                title=order.title,
                name=training.name,
                path=path,
                model=order.model,
                task=order.task,
            )
            found.append(own)
    return found


def adapters_called(name: str, adapters: Iterable[OwnAdapter]) -> list[OwnAdapter]:
    """The one with this name, or those with this title: several only where folders were copied."""
    there = list(adapters)
    named = [own for own in there if own.name == name]
    return named or [own for own in there if own.title == name]
