"""The panels: queue, export, settings, help, the empty window; names and words of all."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine.preset import load_presets
from restorer_app.gui.film.failure_report import Failure, FailureReport
from restorer_app.gui.film.filmstrip import Filmstrip, Thumbnails
from restorer_app.gui.film.queue_bar import QueueBar, QueueFigures
from restorer_app.gui.look.theme import Look
from restorer_app.gui.look.translations import Languages
from restorer_app.gui.pages.about import AboutDialog
from restorer_app.gui.pages.connections import ConnectionLabel
from restorer_app.gui.pages.empty_state import EmptyState
from restorer_app.gui.pages.export_choice import ExportChoice, ExportFormat
from restorer_app.gui.pages.export_dialog import ExportDialog
from restorer_app.gui.pages.help_page import PAGES, HelpPage
from restorer_app.gui.pages.licences_page import LicencesPage
from restorer_app.gui.pages.settings_page import SettingsPage
from restorer_app.gui.pages.shortcut_sheet import ShortcutSheet, shortcut_groups
from restorer_app.gui.panel.adjustments import Adjustments
from restorer_app.gui.panel.preset_cards import PresetCards
from restorer_app.licences import Library

W = TypeVar("W", bound=QWidget)
FORMATS = (ExportFormat("jpeg", "JPEG", (8,), True), ExportFormat("tiff", "TIFF", (8, 16)))


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    font = qapp.font()
    yield Look(qapp)
    qapp.setStyleSheet("")
    qapp.setFont(font)


def shown(qtbot: QtBot, widget: W, width: int = 300, height: int = 700) -> W:
    qtbot.addWidget(widget)
    widget.resize(width, height)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def example(choice: ExportChoice) -> str:
    if "?" in choice.template:
        raise ValueError("“?” cannot be part of a file name.")
    return choice.template.replace("{name}", "photo").replace("{preset}", "denoise")


def export_dialog(choice: ExportChoice = ExportChoice(), count: int = 2) -> ExportDialog:  # noqa: B008
    return ExportDialog(
        choice,
        count=count,
        formats=FORMATS,
        example=example,
        estimate=lambda choice: f"about {choice.quality} MB",
        can_mirror=True,
    )


@dataclass(frozen=True)
class Sample:
    theme: str = field(
        default="dark",
        metadata={"title": "Theme", "help": "Grey.", "choices": ("dark", "light")},
    )
    scale: float = field(default=1.0, metadata={"title": "Scale", "minimum": 0.8, "maximum": 2.0})
    confirm: bool = field(default=True, metadata={"title": "Ask first"})
    name: str = field(default="x", metadata={"title": "Name"})
    workers: int = field(default=2, metadata={"title": "Workers", "maximum": 4})
    geometry: str = field(default="", metadata={"title": "Geometry", "hidden": True})
    plain: str = "untitled"


def every_panel(look: Look) -> dict[str, Callable[[], QWidget]]:
    thumbnails = Thumbnails(lambda path, side: None)
    return {
        "cards": lambda: PresetCards(look, load_presets().values(), {"denoise"}),
        "adjustments": Adjustments,
        "filmstrip": lambda: Filmstrip(look, thumbnails),
        "queue": QueueBar,
        "failures": lambda: FailureReport([Failure("a.jpg", "It is cut off.")]),
        "export": export_dialog,
        "settings": lambda: SettingsPage(Sample()),
        "keys": ShortcutSheet,
        "help": HelpPage,
        "empty": lambda: EmptyState(look),
        "connections": lambda: ConnectionLabel(lambda: 0),
        "about": lambda: AboutDialog("1.0", [("Computer", "x")], Path("logs")),
        "licences": lambda: LicencesPage([Library("rope", "1", "MIT", ("Do as you like.",))]),
    }


PANELS = ("cards", "adjustments", "filmstrip", "queue", "failures", "export")
PAGES_AND_SIGNS = ("settings", "keys", "help", "empty", "connections", "about", "licences")


@pytest.mark.parametrize("name", PANELS + PAGES_AND_SIGNS)
def test_everything_that_can_be_used_has_a_name_and_can_be_reached(
    look: Look,
    qtbot: QtBot,
    name: str,
) -> None:
    panel = every_panel(look)[name]()
    qtbot.addWidget(panel)
    kinds = (QAbstractButton, QSlider, QLineEdit, QAbstractSpinBox, QComboBox)
    parts = [part for part in [panel, *panel.findChildren(QWidget)] if isinstance(part, kinds)]
    for part in parts:
        if part.objectName().startswith("qt_"):
            continue  # inner parts of Qt's own controls
        text = part.text() if isinstance(part, QAbstractButton) else ""
        assert part.accessibleName() or text, (name, part)
        assert part.focusPolicy() != Qt.FocusPolicy.NoFocus, (name, part)


@pytest.mark.parametrize("name", PANELS + PAGES_AND_SIGNS)
@pytest.mark.parametrize("language", ["en", "de"])
def test_no_label_of_a_panel_is_cut_in_any_language(
    look: Look,
    qtbot: QtBot,
    qapp: QApplication,
    name: str,
    language: str,
) -> None:
    languages = Languages(qapp)
    languages.use(language)
    panel = every_panel(look)[name]()
    panel.resize(max(panel.minimumSizeHint().width(), 280), 800)
    shown(qtbot, panel, panel.width(), 800)
    try:
        for label in panel.findChildren(QLabel):
            if label.isVisible() and not label.wordWrap() and type(label) is QLabel:
                needed = QFontMetrics(label.font()).horizontalAdvance(label.text())
                assert label.width() >= needed, label.text()
        for button in panel.findChildren(QPushButton):
            if button.isVisible():
                assert button.width() >= button.minimumSizeHint().width(), button.text()
    finally:
        languages.use("en")


def test_queue_bar_shows_figures_and_asks(look: Look, qtbot: QtBot) -> None:
    bar = shown(qtbot, QueueBar(), 1200, 60)
    bar.show_figures(
        QueueFigures(photo="a.jpg", photo_left="8 s", done=3, total=30, failed=2, running=True)
    )
    words = " ".join(label.text() for label in bar.findChildren(QLabel))
    assert "a.jpg" in words
    assert "8 s left" in words
    assert "3 of 30" in words
    buttons = {b.text(): b for b in bar.findChildren(QPushButton) if b.isVisible()}
    for text, signal in (
        ("Pause", bar.pause_requested),
        ("Cancel", bar.cancel_requested),
        ("Retry failed", bar.retry_requested),
        ("2 failed", bar.report_requested),
    ):
        with qtbot.waitSignal(signal):
            buttons[text].click()
    bar.show_figures(QueueFigures(done=3, total=30, paused=True))
    with qtbot.waitSignal(bar.resume_requested):
        buttons["Pause"].click()
    assert "Paused" in " ".join(label.text() for label in bar.findChildren(QLabel))


def test_failures_can_be_copied_and_tried_again(look: Look, qtbot: QtBot) -> None:
    report = FailureReport(
        [Failure("a.jpg", "It is cut off.", "Copy it again."), Failure("b", "?")]
    )
    shown(qtbot, report, 500, 400)
    buttons = {b.text(): b for b in report.findChildren(QPushButton)}
    buttons["Copy report"].click()
    assert QApplication.clipboard().text() == "a.jpg\nIt is cut off.\nCopy it again.\n\nb\n?"
    with qtbot.waitSignal(report.retry_requested):
        buttons["Try these again"].click()
    assert not report.isVisible()


def part(dialog: QWidget, kind: type[W], name: str) -> W:
    return next(each for each in dialog.findChildren(kind) if each.accessibleName() == name)


def test_export_gives_back_what_it_was_given(look: Look, qtbot: QtBot) -> None:
    choice = ExportChoice(
        folder=Path("out"),
        template="{name}",
        mirror=True,
        format="tiff",
        quality=80,
        bits=16,
        profile="srgb",
        metadata="no_gps",
        collision="skip",
    )
    assert shown(qtbot, export_dialog(choice), 500, 500).choice == choice
    with pytest.raises(ValueError, match="is none of"):
        ExportChoice(metadata="some")


def test_export_shows_the_name_as_it_will_be(look: Look, qtbot: QtBot) -> None:
    dialog = shown(qtbot, export_dialog(), 500, 500)
    name = part(dialog, QLineEdit, "Name")
    name.setText("{name}-better")
    words = [label.text() for label in dialog.findChildren(QLabel)]
    assert any("photo-better" in text for text in words)
    go = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Export")
    name.setText("what?")
    assert not go.isEnabled()
    words = [label.text() for label in dialog.findChildren(QLabel)]
    assert "“?” cannot be part of a file name." in words
    name.setText("well")
    assert go.isEnabled()


def test_export_offers_only_what_a_format_can_do(look: Look, qtbot: QtBot) -> None:
    dialog = shown(qtbot, export_dialog(ExportChoice(format="tiff", bits=16)), 500, 500)
    quality = part(dialog, QSlider, "Quality")
    assert not quality.isEnabled()
    format = part(dialog, QComboBox, "Format")
    format.setCurrentIndex(format.findData("jpeg"))
    assert quality.isEnabled()
    assert dialog.choice.bits == 0, "JPEG has no 16 bits"
    quality.setValue(70)
    assert "about 70 MB" in [label.text() for label in dialog.findChildren(QLabel)]


def test_mirroring_needs_a_folder(look: Look, qtbot: QtBot) -> None:
    dialog = shown(qtbot, export_dialog(ExportChoice(mirror=True)), 500, 500)
    mirror = dialog.findChild(QCheckBox)
    assert not mirror.isEnabled()
    assert not dialog.choice.mirror
    part(dialog, QLineEdit, "Folder").setText("out")
    assert mirror.isEnabled()
    assert dialog.choice.mirror


def test_settings_page_is_made_from_the_fields(look: Look, qtbot: QtBot) -> None:
    page = shown(qtbot, SettingsPage(Sample()), 500, 600)
    heard: list[Sample] = []
    page.changed.connect(heard.append)
    theme = page.editor("theme")
    assert isinstance(theme, QComboBox)
    theme.setCurrentIndex(1)
    page.editor("confirm").click()
    page.editor("scale").setValue(9)
    page.editor("workers").setValue(3)
    assert heard[-1] == Sample(theme="light", confirm=False, scale=2.0, workers=3)
    for hidden in ("geometry", "plain"):
        with pytest.raises(KeyError):
            page.editor(hidden)


def test_settings_from_elsewhere_are_shown_without_an_echo(look: Look, qtbot: QtBot) -> None:
    page = shown(qtbot, SettingsPage(Sample()), 500, 600)
    heard: list[object] = []
    page.changed.connect(heard.append)
    changed = dataclasses.replace(Sample(), theme="light", name="y", confirm=False, scale=1.5)
    page.set_settings(changed)
    assert page.editor("name").text() == "y"
    assert page.settings == changed
    assert heard == []


def test_every_key_is_named_once_in_each_group() -> None:
    for group in shortcut_groups():
        assert group.title
        keys = [shortcut.keys for shortcut in group.shortcuts]
        assert len(set(keys)) == len(keys)
        assert all(shortcut.text for shortcut in group.shortcuts)


def test_manual_leads_from_page_to_page(look: Look, qtbot: QtBot) -> None:
    page = shown(qtbot, HelpPage(), 800, 600)
    for name in PAGES:
        page.show_page(name)
        assert page.page == name
        assert len(page.text()) > 400
    page.show_page("start")
    page._text.anchorClicked.emit(QUrl("comparing.md"))
    assert page.page == "comparing"
    page.set_language("de")
    assert page.page == "comparing"
    assert "Vergleichen" in page.text()
    page.show_page("no such page")
    assert page.page == "comparing"


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_there_in_both_languages(name: str) -> None:
    folder = Path(__file__).parents[2] / "resources" / "help"
    assert (folder / f"{name}.md").read_text("utf-8").startswith("# ")
    assert (folder / "de" / f"{name}.md").read_text("utf-8").startswith("# ")


def test_empty_window_offers_three_ways_to_begin(look: Look, qtbot: QtBot) -> None:
    state = shown(qtbot, EmptyState(look), 800, 600)
    buttons = {b.text(): b for b in state.findChildren(QPushButton)}
    for text, signal in (
        ("Open photos…", state.open_requested),
        ("Open a folder…", state.folder_requested),
        ("Try a sample", state.sample_requested),
    ):
        with qtbot.waitSignal(signal):
            buttons[text].click()
    plain = state.grab().toImage()
    state.set_drop_hover(True)
    assert state.grab().toImage() != plain
    state.set_recent([Path("photos") / "a.jpg"])
    recent = next(b for b in state.findChildren(QPushButton) if b.text() == "a.jpg")
    with qtbot.waitSignal(state.recent_chosen) as told:
        recent.click()
    assert told.args == [str(Path("photos") / "a.jpg")]


def test_connections_are_counted(look: Look, qtbot: QtBot) -> None:
    count = 0
    label = shown(qtbot, ConnectionLabel(lambda: count), 200, 30)
    assert label.text() == "0 connections this session"
    count = 1
    label.refresh()
    assert label.text() == "1 connection this session"


def test_about_can_be_copied(look: Look, qtbot: QtBot) -> None:
    dialog = shown(qtbot, AboutDialog("1.2", [("Computer", "Intel")], Path("logs")), 500, 300)
    dialog.copy()
    text = QApplication.clipboard().text()
    assert text.splitlines() == ["Version: 1.2", "Computer: Intel", "Log: logs"]


def test_licences_are_shown_for_the_library_that_is_chosen(look: Look, qtbot: QtBot) -> None:
    own, other = (
        Library("Restorer", "1", "Apache-2.0", ("Yours.",)),
        Library("rope", "2", "MIT", ()),
    )
    page = shown(qtbot, LicencesPage([own, other]), 600, 300)
    (text,) = page.findChildren(QPlainTextEdit)
    (names,) = page.findChildren(QListWidget)
    assert "Apache-2.0" in text.toPlainText()
    assert text.toPlainText().endswith("Yours.")
    names.setCurrentRow(1)
    assert text.toPlainText() == "rope 2\nMIT"


def test_panels_change_their_language_while_open(
    look: Look, qtbot: QtBot, qapp: QApplication
) -> None:
    panel, bar = shown(qtbot, Adjustments()), shown(qtbot, QueueBar(), 900, 60)
    languages = Languages(qapp)
    languages.use("de")
    qapp.processEvents()
    labels = [label.text() for label in panel.findChildren(QLabel)]
    assert "Stärke" in labels
    assert "Strength" not in labels
    assert "Die Reihe ist leer" in [label.text() for label in bar.findChildren(QLabel)]
    languages.use("en")
    qapp.processEvents()
    assert "Strength" in [label.text() for label in panel.findChildren(QLabel)]


def test_long_and_odd_names_of_what_was_open_do_not_spoil_the_window(
    look: Look, qtbot: QtBot
) -> None:
    state = shown(qtbot, EmptyState(look), 800, 600)
    state.set_recent([Path("x" * 200 + ".jpg"), Path("Tom & Jerry.jpg")])
    QApplication.processEvents()
    assert state.minimumSizeHint().width() < 500
    assert "Tom && Jerry.jpg" in [button.text() for button in state.findChildren(QPushButton)]


def test_the_users_own_folder_can_be_typed_as_a_tilde(
    look: Look, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    dialog = shown(qtbot, export_dialog())
    dialog._folder.setText("~/out")
    assert dialog.choice.folder == tmp_path / "out"
    dialog._folder.setText("~nobody-of-that-name/out")
    assert dialog.choice.folder == Path("~nobody-of-that-name/out")
