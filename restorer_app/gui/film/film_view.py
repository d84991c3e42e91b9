"""The list of the filmstrip: keys, wheel, dragging to another place."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QDropEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QListView

from restorer_app.gui.film.film_model import FilmModel


class FilmView(QListView):
    """One row of photos that can be dragged to another place."""

    dropped = Signal(list, str)
    remove_requested = Signal()
    menu_requested = Signal(QPoint)

    def __init__(self, model: FilmModel) -> None:
        super().__init__()
        self._film = model
        self.setModel(model)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QListView.DragDropMode.InternalMove)
        self.setDragDropOverwriteMode(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Delete:
            self.remove_requested.emit()
            return
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        if event.key() in ways and event.modifiers() & shift == shift:
            self._shift(ways[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        turn = event.angleDelta()
        if turn.x() == 0 and turn.y() != 0:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - turn.y())
            event.accept()
        else:
            super().wheelEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        self.menu_requested.emit(event.globalPos())

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        if event.source() is not self:
            event.ignore()
            return
        before = self._key_right_of(event.position().toPoint())
        # Copy, since Qt takes the dragged rows out of the model after a move.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(self._selected(), before)

    def _key_right_of(self, place: QPoint) -> str:
        index = self.indexAt(place)
        if not index.isValid():
            return ""
        middle = self.visualRect(index).center().x()
        return self._film.key_at(index.row() + (place.x() > middle))

    def _shift(self, way: int) -> None:
        places = sorted(index.row() for index in self.selectedIndexes())
        if not places:
            return
        aim = places[0] - 1 if way < 0 else places[-1] + 2
        if aim >= 0 and places[-1] + way < self._film.rowCount():
            self.dropped.emit(self._selected(), self._film.key_at(aim))

    def _selected(self) -> list[str]:
        places = sorted(index.row() for index in self.selectedIndexes())
        return [self._film.key_at(row) for row in places]
