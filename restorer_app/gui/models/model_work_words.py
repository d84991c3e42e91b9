"""What is said of the work on a model, in the language of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from restorer_app.gui.look.translations import QT_TRANSLATE_NOOP, decimal
from restorer_app.gui.models.model_words import size
from restorer_app.gui.sentences.sentence_words import said
from restorer_app.gui.spoken_time import time_left
from restorer_app.model_tasks import Doing, Kind, TaskState

if TYPE_CHECKING:
    from restorer_app.jobs import JobError
    from restorer_app.model_tasks import Figures, Task

_REMEDIES = {
    "NoNetwork": QT_TRANSLATE_NOOP(
        "Models", "Check the connection; the download goes on where it stopped."
    ),
    "ServerBusy": QT_TRANSLATE_NOOP(
        "Models", "Try again a little later; the download goes on where it stopped."
    ),
    "DownloadFailed": QT_TRANSLATE_NOOP(
        "Models", "Try again; the download goes on where it stopped."
    ),
    "WeightsGone": QT_TRANSLATE_NOOP(
        "Models", "Update the program, or fetch the file by hand and import it from its folder."
    ),
    "GatedWeights": QT_TRANSLATE_NOOP(
        "Models", "Accept the licence on the model's page, and keep your token below."
    ),
    "WrongWeights": QT_TRANSLATE_NOOP("Models", "Remove what is here and download it again."),
    "DownloadRunning": QT_TRANSLATE_NOOP(
        "Models", "Wait until the other program is through, or end it."
    ),
    "NoSpace": QT_TRANSLATE_NOOP("Models", "Make room on that disk, and try again."),
    "NotAllowed": QT_TRANSLATE_NOOP("Models", "Read the licence, and accept it above."),
}
"""What to do about an error here, where the engine's own words speak of commands."""


def progress(task: Task) -> str:
    """Where work that has not ended is."""
    translate = QCoreApplication.translate
    if task.state is TaskState.WAITING:
        return translate("Models", "Waits for the work on another model.")
    if task.state is TaskState.STOPPING:
        return translate("Models", "Stopping…")
    if task.kind is Kind.REMOVE:
        return translate("Models", "Removing…")
    figures, parts = task.figures, []
    match figures.doing:
        case Doing.CHECKING:
            parts = [translate("Models", "checking")]
        case Doing.COPYING:
            parts = [translate("Models", "copying")]
        case Doing.WAITING:
            parts = [translate("Models", "waiting for the server")]
        case Doing.ENCODING:
            parts = [translate("Models", "encoding the words it follows")]
        case Doing.FETCHING if task.kind is Kind.DOWNLOAD:
            parts = _arrival(figures)
    return " · ".join([f"{100 * figures.done:.0f} %", *parts])


def _arrival(figures: Figures) -> list[str]:
    """How much has come, how fast, and how long the rest takes."""
    translate = QCoreApplication.translate
    if figures.total is None:
        parts = [size(figures.bytes)]
    else:
        here, whole = size(figures.bytes), size(figures.total)
        parts = [translate("Models", "{here} of {whole}").format(here=here, whole=whole)]
    if figures.rate is not None:
        parts.append(f"{decimal(figures.rate / 1e6)} MB/s")
    if left := time_left(figures.seconds_left):
        parts.append(translate("Models", "{} left").format(left))
    return parts


def outcome(task: Task) -> str:
    """What came of work that has ended, where that is not seen anyway."""
    translate = QCoreApplication.translate
    if task.error is not None:
        return explained(task.error)
    if task.state is TaskState.STOPPED and task.kind is Kind.DOWNLOAD:
        return translate("Models", "Stopped. What has come stays here.")
    if task.kind is Kind.CHECK and task.state is TaskState.DONE:
        if not task.faults:
            return translate("Models", "Checked: every file is as it came.")
        faults = " ".join(full_stop(said(fault)) for fault in task.faults)
        return f"{faults} {translate('Models', _REMEDIES['WrongWeights'])}"
    if task.kind is Kind.REMOVE and task.state is TaskState.DONE:
        return translate("Models", "Removed; {} are free again.").format(size(task.freed))
    return ""


def explained(error: JobError) -> str:
    """What went wrong, and what to do about it, as sentences."""
    return f"{full_stop(said(error.message))} {remedy(error)}".strip()


def remedy(error: JobError) -> str:
    """What to do about an error, in the window."""
    if error.kind in _REMEDIES:
        return QCoreApplication.translate("Models", _REMEDIES[error.kind])
    if "restorer models" in error.remedy:  # a command, which the page stands for
        return QCoreApplication.translate("Models", "See the page of models (Ctrl+Shift+M).")
    return said(error.remedy)


def full_stop(sentence: str) -> str:
    """A sentence of the engine's, which come without their full stop."""
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."
