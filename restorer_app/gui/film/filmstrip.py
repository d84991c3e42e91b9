"""The filmstrip: all photos of the session with their states."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLabel, QListView, QMenu, QToolButton, QWidget

from restorer_app.gui.film.film_delegate import FilmDelegate, entry_size
from restorer_app.gui.film.film_model import STATES, Entry, FilmModel, state_title
from restorer_app.gui.film.film_view import FilmView
from restorer_app.gui.film.photo_keys import key_of
from restorer_app.gui.film.thumbnails import Thumbnails
from restorer_app.gui.look.icons import icon
from restorer_app.gui.look.theme import Look, columns, px, role, rows

__all__ = ["Entry", "Filmstrip", "Thumbnails"]


class Filmstrip(QWidget):
    """Photos side by side; one is current, any number is selected."""

    current_changed = Signal(str)
    """By the user; not sent by `set_current`."""
    selection_changed = Signal(list)
    moved = Signal(list, str)
    """These keys now stand before that one; an empty key is the end."""
    remove_requested = Signal(list)
    retry_requested = Signal(list)
    restore_requested = Signal(list)
    export_requested = Signal(list)
    copy_settings_requested = Signal(str)
    paste_settings_requested = Signal(list)
    reveal_requested = Signal(str)
    add_requested = Signal()

    def __init__(self, look: Look, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = FilmModel(self)
        self._view = FilmView(self._model)
        self._view.setItemDelegate(FilmDelegate(look, thumbnails, self._view))
        self._thumbnails = thumbnails
        self._count = role(QLabel(), "dim")
        self._filter = QComboBox()
        self._add = role(QToolButton(), "flat")
        self._add.setIcon(icon("add"))
        self._can_paste = False
        self._is_silent = False
        self._meant = ""
        """The current photo, whether or not the filter shows it."""
        self._arrange()
        self._connect(look)
        self.retranslate()

    @property
    def entries(self) -> list[Entry]:
        """All photos in order, those that the filter hides too."""
        return self._model.entries

    @property
    def current(self) -> str:
        """The key of the current photo; empty for none."""
        return self._model.key_at(self._view.currentIndex().row())

    @property
    def selected(self) -> list[str]:
        """The keys of the selected photos, from left to right."""
        places = sorted(index.row() for index in self._view.selectedIndexes())
        return [self._model.key_at(row) for row in places]

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Show these in this order; current photo and selection stay where they can."""
        self._rebuilding(lambda: self._model.set_entries(entries))

    def update_entry(self, entry: Entry) -> None:
        """Show a new state of one photo."""
        if self._model.state_filter:
            self._rebuilding(lambda: self._model.update(entry))
        else:
            self._model.update(entry)
        self._show_count()

    def set_current(self, key: str) -> None:
        """Make a photo current and the only selected one, without a signal."""
        row = self._model.row_of(key)
        self._meant = key
        self._is_silent = True
        if row >= 0:
            self._view.setCurrentIndex(self._model.index(row))
        else:
            self._view.clearSelection()
            self._view.setCurrentIndex(QModelIndex())
        self._is_silent = False

    def set_filter(self, state: str) -> None:
        """Show one state only; empty for all. Raises `ValueError` for an unknown state."""
        self._filter.setCurrentIndex(("", *STATES).index(state))

    def set_can_paste(self, can_paste: bool) -> None:
        """Whether settings were copied."""
        self._can_paste = can_paste

    def step(self, way: int) -> None:
        """Make the photo `way` places further current, as the user would; stops at the ends."""
        row = self._view.currentIndex().row() + way
        if self._model.rowCount():
            row = min(max(row, 0), self._model.rowCount() - 1)
            self._view.setCurrentIndex(self._model.index(row))

    def select_all(self) -> None:
        self._view.selectAll()

    def view(self) -> QListView:
        """The list itself, for who places the keyboard or asks where a photo is drawn."""
        return self._view

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Filmstrip"))
        self._view.setAccessibleName(self.tr("Photos"))
        self._add.setToolTip(self.tr("Add photos (Ctrl+O)"))
        self._add.setAccessibleName(self.tr("Add photos"))
        self._filter.setAccessibleName(self.tr("Show"))
        self._filter.setToolTip(self.tr("Show only photos in one state"))
        self._fill_filter()
        self._show_count()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _arrange(self) -> None:
        head = columns(gap=8)
        head.addWidget(self._add)
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self._filter)
        layout = rows(gap=4, margin=6)
        layout.addLayout(head)
        layout.addWidget(self._view)
        self.setLayout(layout)
        self._relook()

    def _connect(self, look: Look) -> None:
        view = self._view
        view.selectionModel().currentChanged.connect(self._tell_current)
        view.selectionModel().selectionChanged.connect(self._tell_selection)
        view.dropped.connect(self._move)
        view.remove_requested.connect(self._ask_to_remove)
        view.menu_requested.connect(self._offer_menu)
        self._add.clicked.connect(self.add_requested)
        self._filter.currentIndexChanged.connect(self._apply_filter)
        self._thumbnails.ready.connect(self._show_thumbnail)
        look.changed.connect(self._relook)

    def _rebuilding(self, change: Callable[[], object]) -> None:
        """Run what resets the model, and put current photo and selection back."""
        current, selected = self._meant, self.selected
        self._is_silent = True
        change()
        chosen = self._view.selectionModel()
        for key in selected:
            if self._model.row_of(key) >= 0:
                index = self._model.index(self._model.row_of(key))
                chosen.select(index, QItemSelectionModel.SelectionFlag.Select)
        if self._model.row_of(current) >= 0:
            index = self._model.index(self._model.row_of(current))
            chosen.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self._is_silent = False
        self._show_count()
        if self.selected != selected:  # what is filtered out must not be acted on unseen
            self.selection_changed.emit(self.selected)

    def _move(self, keys: list[str], before: str) -> None:
        moved = False

        def change() -> None:
            nonlocal moved
            moved = self._model.move(keys, before)

        self._rebuilding(change)
        if moved:
            self.moved.emit(keys, before)

    def _apply_filter(self) -> None:
        state = self._filter.currentData()
        self._rebuilding(lambda: self._model.set_filter(state or ""))

    def _fill_filter(self) -> None:
        at = max(self._filter.currentIndex(), 0)
        self._filter.blockSignals(True)
        self._filter.clear()
        self._filter.addItem(self.tr("All photos"), "")
        for state in STATES:
            self._filter.addItem(state_title(state), state)
        self._filter.setCurrentIndex(at)
        self._filter.blockSignals(False)

    def _show_count(self) -> None:
        total, shown = len(self._model.entries), self._model.rowCount()
        if shown != total:
            text = self.tr("{shown} of {total} photos").format(shown=shown, total=total)
        else:
            text = self.tr("1 photo") if total == 1 else self.tr("{n} photos").format(n=total)
        self._count.setText(text)

    def _show_thumbnail(self, key: str) -> None:
        self._model.refresh(
            [entry.key for entry in self._model.entries if key_of(entry.path) == key]
        )

    def _tell_current(self, current: QModelIndex, previous: QModelIndex) -> None:
        if not self._is_silent and current.isValid():
            self._meant = self._model.key_at(current.row())
            self.current_changed.emit(self._meant)

    def _tell_selection(self) -> None:
        if not self._is_silent:
            self.selection_changed.emit(self.selected)

    def _ask_to_remove(self) -> None:
        if self.selected:
            self.remove_requested.emit(self.selected)

    def _offer_menu(self, place: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def menu(self) -> QMenu:
        """What can be done with the selected photos."""
        menu, keys = QMenu(self), self.selected
        again = [
            k for k in keys if (e := self._model.entry(k)) and e.state in _AGAIN and e.can_retry
        ]
        one, some = len(keys) == 1, bool(keys)

        def add(name: str, text: str, is_possible: bool, act: Callable[[], object]) -> None:
            action = QAction(icon(name), text, menu)
            action.setEnabled(is_possible)
            action.triggered.connect(lambda: act())
            menu.addAction(action)

        add("play", self.tr("Restore"), some, lambda: self.restore_requested.emit(keys))
        add("retry", self.tr("Try again"), bool(again), lambda: self.retry_requested.emit(again))
        add("export", self.tr("Export…"), some, lambda: self.export_requested.emit(keys))
        menu.addSeparator()
        copy, paste = self.copy_settings_requested, self.paste_settings_requested
        add("copy", self.tr("Copy settings"), one, lambda: copy.emit(keys[0]))
        can_paste = some and self._can_paste
        add("paste", self.tr("Paste settings"), can_paste, lambda: paste.emit(keys))
        menu.addSeparator()
        reveal, remove = self.reveal_requested, self.remove_requested
        add("folder", self.tr("Show in folder"), one, lambda: reveal.emit(keys[0]))
        add("remove", self.tr("Remove from list"), some, lambda: remove.emit(keys))
        return menu

    def _relook(self) -> None:
        bar = px(12)
        self._view.setFixedHeight(entry_size().height() + bar + px(4))
        self._view.doItemsLayout()


_AGAIN = ("failed", "cancelled")
