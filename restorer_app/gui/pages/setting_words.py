"""The words of the settings page, where the translators' tools find them."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

SETTING_WORDS = (
    QT_TRANSLATE_NOOP("Settings", "Appearance"),
    QT_TRANSLATE_NOOP(
        "Settings",
        "Neutral greys around the photo, so that no colour of the window misleads the eye.",
    ),
    QT_TRANSLATE_NOOP("Settings", "Dark"),
    QT_TRANSLATE_NOOP("Settings", "Mid grey"),
    QT_TRANSLATE_NOOP("Settings", "Light"),
    QT_TRANSLATE_NOOP("Settings", "Size of texts and buttons"),
    QT_TRANSLATE_NOOP(
        "Settings", "Photos are not affected: 100 % stays one photo pixel per screen pixel."
    ),
    QT_TRANSLATE_NOOP("Settings", "Language"),
    QT_TRANSLATE_NOOP("Settings", "Changes at once."),
    QT_TRANSLATE_NOOP("Settings", "As the system"),
    QT_TRANSLATE_NOOP("Settings", "English"),
    QT_TRANSLATE_NOOP("Settings", "Deutsch"),
    QT_TRANSLATE_NOOP("Settings", "Reduced motion"),
    QT_TRANSLATE_NOOP("Settings", "Nothing slides or pulses."),
    QT_TRANSLATE_NOOP("Settings", "Start maximised"),
    QT_TRANSLATE_NOOP("Settings", "Fill the screen at every start."),
    QT_TRANSLATE_NOOP("Settings", "Profile of the screen"),
    QT_TRANSLATE_NOOP(
        "Settings", "The .icc file of your calibrated screen. Empty: the screen is taken as sRGB."
    ),
    QT_TRANSLATE_NOOP("Settings", "Restore at once"),
    QT_TRANSLATE_NOOP("Settings", "Begin with the chosen preset as soon as a photo is opened."),
    QT_TRANSLATE_NOOP("Settings", "Ask before removing"),
    QT_TRANSLATE_NOOP("Settings", "Ask before photos are taken off the list."),
    QT_TRANSLATE_NOOP("Settings", "Ask before quitting"),
    QT_TRANSLATE_NOOP("Settings", "Ask when photos are still being restored."),
    QT_TRANSLATE_NOOP("Settings", "Go on after an interruption"),
    QT_TRANSLATE_NOOP(
        "Settings",
        "Photos that were left undone, by a crash or a power cut, are taken up at the start.",
    ),
    QT_TRANSLATE_NOOP("Settings", "Disk space for results (GB)"),
    QT_TRANSLATE_NOOP(
        "Settings", "Results are kept while the program runs, so that you can flip between them."
    ),
    QT_TRANSLATE_NOOP("Settings", "Compute on"),
    QT_TRANSLATE_NOOP(
        "Settings", "Automatic takes the graphics card if there is one that can be used."
    ),
    QT_TRANSLATE_NOOP("Settings", "Automatic"),
    QT_TRANSLATE_NOOP("Settings", "Processor"),
    QT_TRANSLATE_NOOP("Settings", "NVIDIA card"),
    QT_TRANSLATE_NOOP("Settings", "Apple"),
)
"""Titles, explanations and choices of the fields of `Settings`."""
