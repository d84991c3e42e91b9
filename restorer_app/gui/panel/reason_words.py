"""What was found in a photo, in the language of the window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.reasons import Reason
from restorer_app.gui.look.translations import QT_TRANSLATE_NOOP, as_written

SENTENCES = (
    QT_TRANSLATE_NOOP("Reasons", "Nothing was found that needs restoring."),
    QT_TRANSLATE_NOOP("Reasons", "Too small to judge."),
    QT_TRANSLATE_NOOP("Reasons", "It may be an old print: if it is, choose “Old photo” yourself."),
    QT_TRANSLATE_NOOP("Reasons", "Very small: {} × {} pixels."),
    QT_TRANSLATE_NOOP("Reasons", "Noise of about {:.0f} levels of 255."),
    QT_TRANSLATE_NOOP("Reasons", "Camera noise of about 1 level of 255."),
    QT_TRANSLATE_NOOP("Reasons", "Camera noise of about {} levels of 255."),
    QT_TRANSLATE_NOOP("Reasons", "Strong JPEG compression, of quality {:.0f} or so."),
    QT_TRANSLATE_NOOP("Reasons", "The blocks of a strong JPEG compression show."),
    QT_TRANSLATE_NOOP(
        "Reasons", "The camera moved: edges are softest at {:.0f}° to the horizontal."
    ),
    QT_TRANSLATE_NOOP("Reasons", "No edge is sharp: all are {:.1f} pixels wide or more."),
    QT_TRANSLATE_NOOP("Reasons", "Blurred: edges become clearer when the blur is taken out."),
    QT_TRANSLATE_NOOP(
        "Reasons",
        "One blur lies over the whole photo, about {:.0f} pixels wide: it was read and taken out.",
    ),
    QT_TRANSLATE_NOOP(
        "Reasons",
        "No blur that lies over the whole photo could be read: it is sharpened as blurs usually"
        " are.",
    ),
    QT_TRANSLATE_NOOP("Reasons", "Very dark: the mean brightness is {:.0%} of white."),
    QT_TRANSLATE_NOOP("Reasons", "Underexposed: the mean brightness is {:.0%} of white."),
    QT_TRANSLATE_NOOP("Reasons", "Haze or fog: even the darkest places reach {:.0%} of white."),
    QT_TRANSLATE_NOOP(
        "Reasons", "Haze or mist: a veil lies over the picture and takes its contrast."
    ),
    QT_TRANSLATE_NOOP("Reasons", "Bright streaks all over, at {:.0f}° to the horizontal."),
    QT_TRANSLATE_NOOP("Reasons", "Rain: bright streaks lie over the picture."),
    QT_TRANSLATE_NOOP("Reasons", "Bright flakes all over the picture."),
    QT_TRANSLATE_NOOP(
        "Reasons", "The marks of an old print: scratches, dust or cracks here and there."
    ),
    QT_TRANSLATE_NOOP(
        "Reasons", "The marks of an old print: scratches, dust or cracks on {:.0%} of it."
    ),
    QT_TRANSLATE_NOOP("Reasons", "Faded: the tones fill only {:.0%} of the range."),
    QT_TRANSLATE_NOOP("Reasons", "Scratches: thin bright lines up to {:.0%} of the picture long."),
    QT_TRANSLATE_NOOP("Reasons", "The look of an old print: grain, faded tones or damage."),
)
"""All templates of `engine.reasons`, so that they are found for translation."""


def reason_words(reason: str) -> str:
    """A sentence that the engine said; any that is no `Reason` as it is."""
    if not isinstance(reason, Reason):
        return reason
    template = QCoreApplication.translate("Reasons", reason.template)
    return template.format(*(_Written(number) for number in reason.numbers))


class _Written(float):
    """A number that is formatted as the language of the window writes it."""

    def __format__(self, spec: str) -> str:
        return as_written(format(float(self), spec or "g"))
