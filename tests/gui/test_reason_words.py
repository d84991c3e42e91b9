"""What was found in a photo, in another language."""

import re

from PySide6.QtCore import QCoreApplication, QTranslator
from pytestqt.qtbot import QtBot

from engine.reasons import about_size
from engine.resources import resource
from restorer_app.gui.reason_words import SENTENCES, reason_words
from tests.engine.test_reasons import templates


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
    finally:
        QCoreApplication.removeTranslator(german)
