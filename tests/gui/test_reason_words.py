"""What was found in a photo, in another language."""

import re

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from pytestqt.qtbot import QtBot

from engine.reasons import Reason, about_size
from engine.resources import resource
from restorer_app.gui.panel.reason_words import SENTENCES, reason_words
from tests.engine.test_reasons import templates

EDGES = "No edge is sharp: all are {:.1f} pixels wide or more."


def test_every_sentence_of_the_engine_can_be_translated() -> None:
    assert set(SENTENCES) == templates()


def test_numbers_stand_in_the_translation(qtbot: QtBot) -> None:
    del qtbot
    assert reason_words(about_size(40, 30)) == "Very small: 40 × 30 pixels."
    german = QTranslator()
    assert german.load(str(resource("translations", "restorer_de.qm")))
    for sentence in SENTENCES:
        said = german.translate("Reasons", sentence)
        assert said, sentence
        assert re.findall(r"{.*?}", said) == re.findall(r"{.*?}", sentence), said
    QCoreApplication.installTranslator(german)
    try:
        assert reason_words(about_size(40, 30)) == "Sehr klein: 40 × 30 Pixel."
        assert reason_words("Something else.") == "Something else."
        QLocale.setDefault(QLocale("de"))
        assert "mindestens 3,4 Pixel" in reason_words(Reason(EDGES, 3.42))
    finally:
        QLocale.setDefault(QLocale.system())
        QCoreApplication.removeTranslator(german)
