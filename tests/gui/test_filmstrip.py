"""The filmstrip: states, order, filter, selection, thumbnails."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QListView
from pytestqt.qtbot import QtBot

from restorer_app.gui.film.film_model import STATES, FilmModel
from restorer_app.gui.film.filmstrip import Entry, Filmstrip, Thumbnails
from restorer_app.gui.look.theme import Look


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    font = qapp.font()
    yield Look(qapp)
    qapp.setStyleSheet("")
    qapp.setFont(font)


class Loader:
    """Makes grey thumbnails; fails for some, and can be held up."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.threads: set[int] = set()
        self.go = threading.Event()
        self.go.set()

    def __call__(self, path: Path, side: int) -> QImage | None:
        self.threads.add(threading.get_ident())
        self.asked.append(path.name)
        self.go.wait(10)
        if path.name.startswith("bad"):
            raise OSError("unreadable")
        if path.name.startswith("none"):
            return None
        image = QImage(side, side, QImage.Format.Format_RGB32)
        image.fill(QColor("#808080"))
        return image


@pytest.fixture
def loader() -> Loader:
    return Loader()


@pytest.fixture
def thumbnails(qapp: QApplication, loader: Loader) -> Iterator[Thumbnails]:
    made = Thumbnails(loader, side=64, keep=20)
    yield made
    loader.go.set()
    made.close()


def entries(count: int, state: str = "open") -> list[Entry]:
    return [Entry(key=f"k{n}", path=Path(f"photo{n}.jpg"), state=state) for n in range(count)]


@pytest.fixture
def strip(look: Look, thumbnails: Thumbnails, qtbot: QtBot) -> Filmstrip:
    strip = Filmstrip(look, thumbnails)
    qtbot.addWidget(strip)
    strip.resize(900, 160)
    strip.set_entries(entries(5))
    with qtbot.waitExposed(strip):
        strip.show()
    return strip


def keys(strip: Filmstrip) -> list[str]:
    return [entry.key for entry in strip.entries]


def test_arrow_keys_move_the_current_photo(strip: Filmstrip, qtbot: QtBot) -> None:
    told: list[str] = []
    strip.current_changed.connect(told.append)
    strip.set_current("k1")
    assert told == []
    qtbot.keyClick(strip.view(), Qt.Key.Key_Right)
    qtbot.keyClick(strip.view(), Qt.Key.Key_Right)
    assert told == ["k2", "k3"]
    strip.step(9)
    assert strip.current == "k4"


def test_several_photos_can_be_selected(strip: Filmstrip, qtbot: QtBot) -> None:
    told: list[list[str]] = []
    strip.selection_changed.connect(told.append)
    strip.set_current("k1")
    qtbot.keyClick(strip.view(), Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert strip.selected == ["k1", "k2"]
    assert told[-1] == ["k1", "k2"]
    strip.select_all()
    assert strip.selected == keys(strip)


def test_a_change_of_state_keeps_current_photo_and_selection(strip: Filmstrip) -> None:
    strip.set_current("k2")
    told: list[str] = []
    strip.current_changed.connect(told.append)
    strip.update_entry(replace(strip.entries[2], state="running", done=0.5))
    strip.set_entries([*entries(5), Entry(key="new", path=Path("new.jpg"))])
    assert (strip.current, strip.selected) == ("k2", ["k2"])
    assert told == []


def test_state_is_in_words_and_changes_the_picture(strip: Filmstrip) -> None:
    model = strip.view().model()
    seen = set()
    for state in STATES:
        strip.update_entry(Entry(key="k0", path=Path("photo0.jpg"), state=state, done=0.4))
        words = model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
        rect = strip.view().visualRect(model.index(0, 0))
        image = strip.view().viewport().grab(rect).toImage()
        seen.add((words, bytes(image.constBits())))
    assert len({words for words, _ in seen}) == len(STATES)
    assert len({picture for _, picture in seen}) == len(STATES)


def test_failure_says_why_to_eye_and_ear(strip: Filmstrip) -> None:
    failed = Entry(key="k1", path=Path("photo1.jpg"), state="failed", note="It is cut off.")
    strip.update_entry(failed)
    model = strip.view().model()
    for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
        assert "It is cut off." in model.data(model.index(1, 0), role)


def test_photos_are_moved_with_the_keyboard(strip: Filmstrip, qtbot: QtBot) -> None:
    told: list[tuple[list[str], str]] = []
    strip.moved.connect(lambda keys, before: told.append((keys, before)))
    shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    strip.set_current("k1")
    qtbot.keyClick(strip.view(), Qt.Key.Key_Right, shift)
    assert keys(strip) == ["k0", "k2", "k1", "k3", "k4"]
    assert told == [(["k1"], "k3")]
    assert strip.current == "k1"
    for _ in range(5):
        qtbot.keyClick(strip.view(), Qt.Key.Key_Left, shift)
    assert keys(strip) == ["k1", "k0", "k2", "k3", "k4"]


class OwnDrop(QDropEvent):
    """A drop of photos that were dragged within the list itself."""

    def __init__(self, view: QListView, place: QPointF) -> None:
        self._view, self._data = view, QMimeData()  # Qt does not keep the data
        super().__init__(
            place,
            view.model().supportedDropActions(),
            self._data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )

    def source(self) -> QListView:
        return self._view


def test_dragged_photos_land_where_they_are_dropped(strip: Filmstrip) -> None:
    view = strip.view()
    told: list[tuple[list[str], str]] = []
    strip.moved.connect(lambda keys, before: told.append((keys, before)))
    strip.set_current("k0")
    right_half = view.visualRect(view.model().index(2, 0)).center() + QPoint(10, 0)
    drop = OwnDrop(view, QPointF(right_half))
    drop.setDropAction(Qt.DropAction.MoveAction)
    view.dropEvent(drop)
    assert keys(strip) == ["k1", "k2", "k0", "k3", "k4"]
    assert told == [(["k0"], "k3")]
    is_copy = drop.dropAction() == Qt.DropAction.CopyAction
    assert is_copy, "Qt would remove the photos after a move"
    assert strip.selected == ["k0"]


def test_moving_keeps_the_order_of_what_is_moved() -> None:
    model = FilmModel()
    model.set_entries(entries(5))
    assert model.move(["k0", "k1"], "k4")
    assert [entry.key for entry in model.entries] == ["k2", "k3", "k0", "k1", "k4"]
    assert model.move(["k2"], "")
    assert [entry.key for entry in model.entries] == ["k3", "k0", "k1", "k4", "k2"]
    assert not model.move(["k2"], "")
    assert not model.move(["k9"], "k3")


def test_files_dropped_on_the_strip_are_left_to_the_window(strip: Filmstrip) -> None:
    data = QMimeData()  # Qt does not keep it
    event = QDropEvent(
        QPointF(10, 10),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    strip.view().dropEvent(event)
    assert not event.isAccepted()
    assert keys(strip) == [f"k{n}" for n in range(5)]


def test_filter_shows_one_state_and_follows_changes(strip: Filmstrip) -> None:
    strip.update_entry(Entry(key="k3", path=Path("photo3.jpg"), state="failed"))
    strip.set_filter("failed")
    model = strip.view().model()
    assert model.rowCount() == 1
    strip.update_entry(Entry(key="k4", path=Path("photo4.jpg"), state="failed"))
    assert model.rowCount() == 2
    strip.update_entry(Entry(key="k3", path=Path("photo3.jpg"), state="done"))
    assert model.rowCount() == 1
    assert len(strip.entries) == 5
    strip.set_filter("")
    assert model.rowCount() == 5


def test_delete_asks_to_remove_what_is_selected(strip: Filmstrip, qtbot: QtBot) -> None:
    asked: list[list[str]] = []
    strip.remove_requested.connect(asked.append)
    qtbot.keyClick(strip.view(), Qt.Key.Key_Delete)
    strip.set_current("k2")
    qtbot.keyClick(strip.view(), Qt.Key.Key_Delete)
    assert asked == [["k2"]]
    assert len(strip.entries) == 5, "the session decides"


def test_menu_offers_what_fits_the_selection(strip: Filmstrip) -> None:
    strip.set_entries([*entries(2), Entry(key="f", path=Path("f.jpg"), state="failed")])
    strip.set_current("k0")
    offered = {action.text(): action for action in strip.menu().actions()}
    assert not offered["Try again"].isEnabled()
    assert not offered["Paste settings"].isEnabled()
    strip.select_all()
    strip.set_can_paste(True)
    offered = {action.text(): action for action in strip.menu().actions()}
    assert offered["Paste settings"].isEnabled()
    assert not offered["Show in folder"].isEnabled()
    asked: list[list[str]] = []
    strip.retry_requested.connect(asked.append)
    offered["Try again"].trigger()
    assert asked == [["f"]]


@pytest.mark.parametrize("entry", [("look", True), ("failed", False)])
def test_trying_again_is_not_offered_where_it_does_nothing(
    strip: Filmstrip, entry: tuple[str, bool]
) -> None:
    state, can_retry = entry
    strip.set_entries([Entry(key="k", path=Path("k.jpg"), state=state, can_retry=can_retry)])
    strip.set_current("k")
    offered = {action.text(): action for action in strip.menu().actions()}
    assert not offered["Try again"].isEnabled()


def test_thumbnails_are_made_in_other_threads(
    thumbnails: Thumbnails,
    loader: Loader,
    qtbot: QtBot,
) -> None:
    assert thumbnails.picture(Path("a.jpg")) is None
    with qtbot.waitSignal(thumbnails.ready):
        pass
    image = thumbnails.picture(Path("a.jpg"))
    assert image is not None
    assert image.width() == 64
    assert threading.get_ident() not in loader.threads
    assert loader.asked == ["a.jpg"]


@pytest.mark.parametrize("name", ["bad.jpg", "none.jpg"])
def test_a_photo_without_a_thumbnail_is_asked_once(
    thumbnails: Thumbnails,
    loader: Loader,
    qtbot: QtBot,
    name: str,
) -> None:
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.picture(Path(name))
    assert thumbnails.picture(Path(name)) is None
    assert loader.asked == [name]


def test_what_is_on_screen_now_is_loaded_before_what_scrolled_by(
    thumbnails: Thumbnails,
    loader: Loader,
    qtbot: QtBot,
) -> None:
    loader.go.clear()
    for n in range(100):
        thumbnails.picture(Path(f"{n}.jpg"))
    loader.go.set()
    qtbot.waitUntil(lambda: len(loader.asked) >= 22, timeout=5000)
    # each of the two threads may have taken an early one before the last was asked for
    assert "99.jpg" in loader.asked[:4]
    assert "5.jpg" not in loader.asked


def test_closing_ends_the_threads(qapp: QApplication, loader: Loader) -> None:
    before = threading.active_count()
    made = Thumbnails(loader, workers=2)
    for n in range(50):
        made.picture(Path(f"{n}.jpg"))
    made.close()
    assert len(loader.asked) <= 4
    assert made.picture(Path("late.jpg")) is None
    assert "late.jpg" not in loader.asked
    assert threading.active_count() <= before + 2


def test_only_what_is_seen_of_a_thousand_photos_is_loaded(
    strip: Filmstrip,
    loader: Loader,
    qtbot: QtBot,
) -> None:
    strip.set_entries([Entry(key=str(n), path=Path(f"t{n}.jpg")) for n in range(1000)])
    strip.view().viewport().grab()
    qtbot.waitUntil(lambda: len(loader.asked) >= 5, timeout=5000)
    qtbot.wait(50)
    assert len(set(loader.asked)) < 30


def test_entry_knows_its_states() -> None:
    with pytest.raises(ValueError, match="state is one of"):
        Entry(key="a", path=Path("a.jpg"), state="lost")


def test_thumbnails_of_closed_photos_are_forgotten_those_on_their_way_too(
    thumbnails: Thumbnails, loader: Loader, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.picture(Path("a.jpg"))
    loader.go.clear()
    thumbnails.picture(Path("b.jpg"))
    qtbot.waitUntil(lambda: "b.jpg" in loader.asked)
    thumbnails.keep_only([])
    with qtbot.waitSignal(thumbnails.ready):
        loader.go.set()
    for name in ("a.jpg", "b.jpg"):
        assert thumbnails.picture(Path(name)) is None
    qtbot.waitUntil(lambda: thumbnails.picture(Path("b.jpg")) is not None)
    assert sorted(loader.asked) == ["a.jpg", "a.jpg", "b.jpg", "b.jpg"]
