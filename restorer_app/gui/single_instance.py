"""One window per user: a second start hands its files to the first and ends."""

from __future__ import annotations

import getpass
import hashlib
import json
import logging
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

log = logging.getLogger(__name__)

_PATIENCE = 5000
"""Milliseconds in which a running window, which may be opening a thousand photos, should answer."""


def local_name(place: Path) -> str:
    """The name of the meeting point of all starts of one user with the same `place` of state."""
    who = f"{getpass.getuser()} {place}".encode()
    return f"restorer-{hashlib.sha256(who).hexdigest()[:16]}"


def handed_over(name: str, paths: Sequence[Path]) -> bool:
    """Give `paths` to a window that is open already; False where there is none.

    One that is too busy to answer takes them later: who can be connected to is there, and a second
    window would take up its running jobs as left over.
    """
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_PATIENCE):
        return False
    line = json.dumps([str(path.absolute()) for path in paths]) + "\n"
    socket.write(line.encode("utf-8"))
    socket.waitForBytesWritten(_PATIENCE)
    if not socket.waitForReadyRead(_PATIENCE):
        sys.stderr.write("Restorer is open already, and busy: it opens the photos once it can.\n")
    socket.disconnectFromServer()
    return True


class MeetingPoint(QObject):
    """Listens for later starts; `met` brings their files, or an empty list."""

    met = Signal(list)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._later: list[QLocalSocket] = []
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._welcome)
        if not self._server.listen(name):
            # what a killed window has left; nobody answered there, or this one would not start
            QLocalServer.removeServer(name)
            if not self._server.listen(name):
                log.warning("later starts cannot find this window: %s", self._server.errorString())

    def close(self) -> None:
        self._server.close()

    def _welcome(self) -> None:
        # They stay children of the server, and end with it: later starts are few.
        while (socket := self._server.nextPendingConnection()) is not None:
            self._later.append(socket)
            socket.readyRead.connect(partial(self._read, socket))
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            return
        said = bytes(socket.readLine().data()).decode("utf-8", "replace")
        socket.write(b"ok\n")
        socket.flush()
        try:
            paths = [Path(str(entry)) for entry in json.loads(said)]
        except (ValueError, TypeError):
            log.warning("a later start said something unreadable")
            return
        self.met.emit(paths)
