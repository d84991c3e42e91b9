"""What steps that can be undone, and stages of work, are called in the language of the window."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

from restorer_app.gui.look.translations import QT_TRANSLATE_NOOP

STEPS = (
    QT_TRANSLATE_NOOP("Steps", "Strength"),
    QT_TRANSLATE_NOOP("Steps", "Detail"),
    QT_TRANSLATE_NOOP("Steps", "Colour"),
    QT_TRANSLATE_NOOP("Steps", "Grain"),
    QT_TRANSLATE_NOOP("Steps", "Faces"),
    QT_TRANSLATE_NOOP("Steps", "Preset"),
    QT_TRANSLATE_NOOP("Steps", "Size"),
    QT_TRANSLATE_NOOP("Steps", "Seed"),
    QT_TRANSLATE_NOOP("Steps", "Sensitivity"),
    QT_TRANSLATE_NOOP("Steps", "Model"),
    QT_TRANSLATE_NOOP("Steps", "Adapter"),
    QT_TRANSLATE_NOOP("Steps", "Damage mask"),
    QT_TRANSLATE_NOOP("Steps", "Brush"),
    QT_TRANSLATE_NOOP("Steps", "Reset all"),
    QT_TRANSLATE_NOOP("Steps", "Variant {}"),
    QT_TRANSLATE_NOOP("Steps", "Paste settings to {}"),
)
STAGES = {
    "starting": QT_TRANSLATE_NOOP("Stages", "Starting"),
    "measuring": QT_TRANSLATE_NOOP("Stages", "Reading the blur"),
    "predicting": QT_TRANSLATE_NOOP("Stages", "Restoring"),
    "restoring": QT_TRANSLATE_NOOP("Stages", "Restoring"),
    "painting": QT_TRANSLATE_NOOP("Stages", "Painting texture"),
    "composing": QT_TRANSLATE_NOOP("Stages", "Mixing"),
    "saving": QT_TRANSLATE_NOOP("Stages", "Saving"),
    "stopping": QT_TRANSLATE_NOOP("Stages", "Stopping"),
}


def step_title(title: str) -> str:
    """A step's title as the session gives it, such as “Preset: Denoise” or “Variant 2: Auto”."""
    head, colon, what = title.partition(": ")
    words, _, number = head.rpartition(" ")
    if re.fullmatch(r"\d+", number):
        counted = words + " {}"
        said = QCoreApplication.translate("Steps", counted).format(number)
    else:
        said = QCoreApplication.translate("Steps", head)
    # what stands behind the colon is the title of a preset, or a number
    return said + colon + QCoreApplication.translate("Preset", what) if colon else said


def stage_title(stage: str) -> str:
    """A stage of a job; one that has no name here is shown as it is."""
    return QCoreApplication.translate("Stages", STAGES[stage]) if stage in STAGES else stage
