"""What the engine says of errors and notes, in another language."""

from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.errors import BadPhoto, CannotSave, OutOfMemory
from engine.files import load
from engine.resources import resource
from restorer_app.gui.sentences.sentence_parts import LOOSE
from restorer_app.gui.sentences.sentence_words import TEMPLATES, said
from tests.gui.rig import Rig
from tests.sentences_in_source import sentences, shape

EXAMPLES = {
    "“a.jpg” does not exist. Check the name and the folder.": (
        "„a.jpg“ gibt es nicht. Prüfen Sie Namen und Ordner."
    ),
    "“a. b. c.jpg” cannot be written: the name is too long.": (
        "„a. b. c.jpg“ lässt sich nicht schreiben: Der Name ist zu lang."
    ),
    "“a.jpg” is left out: “con” is a name that Windows keeps for itself.": (
        "„a.jpg“ wird ausgelassen: „con“ ist ein Name, den Windows für sich behält."
    ),
    "“{foo}” means nothing here; there are {name} {n}.": (
        "„{foo}“ bedeutet hier nichts; es gibt {name} {n}."
    ),
    "“a.tif” is too large: it has 1,234 megapixels, and 600 is the limit.": (
        "„a.tif“ ist zu groß: Es hat 1.234 Megapixel, und 600 ist die Grenze."
    ),
    "The disk of /x has 3.4 GB free, and 12.0 GB are needed": (
        "Auf der Platte von /x sind 3,4 GB frei, und 12,0 GB sind nötig"
    ),
    "FLUX.1 schnell does not fit: an RTX 3060 has 7.9 GB free, 12.3 are needed": (
        "FLUX.1 schnell passt nicht: an RTX 3060 hat 7,9 GB frei, nötig sind 12,3"
    ),
    "a.toml has an unknown entry “x”": "a.toml hat einen unbekannten Eintrag „x“",
    "a.toml has an unknown entry “x”; did you mean “y”?": (
        "a.toml hat einen unbekannten Eintrag „x“; meinten Sie „y“?"
    ),
    "flux has no prompt for “Old photo”": "flux hat keinen Prompt für „Altes Foto“",
    "x cannot be written: [Errno 13] Permission denied: '/x'": (
        "x lässt sich nicht schreiben: Keine Berechtigung: „/x“ (Fehler 13)"
    ),
    "What nobody knows. Save it as TIFF.": "What nobody knows. Speichern Sie es als TIFF.",
    "“a.jpg” is of a kind that nobody knows.": "“a.jpg” is of a kind that nobody knows.",
    "": "",
}


@pytest.fixture
def german(qtbot: QtBot) -> Iterator[QTranslator]:
    del qtbot
    translator = QTranslator()
    assert translator.load(str(resource("translations", "restorer_de.qm")))
    QCoreApplication.installTranslator(translator)
    QLocale.setDefault(QLocale("de"))
    yield translator
    QLocale.setDefault(QLocale.system())
    QCoreApplication.removeTranslator(translator)


def test_every_sentence_that_the_window_may_show_can_be_translated() -> None:
    """One that fails here is to be added to a table of `sentence_words`, with its German."""
    known = {shape(template) for template in TEMPLATES}
    # Commands, which the page of models stands for (`model_work_words.remedy`).
    spoken = {s: place for s, place in sentences().items() if "restorer models" not in s}
    missing = [f"{place}: {said}" for said, place in spoken.items() if said not in known]
    assert missing == []
    assert known - spoken.keys() <= {shape(template) for template in LOOSE}
    assert len(known) == len(TEMPLATES)


def test_the_source_is_read_as_it_is_meant() -> None:
    found = sentences()
    assert len(found) > 400
    assert "“{}” does not exist" in found  # through a name for the file in quotation marks
    assert "is empty" in found  # a part, of which `load` makes the sentence
    assert "the folder does not exist" in found  # out of a table
    assert "It holds {} pages; only the first was read" in found  # a note
    assert "Choose another folder" in found  # a remedy
    assert "“{}” exists already and is left as it is" in found
    assert "There is no file {}" not in found  # which only the command line says


def test_german_has_every_sentence_with_its_values(german: QTranslator) -> None:
    for template in TEMPLATES:
        words = german.translate("Sentences", template)
        assert words, template
        assert values(words) == values(template), words
        assert words.endswith(".") == template.endswith("."), words


def test_sentences_in_english_stay_as_they_are(qtbot: QtBot) -> None:
    del qtbot
    QLocale.setDefault(QLocale("en"))
    for sentence in EXAMPLES:
        assert said(sentence) == sentence
    QLocale.setDefault(QLocale.system())


@pytest.mark.parametrize("sentence", EXAMPLES)
def test_sentences_in_german(german: QTranslator, sentence: str) -> None:
    assert said(sentence) == EXAMPLES[sentence]


def test_no_template_is_taken_for_another(german: QTranslator) -> None:
    fitting = {"free": "1", "megapixels": "1", "memory": "1", "most": "1", "needed": "1"}
    fitting |= {"reach": "1.5", "state": "is empty", "fault": "it is no GGUF file", "hint": ""}
    told = {"state": "ist leer", "fault": "Es ist keine GGUF-Datei", "reach": "1,5"}
    for template in TEMPLATES:
        names = {name: fitting.get(name, "X.jpg") for name in values(template)}
        words = german.translate("Sentences", template)
        assert said(template.format(**names)) == words.format(**{**names, **told})


def test_long_texts_are_no_sentences(german: QTranslator) -> None:
    for text in ("Save it as TIFF. " * 20, "“a” is empty." + "x" * 2000):
        assert said(text) == text


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (BadPhoto("x"), "Öffnen Sie die Datei in einem anderen Programm"),
        (CannotSave("x"), "Wählen Sie einen anderen Ort"),
        (OutOfMemory("x"), "Schließen Sie andere Programme"),
    ],
)
def test_remedies_of_errors(german: QTranslator, error: BadPhoto, remedy: str) -> None:
    assert said(error.remedy).startswith(remedy)


def test_what_the_engine_raises_is_known(german: QTranslator, tmp_path: Path) -> None:
    path = tmp_path / "notes.jpg"
    path.write_text("no picture")
    with pytest.raises(BadPhoto) as raised:
        load(path)
    assert said(raised.value.message) == (
        "„notes.jpg“ ist kein Bild in einem Format, das dieses Programm liest."
    )


def test_the_window_says_why_a_photo_cannot_be_opened(
    german: QTranslator, qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "notes.jpg"
    path.write_text("no picture")
    rig = Rig(qapp, qtbot, tmp_path)
    try:
        rig.session.open([path])
        (entry,) = rig.window.film.entries
        assert entry.note.startswith("„notes.jpg“ ist kein Bild")
        assert rig.current.error.startswith("“notes.jpg” is not")  # as it stands in the log
    finally:
        rig.close()


def values(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}
