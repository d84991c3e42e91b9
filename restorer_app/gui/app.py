"""The program with a window, from start to end."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from engine import network_watch
from restorer_app import places
from restorer_app.gui.application import Application, introduce
from restorer_app.gui.desk import Desk
from restorer_app.gui.sentences.sentence_words import said
from restorer_app.gui.single_instance import MeetingPoint, handed_over, local_name
from restorer_app.scratch import scratch_folder

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Places:
    """The user's folders, so that a test can bring its own."""

    cache: Path = field(default_factory=places.cache_folder)
    state: Path = field(default_factory=places.state_folder)
    settings: Path = field(default_factory=places.settings_file)
    presets: Path = field(default_factory=places.preset_folder)


def run_window(argv: Sequence[str], where: Places | None = None) -> int:
    """Open the window with the files and folders in `argv`; gives the exit code.

    Where a window of the same user is open already, it gets them instead.
    """
    if not _has_display():
        sys.stderr.write(
            "There is no display to open a window on. The command line works without one:"
            " restorer --help\n"
        )
        return 2
    network_watch.watch()
    where = where or Places()
    paths = [Path(word) for word in argv]
    app = QApplication.instance() or Application([sys.argv[0]])
    assert isinstance(app, QApplication)
    introduce(app)
    name = local_name(where.state)
    if handed_over(name, paths):
        return 0
    _log_to(where.state)
    meeting = MeetingPoint(name)
    try:
        return _run(app, where, meeting, paths)
    except OSError as error:
        log.exception("the window cannot be opened")
        text = QCoreApplication.translate("App", "Restorer cannot keep its files: {}")
        QMessageBox.critical(None, "Restorer", text.format(said(str(error))))
        return 1
    finally:
        meeting.close()


def _run(app: QApplication, where: Places, meeting: MeetingPoint, paths: Sequence[Path]) -> int:
    """The life of the window. Raises `OSError` where the program's own folders are of no use."""
    with scratch_folder(where.cache) as scratch, _asked_to_end(app):
        desk = Desk(app, where.settings, where.state, where.presets, scratch)
        meeting.met.connect(desk.welcome)
        if isinstance(app, Application):
            app.given.connect(desk.welcome)
        desk.show()
        # after the window is on screen: starting the engine and reading files takes a while
        QTimer.singleShot(0, lambda: desk.begin(paths))
        code = app.exec()
        desk.close()
    return code


@contextmanager
def _asked_to_end(app: QApplication) -> Iterator[None]:
    """Ctrl-C at a terminal, and a system that shuts down, end the program in good order.

    Python hears of them when it next runs, which the window's timers see to. Nothing is asked, as
    `quit` would: nobody may be there to answer, and the next start goes on with what is left.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: app.exit(0)) for number in asked]
    try:
        yield
    finally:
        for number, handler in zip(asked, before, strict=True):
            signal.signal(number, handler)


def _has_display() -> bool:
    if not sys.platform.startswith("linux") or "QT_QPA_PLATFORM" in os.environ:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _log_to(folder: Path) -> None:
    """Keep a log beside the program's state, for reports of what went wrong."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(folder / "restorer.log", mode="w", encoding="utf-8")
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    sys.excepthook = _note_fault


def _note_fault(
    kind: type[BaseException], fault: BaseException, trace: TracebackType | None
) -> None:
    """What goes wrong in answer to a click ends nothing; the log says what it was."""
    log.error("something went wrong that should not", exc_info=(kind, fault, trace))
    sys.__excepthook__(kind, fault, trace)
