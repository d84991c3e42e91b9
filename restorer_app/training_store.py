"""Trainings on disk: a folder each, with a file that says what was ordered and how far it is.

The file is written whole or not at all. A step that was running when the program was killed is one
that was stopped: its checkpoints are in the folder, and it can go on.
"""

from __future__ import annotations

import json
import logging
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import CannotSave
from engine.whole_file import whole_file
from restorer_app.jobs import JobError
from restorer_app.places import trainings_folder
from restorer_app.training_log import share_done
from restorer_app.training_plan import run_folder
from restorer_app.trainings import Act, StepState, Training, TrainingOrder, TrainingStep, begun
from restorer_app.user_presets import slug

if TYPE_CHECKING:
    from collections.abc import Mapping

log = logging.getLogger(__name__)

FILE = "training.json"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Shelved:
    """What lies in the folder of trainings."""

    trainings: tuple[Training, ...]
    """The latest first."""
    damaged: tuple[str, ...] = ()
    """Names of folders whose file cannot be read; they are left as they are."""


class TrainingStore:
    """The trainings in one folder, the user's own by default."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or trainings_folder()

    def place(self, name: str) -> Path:
        """The folder of a training, whether it is there or not."""
        return self.folder / name

    def load(self) -> Shelved:
        """All trainings; those that were running are stopped ones now."""
        found, damaged = [], []
        for path in sorted(self.folder.glob(f"*/{FILE}")):
            try:
                found.append(_settled(_read(path), run_folder(path.parent)))
            except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
                log.warning("%s is left alone: %s", path, error)
                damaged.append(path.parent.name)
        found.sort(key=lambda training: training.began, reverse=True)
        return Shelved(tuple(found), tuple(damaged))

    def name_for(self, title: str) -> str:
        """What the folder of a training with this title is called; empty if nothing is left."""
        return slug(title)

    def is_taken(self, title: str) -> bool:
        """Whether there is a folder of that name already, whatever lies in it."""
        return self.place(self.name_for(title)).exists()

    def create(self, order: TrainingOrder) -> Training:
        """Make the folder of a new training.

        Raises `CannotSave` where its name is taken, or the disk does not let us.
        """
        name = self.name_for(order.title)
        training = begun(name, order, datetime.now().astimezone().isoformat(timespec="seconds"))
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.place(name).mkdir()
        except FileExistsError as error:
            raise CannotSave(
                f"There is a training called “{name}” already.", "Give this one another name."
            ) from error
        except OSError as error:
            raise cannot_save(self.folder, error) from error
        self.save(training)
        return training

    def save(self, training: Training) -> None:
        """Write how far a training is; raises `CannotSave`."""
        path = self.place(training.name) / FILE
        text = json.dumps(_plain(training), indent=2) + "\n"
        try:
            with whole_file(path, overwrite=True) as file:
                file.write(text.encode())
        except OSError as error:
            raise cannot_save(path.parent, error) from error

    def remove(self, name: str) -> None:
        """Remove a training with its adapter and checkpoints; raises `CannotSave`.

        The file that names it goes last, so that what could not be removed is still listed. A
        folder that somebody else has removed already is none to complain of.
        """
        place = self.place(name)
        try:
            if not place.exists():
                return
            for part in place.iterdir():
                if part.is_dir() and not part.is_symlink():
                    shutil.rmtree(part)
                elif part.name != FILE:
                    part.unlink()
            (place / FILE).unlink(missing_ok=True)
            place.rmdir()
        except OSError as error:
            raise CannotSave(
                f"“{place}” cannot be removed: {error.strerror}.",
                "Ask for the right to write there.",
            ) from error


def cannot_save(folder: Path, error: OSError) -> CannotSave:
    """That a training cannot be written to its folder."""
    return CannotSave(
        f"The training cannot be kept in “{folder}”: {error.strerror}.",
        "Make room there, or ask for the right to write there.",
    )


def _plain(training: Training) -> Mapping[str, object]:
    order = asdict(training.order)
    photos = training.order.photos
    return {
        "version": _VERSION,
        "began": training.began,
        "order": order | {"photos": None if photos is None else str(photos)},
        "steps": [
            {"act": str(s.act), "state": str(s.state), "done": s.done} for s in training.steps
        ],
        "error": None if training.error is None else asdict(training.error),
    }


def _read(path: Path) -> Training:
    """Raises `OSError`, `ValueError`, `TypeError` or `KeyError`."""
    table = json.loads(path.read_text(encoding="utf-8"))
    if table["version"] != _VERSION:
        raise ValueError(f"it is of version {table['version']}, which is not known here")
    order, photos = dict(table["order"]), table["order"]["photos"]
    order["photos"] = None if photos is None else Path(photos)
    made = TrainingOrder(**order)
    steps = tuple(
        TrainingStep(act=Act(s["act"]), state=StepState(s["state"]), done=float(s["done"]))
        for s in table["steps"]
    )
    if tuple(step.act for step in steps) != made.acts:
        raise ValueError("its steps are not those of its order")
    error = table["error"]
    return Training(
        name=path.parent.name,
        order=made,
        steps=steps,
        began=str(table["began"]),
        error=None if error is None else JobError(**error),
    )


def _settled(training: Training, run: Path) -> Training:
    """What a killed program left as running is stopped, and as far as its own log says."""
    step = training.current
    if not step.state.busy:
        return training
    done = share_done(run) if step.act.learns else 0.0
    steps = tuple(
        replace(one, state=StepState.STOPPED, done=done) if one is step else one
        for one in training.steps
    )
    return replace(training, steps=steps)
