"""Theme, icons, words: what all panels share."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QCoreApplication, QSize, QTranslator
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from engine.preset import load_presets
from engine.resources import resource
from restorer_app import gui
from restorer_app.gui.look import icons
from restorer_app.gui.look.elided_label import ElidedLabel
from restorer_app.gui.look.elision import elided
from restorer_app.gui.look.theme import TONES, Look, Tones, contrast, px, role, rows
from restorer_app.gui.look.translations import Languages
from restorer_app.gui.pages.setting_words import SETTING_WORDS
from restorer_app.gui.panel.preset_words import SHIPPED, preset_note, preset_summary, preset_title
from restorer_app.settings import shown_fields

EVERY_THEME = pytest.mark.parametrize("tones", TONES.values(), ids=TONES)
AA_TEXT, AA_CONTROL = 4.5, 3.0
PLACES = re.compile(r"\{\w*\}|%\d")


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    font = qapp.font()
    yield Look(qapp)
    qapp.setStyleSheet("")
    qapp.setFont(font)


@pytest.fixture
def languages(qapp: QApplication) -> Iterator[Languages]:
    languages = Languages(qapp)
    yield languages
    languages.use("en")


@EVERY_THEME
def test_greys_have_no_tint(tones: Tones) -> None:
    greys = ("surround", "window", "panel", "raised", "hover", "field", "line", "edge", "text")
    for name in (*greys, "dim", "disabled"):
        colour = QColor(getattr(tones, name))
        assert colour.red() == colour.green() == colour.blue(), name


@EVERY_THEME
def test_signs_and_accent_are_desaturated(tones: Tones) -> None:
    for name in ("accent", "focus", "good", "warn", "bad"):
        assert QColor(getattr(tones, name)).hslSaturationF() < 0.75, name
    assert QColor(tones.accent).hslSaturationF() < 0.3


@EVERY_THEME
def test_text_reaches_aa_on_all_it_stands_on(tones: Tones) -> None:
    for ground in (tones.window, tones.panel, tones.raised, tones.field, tones.hover):
        for text in (tones.text, tones.dim, tones.good, tones.warn, tones.bad):
            assert contrast(text, ground) >= AA_TEXT, (text, ground)
    assert contrast(tones.on_accent, tones.accent) >= AA_TEXT
    assert contrast(tones.on_accent, tones.focus) >= AA_TEXT


@EVERY_THEME
def test_focus_and_edges_can_be_seen(tones: Tones) -> None:
    for ground in (tones.window, tones.panel, tones.raised, tones.surround):
        assert contrast(tones.focus, ground) >= AA_CONTROL
    for ground in (tones.window, tones.panel):
        assert contrast(tones.edge, ground) >= AA_CONTROL
    assert contrast(tones.accent, tones.field) >= AA_CONTROL


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_scale_enlarges_text_and_lengths_and_keeps_to_its_range(look: Look) -> None:
    ten, text = px(100), QFontMetrics(QApplication.font()).height()
    look.set(scale=2.0)
    assert px(100) == pytest.approx(2 * ten, abs=2)
    assert QFontMetrics(QApplication.font()).height() == pytest.approx(2 * text, abs=3)
    look.set(scale=9)
    assert look.scale == 2.0
    look.set(scale=0.1)
    assert look.scale == 0.8


def test_layouts_follow_the_scale_live(look: Look) -> None:
    window = QWidget()
    window.setLayout(rows(gap=10, margin=20))
    before = window.layout().contentsMargins().left()
    look.set(scale=1.5)
    assert window.layout().contentsMargins().left() == pytest.approx(1.5 * before, abs=1)
    assert window.layout().spacing() == pytest.approx(px(10))


def test_theme_reaches_widgets_that_are_open(look: Look) -> None:
    label = role(QLabel("x"), "panel")
    label.resize(40, 20)
    label.setAutoFillBackground(True)
    for name, tones in TONES.items():
        look.set(theme=name)
        assert label.grab().toImage().pixelColor(30, 2) == QColor(tones.panel)
        assert label.palette().color(QPalette.ColorRole.WindowText) == QColor(tones.text)
    with pytest.raises(KeyError):
        look.set(theme="pink")


def test_focus_changes_how_a_button_looks(look: Look, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setLayout(rows())
    first, second = QPushButton("x"), QPushButton("x")
    for button in (first, second):
        window.layout().addWidget(button)
    with qtbot.waitExposed(window):
        window.show()
    second.setFocus()
    plain = first.grab().toImage()
    first.setFocus()
    assert first.grab().toImage() != plain


def test_every_icon_draws_something_in_the_colour_it_is_given(qapp: QApplication) -> None:
    assert len(icons.names()) > 50
    for name in icons.names():
        picture = icons.pixmap(name, 40, QColor("#00ff00")).toImage()
        inks = [
            picture.pixelColor(x, y)
            for x in range(40)
            for y in range(40)
            if picture.pixelColor(x, y).alpha() > 200
        ]
        assert inks, name
        assert all(ink.green() > 200 and ink.red() < 30 for ink in inks), name
    with pytest.raises(KeyError):
        icons.icon("no such icon")


def test_the_program_has_a_sign_of_its_own(qapp: QApplication) -> None:
    sign = icons.program_icon()
    for side in (16, 48, 256):
        picture = sign.pixmap(QSize(side, side)).toImage()
        assert picture.pixelColor(0, 0).alpha() < 128  # its corners are round
        before = picture.pixelColor(side // 4, side // 6)
        after = picture.pixelColor(side * 5 // 8, side // 6)
        assert before.hsvSaturation() < 60 < after.hsvSaturation()


def test_icons_follow_theme_and_state(look: Look) -> None:
    sign = icons.icon("histogram")

    def ink(mode: QIcon.Mode = QIcon.Mode.Normal) -> int:
        picture = sign.pixmap(QSize(40, 40), mode).toImage()
        return max(
            (picture.pixelColor(x, y) for x in range(40) for y in range(40)),
            key=lambda colour: colour.alpha(),
        ).lightness()

    dark, faint = ink(), ink(QIcon.Mode.Disabled)
    look.set(theme="light")
    assert dark > 180 > ink()
    assert faint < dark


def test_icons_are_sharp_on_dense_screens(qapp: QApplication) -> None:
    picture = icons.pixmap("check", 20, QColor("white"), ratio=2.0)
    assert picture.size() == QSize(40, 40)
    assert picture.deviceIndependentSize().width() == 20


@EVERY_THEME
def test_pictures_of_the_stylesheet_fit_the_theme(tones: Tones) -> None:
    folder = resource("icons", "sheet")
    assert tones.text in (folder / f"arrow-{tones.name}.svg").read_text()
    assert tones.on_accent in (folder / f"tick-{tones.name}.svg").read_text()


def test_text_is_cut_between_words_and_says_so(qapp: QApplication) -> None:
    metrics = QFontMetrics(qapp.font())
    text = "Removes camera noise and keeps fine detail"
    assert elided(text, metrics, 10_000) == ([text], True)
    (line,), whole = elided(text, metrics, metrics.horizontalAdvance("Removes camera nois …"))
    assert (line, whole) == ("Removes camera …", False)
    lines, whole = elided(text, metrics, metrics.horizontalAdvance("Removes camera noise"), 9)
    assert whole
    assert " ".join(lines) == text


def test_a_cut_label_tells_the_rest_in_its_tooltip(qapp: QApplication) -> None:
    label = ElidedLabel("a rather long sentence about a photo")
    label.resize(label.sizeHint())
    label.grab()
    assert label.toolTip() == ""
    label.resize(80, 20)
    label.grab()
    assert label.toolTip() == label.text()
    assert label.shown().endswith("…")


def test_every_text_of_every_preset_is_offered_to_translators() -> None:
    for preset in load_presets().values():
        assert {preset.title, preset.summary, *([preset.note] if preset.note else [])} <= set(
            SHIPPED
        )


def test_every_word_of_the_settings_is_offered_to_translators(languages: Languages) -> None:
    words = set()
    for field in shown_fields():
        facts = field.metadata
        words |= {facts["title"], facts["help"], *facts.get("choices", {}).values()}
    assert words <= set(SETTING_WORDS)
    languages.use("de")
    translated = {QCoreApplication.translate("Settings", word) for word in words}
    assert {"Aussehen", "Mittelgrau"} <= translated


def test_german_is_complete(languages: Languages) -> None:
    assert languages.available() == {"en": "English", "de": "Deutsch"}
    text = Path(resource("translations", "restorer_de.ts")).read_text("utf-8")
    assert 'type="unfinished"' not in text
    assert "<translation></translation>" not in text
    languages.use("de")
    for preset in load_presets().values():
        assert preset_summary(preset) != preset.summary
        if preset.experimental:
            assert preset_note(preset).lower() != preset.note.lower()
    assert preset_title(load_presets()["denoise"]) == "Entrauschen"


def test_language_can_be_changed_there_and_back(languages: Languages) -> None:
    auto = load_presets()["auto"]
    languages.use("de_AT")
    assert languages.current == "de"
    assert preset_title(auto) == "Automatik"
    languages.use("xx")
    assert languages.current == "en"
    assert preset_title(auto) == "Auto"


def test_compiled_translation_is_that_of_the_source(qapp: QApplication) -> None:
    folder = resource("translations")
    translator = QTranslator()
    assert translator.load("restorer_de", str(folder))
    for context in ElementTree.parse(folder / "restorer_de.ts").getroot().iter("context"):
        for message in context.iter("message"):
            source = message.findtext("source", "")
            found = translator.translate(context.findtext("name", ""), source)
            assert found == message.findtext("translation"), source
            assert set(PLACES.findall(source)) == set(PLACES.findall(found)), source


def test_no_text_of_the_window_waits_for_its_translation(tmp_path: Path) -> None:
    """After a change of texts: lupdate, translate, lrelease (CONTRIBUTING)."""
    tool = shutil.which("pyside6-lupdate", path=str(Path(sys.executable).parent))
    if tool is None:
        pytest.skip("lupdate is not installed")
    sources = sorted(Path(gui.__file__).parent.rglob("*.py"))
    found = tmp_path / "found.ts"
    subprocess.run([tool, *sources, "-ts", found], check=True, capture_output=True)
    assert texts_of(found) == texts_of(resource("translations", "restorer_de.ts"))


def texts_of(path: Path) -> set[tuple[str, str]]:
    """Context and source of every text in a translation file."""
    return {
        (context.findtext("name", ""), message.findtext("source", ""))
        for context in ElementTree.parse(path).getroot().iter("context")
        for message in context.iter("message")
    }
