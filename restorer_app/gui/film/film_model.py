"""The photos of the filmstrip: what each is, in which state, in which order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

STATES = ("open", "waiting", "running", "done", "look", "failed", "cancelled")
ENTRY = Qt.ItemDataRole.UserRole

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One photo of the filmstrip."""

    key: str
    """Names the entry; no two have the same."""
    path: Path
    name: str = ""
    """What is written below it; the file's name if empty."""
    state: str = "open"
    """One of `STATES`."""
    done: float = 0.0
    """How far a running one is, 0 to 1."""
    note: str = ""
    """A sentence about its state, such as why it failed."""
    can_retry: bool = True
    """Whether trying again may help, where it failed."""

    def __post_init__(self) -> None:
        if self.state not in STATES:
            raise ValueError(f"state is one of {', '.join(STATES)}, not {self.state}")

    @property
    def title(self) -> str:
        return self.name or self.path.name


class FilmModel(QAbstractListModel):
    """All entries, and those of them that the filter shows."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: dict[str, Entry] = {}
        self._shown: list[str] = []
        self._places: dict[str, int] = {}
        self._filter = ""

    @property
    def entries(self) -> list[Entry]:
        """All, the hidden ones too, in order."""
        return list(self._entries.values())

    @property
    def state_filter(self) -> str:
        return self._filter

    def set_entries(self, entries: Iterable[Entry]) -> None:
        """Show these in this order."""
        self._entries = {entry.key: entry for entry in entries}
        self._refill()

    def update(self, entry: Entry) -> None:
        """Replace the entry of that key; an unknown key is ignored: it was removed meanwhile."""
        if entry.key not in self._entries:
            return
        self._entries[entry.key] = entry
        if (entry.key in self._places) != self._passes(entry):
            self._refill()
        elif entry.key in self._places:
            index = self.index(self._places[entry.key])
            self.dataChanged.emit(index, index)

    def set_filter(self, state: str) -> None:
        """Show one state only; empty for all."""
        self._filter = state
        self._refill()

    def move(self, keys: Collection[str], before: str) -> bool:
        """Put entries before another, or at the end for an empty key; whether anything moved."""
        taken = [key for key in self._entries if key in keys]
        if not taken or before in keys:
            return False
        rest = [key for key in self._entries if key not in keys]
        place = rest.index(before) if before in rest else len(rest)
        order = [*rest[:place], *taken, *rest[place:]]
        if order == list(self._entries):
            return False
        self._entries = {key: self._entries[key] for key in order}
        self._refill()
        return True

    def row_of(self, key: str) -> int:
        """The row that shows an entry; -1 for a hidden or unknown one."""
        return self._places.get(key, -1)

    def key_at(self, row: int) -> str:
        """The key of a row; empty beyond the ends."""
        return self._shown[row] if 0 <= row < len(self._shown) else ""

    def entry(self, key: str) -> Entry | None:
        return self._entries.get(key)

    def counts(self) -> dict[str, int]:
        """How many entries are in each state."""
        states = [entry.state for entry in self._entries.values()]
        return {state: states.count(state) for state in STATES}

    def refresh(self, keys: Sequence[str]) -> None:
        """Have these painted again."""
        for key in keys:
            if key in self._places:
                index = self.index(self._places[key])
                self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802  (Qt's name)
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self._entries.get(self.key_at(index.row()))
        if entry is None:
            return None
        if role == ENTRY:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(part for part in (entry.title, spoken(entry), entry.note) if part)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (entry.title, spoken(entry), entry.note) if part)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        if self._filter == "" and index.isValid():
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags if index.isValid() else Qt.ItemFlag.ItemIsDropEnabled

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802
        # Move for Qt to let photos be dragged at all, Copy for it not to remove them afterwards.
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    def _refill(self) -> None:
        self.beginResetModel()
        self._shown = [key for key, entry in self._entries.items() if self._passes(entry)]
        self._places = {key: row for row, key in enumerate(self._shown)}
        self.endResetModel()

    def _passes(self, entry: Entry) -> bool:
        return self._filter in ("", entry.state)


def state_title(state: str) -> str:
    """What a state is called in the language of the window."""
    titles = {
        "open": QCoreApplication.translate("FilmState", "Open"),
        "waiting": QCoreApplication.translate("FilmState", "Waiting"),
        "running": QCoreApplication.translate("FilmState", "Running"),
        "done": QCoreApplication.translate("FilmState", "Done"),
        "look": QCoreApplication.translate("FilmState", "Needs a look"),
        "failed": QCoreApplication.translate("FilmState", "Failed"),
        "cancelled": QCoreApplication.translate("FilmState", "Cancelled"),
    }
    return titles[state]


def spoken(entry: Entry) -> str:
    """The state in words, with how far a running one is; empty for a photo that is just open."""
    if entry.state == "open":
        return ""
    title = state_title(entry.state)
    return f"{title} {entry.done:.0%}" if entry.state == "running" else title
