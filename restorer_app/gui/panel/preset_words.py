"""What presets are called in the language of the window."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from engine.preset import Preset

_CONTEXT = "Preset"


def preset_title(preset: Preset) -> str:
    """The title, translated if the preset ships with the program."""
    return QCoreApplication.translate(_CONTEXT, preset.title)


def preset_summary(preset: Preset) -> str:
    """One line: what it does and when to take it."""
    return QCoreApplication.translate(_CONTEXT, preset.summary)


def preset_note(preset: Preset) -> str:
    """What to know before trusting it, with a capital; empty for one that proved itself."""
    if not preset.experimental:
        return ""
    note = QCoreApplication.translate(_CONTEXT, preset.note)
    return note[:1].upper() + note[1:]


SHIPPED = (
    QT_TRANSLATE_NOOP("Preset", "Auto"),
    QT_TRANSLATE_NOOP("Preset", "Clean up JPEG"),
    QT_TRANSLATE_NOOP(
        "Preset",
        "Removes blocks and ringing from compressed or often re-saved pictures.",
    ),
    QT_TRANSLATE_NOOP(
        "Preset",
        "Looks at the photo and picks preset and strength; leaves good photos alone.",
    ),
    QT_TRANSLATE_NOOP("Preset", "Deblur"),
    QT_TRANSLATE_NOOP("Preset", "Sharpens missed focus and light camera shake."),
    QT_TRANSLATE_NOOP("Preset", "Dehaze"),
    QT_TRANSLATE_NOOP(
        "Preset",
        "Takes haze, mist and smog away, brings colours back, and removes noise that shows up.",
    ),
    QT_TRANSLATE_NOOP("Preset", "Denoise"),
    QT_TRANSLATE_NOOP(
        "Preset",
        "Removes camera noise and grain and keeps fine detail; for high ISO and small sensors.",
    ),
    QT_TRANSLATE_NOOP("Preset", "Remove rain"),
    QT_TRANSLATE_NOOP("Preset", "Removes rain streaks."),
    QT_TRANSLATE_NOOP("Preset", "Remove snow"),
    QT_TRANSLATE_NOOP("Preset", "Removes falling snow."),
    QT_TRANSLATE_NOOP("Preset", "Brighten"),
    QT_TRANSLATE_NOOP(
        "Preset",
        "Lifts underexposed photos and shadows against the light and removes noise that shows up.",
    ),
    QT_TRANSLATE_NOOP("Preset", "Old photo"),
    QT_TRANSLATE_NOOP(
        "Preset",
        "Finds scratches and dust on scanned prints, fills them, and revives faded colours.",
    ),
    QT_TRANSLATE_NOOP("Preset", "Enlarge"),
    QT_TRANSLATE_NOOP(
        "Preset",
        "Makes a small picture two or four times as large with crisp edges.",
    ),
)
"""Every text of the shipped presets, where the translators' tools find it."""
