"""Calls from other threads, made in the window's own."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot

log = logging.getLogger(__name__)


class Courier(QObject):
    """`post` may be called from any thread; what it is given runs in the thread of this object.

    Calls arrive in the order they were posted, and none after `close`.
    """

    _sent = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = True
        self._sent.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def post(self, call: Callable[[], None]) -> None:
        if self._open:
            self._sent.emit(call)

    def close(self) -> None:
        self._open = False

    @Slot(object)
    def _run(self, call: Callable[[], None]) -> None:
        if self._open:
            call()
