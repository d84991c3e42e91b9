"""What is said of a training, in the language of the window."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from restorer_app.gui.look.translations import QT_TRANSLATE_NOOP, as_written
from restorer_app.gui.models.model_words import model_title, size
from restorer_app.gui.models.model_work_words import full_stop
from restorer_app.gui.sentences.sentence_words import said
from restorer_app.gui.spoken_time import time_left
from restorer_app.training_checks import Objection
from restorer_app.trainings import PREDICTOR, Act, StepState

if TYPE_CHECKING:
    from restorer_app.jobs import JobError
    from restorer_app.training_checks import Doubt
    from restorer_app.trainings import Training, TrainingOrder, TrainingStep

TASKS = {
    "denoise": QT_TRANSLATE_NOOP("Training", "Noise"),
    "artifacts": QT_TRANSLATE_NOOP("Training", "JPEG artifacts"),
    "deblur": QT_TRANSLATE_NOOP("Training", "Blur"),
    "derain": QT_TRANSLATE_NOOP("Training", "Rain"),
    "desnow": QT_TRANSLATE_NOOP("Training", "Snow"),
}
_ACTS = {
    Act.GENERATE: QT_TRANSLATE_NOOP("Training", "Flux paints pictures"),
    Act.SELECT: QT_TRANSLATE_NOOP("Training", "The good ones are picked"),
    Act.LATENTS: QT_TRANSLATE_NOOP("Training", "Pairs are prepared"),
    Act.ADAPTER: QT_TRANSLATE_NOOP("Training", "The adapter learns"),
    Act.DRAFTS: QT_TRANSLATE_NOOP("Training", "Pairs are prepared"),
    Act.TEXTURE: QT_TRANSLATE_NOOP("Training", "The adapter learns"),
    Act.PREDICTOR: QT_TRANSLATE_NOOP("Training", "The adapter learns"),
}
_STATES = {
    StepState.WAITING: QT_TRANSLATE_NOOP("Training", "Waiting"),
    StepState.RUNNING: QT_TRANSLATE_NOOP("Training", "Running"),
    StepState.STOPPING: QT_TRANSLATE_NOOP("Training", "Stopping…"),
    StepState.DONE: QT_TRANSLATE_NOOP("Training", "Done"),
    StepState.FAILED: QT_TRANSLATE_NOOP("Training", "Failed"),
    StepState.STOPPED: QT_TRANSLATE_NOOP("Training", "Stopped"),
}
_DOUBTS = {
    Objection.NO_NAME: QT_TRANSLATE_NOOP(
        "Training", "Give the training a name, with letters or digits."
    ),
    Objection.NAME_TAKEN: QT_TRANSLATE_NOOP(
        "Training", "There is a training called “{what}” already. Give this one another name."
    ),
    Objection.NO_FOLDER: QT_TRANSLATE_NOOP(
        "Training", "There is no folder “{what}”. Choose one with clean photos."
    ),
    Objection.UNREADABLE: QT_TRANSLATE_NOOP(
        "Training", "“{what}” may not be read. Choose another folder."
    ),
    Objection.FEW_PHOTOS: QT_TRANSLATE_NOOP(
        "Training",
        "Too few photos lie in “{what}”: {found}, and at least {needed} are needed. JPEG, PNG, TIFF"
        " and WebP count.",
    ),
    Objection.MANY_PHOTOS: QT_TRANSLATE_NOOP(
        "Training",
        "All photos in “{what}” would take {needed} of memory, and this computer has {found}."
        " Choose a folder with fewer or smaller ones.",
    ),
    Objection.NO_RECIPE: QT_TRANSLATE_NOOP(
        "Training", "“{what}” is no recipe. Choose another file, or one of ours."
    ),
    Objection.NO_TASK: QT_TRANSLATE_NOOP(
        "Training", "The recipe “{what}” does not teach this. Choose another one."
    ),
    Objection.NO_SPACE: QT_TRANSLATE_NOOP(
        "Training",
        "The training takes up to {needed}, and {found} are free in “{what}”. Make room there.",
    ),
}
_FAILURES = {
    "WorkerDied": (
        QT_TRANSLATE_NOOP("Training", "It was ended from outside, perhaps for lack of memory."),
        QT_TRANSLATE_NOOP("Training", "Close other programs, and go on where it was."),
    ),
    "TrainingDied": (
        QT_TRANSLATE_NOOP("Training", "It broke off: {}"),
        QT_TRANSLATE_NOOP("Training", "The file said.txt in its folder tells more."),
    ),
    "CannotStart": (
        QT_TRANSLATE_NOOP("Training", "It cannot be started: {}"),
        QT_TRANSLATE_NOOP("Training", "Install the program anew."),
    ),
}
_BYTES = (Objection.MANY_PHOTOS, Objection.NO_SPACE)


def _tr(text: str) -> str:
    """A text that is named above."""
    return QCoreApplication.translate("Training", text)


def task_title(task: str) -> str:
    """What an adapter of the predictor helps against."""
    return _tr(TASKS[task])


def aim(order: TrainingOrder) -> str:
    """What is trained, and from what, in a line."""
    translate = QCoreApplication.translate
    if order.model == PREDICTOR:
        what = translate("Training", "Against: {}").format(task_title(order.task))
    else:
        what = translate("Training", "For {}").format(model_title(order.model))
    if order.photos is None:
        source = translate("Training", "{} pictures of its own").format(order.pictures)
    else:
        source = translate("Training", "photos in {}").format(order.photos)
    hours = translate("Training", "{} h").format(as_written(f"{order.hours:g}"))
    return " · ".join((what, source, hours))


def act_title(act: Act) -> str:
    """What a step does."""
    return _tr(_ACTS[act])


def state_title(state: StepState) -> str:
    """How a training or a step stands."""
    return _tr(_STATES[state])


def step_line(step: TrainingStep) -> str:
    """How far a step is, or how it stands."""
    translate = QCoreApplication.translate
    if step.state is not StepState.RUNNING:
        started = step.state in (StepState.STOPPED, StepState.FAILED) and step.act.learns
        share = f" · {100 * step.done:.0f} %" if started and step.done else ""
        return state_title(step.state) + share
    parts = [f"{100 * step.done:.0f} %"]
    if counted := re.fullmatch(r"step (\d+)", step.stage):
        parts.append(translate("Training", "step {}").format(counted[1]))
    if counted := re.fullmatch(r"picture (\d+) of (\d+)", step.stage):
        parts.append(translate("Training", "picture {} of {}").format(*counted.groups()))
    if left := time_left(step.seconds_left):
        parts.append(translate("Training", "{} left").format(left))
    return " · ".join(parts)


def doubt_line(doubt: Doubt) -> str:
    """What speaks against a training, and what to do about it."""
    translate = QCoreApplication.translate
    if doubt.objection is Objection.NO_FOLDER and not doubt.what:
        return translate("Training", "Choose a folder with clean photos.")
    numbers = (doubt.found, doubt.needed)
    in_bytes = doubt.objection in _BYTES
    found, needed = (size(n) if in_bytes else str(n) for n in numbers)
    return _tr(_DOUBTS[doubt.objection]).format(what=doubt.what, found=found, needed=needed)


def failure_line(error: JobError) -> str:
    """Why a training failed, and what to do about it."""
    if error.kind in _FAILURES:
        message, remedy = (_tr(text) for text in _FAILURES[error.kind])
        return f"{full_stop(message.format(said(error.message)))} {remedy}"
    remedy = said(error.remedy)
    if "restorer models" in error.remedy:  # a command, which the page of models stands for
        remedy = QCoreApplication.translate("Models", "See the page of models (Ctrl+Shift+M).")
    return f"{full_stop(said(error.message))} {remedy}".strip()


def outcome(training: Training) -> str:
    """What is to be said of a training as a whole, where its steps do not say it."""
    translate = QCoreApplication.translate
    if training.error is not None:
        return failure_line(training.error)
    match training.state:
        case StepState.RUNNING:
            return translate("Training", "Restoring photos goes on meanwhile, more slowly.")
        case StepState.STOPPED if training.current.act.continues:
            return translate("Training", "What is done is kept. It goes on there.")
        case StepState.STOPPED:
            return translate("Training", "This step begins anew when it goes on.")
    return ""
