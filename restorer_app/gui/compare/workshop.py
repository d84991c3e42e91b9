"""One thread that prepares pictures for the screen, and lives only while there is work."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from threading import Condition, Thread

from PySide6.QtCore import QObject, Signal

_log = logging.getLogger(__name__)
_TROUBLE = (OSError, ValueError, MemoryError)


class Workshop(QObject):
    """Runs small jobs off the thread of the window; what was asked for last is done first.

    `made` is emitted after each piece of work, in the thread of whoever listens. When nothing is
    left to do the thread ends by itself, so none is ever left over; `close` ends it early.
    """

    made = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._changed = Condition()
        self._urgent: OrderedDict[Hashable, Callable[[], None]] = OrderedDict()
        self._steady: list[Iterator[None]] = []
        self._thread: Thread | None = None
        self._closed = False

    def soon(self, key: Hashable, job: Callable[[], None]) -> None:
        """Do `job` before everything asked for earlier; the same key is not queued twice."""
        with self._changed:
            self._urgent[key] = job
            self._urgent.move_to_end(key)
            self._start()

    def forget_urgent(self) -> None:
        """Drop the urgent jobs not yet begun: the view has moved on."""
        with self._changed:
            self._urgent.clear()

    def steadily(self, steps: Iterator[None]) -> None:
        """Run `steps` to their end, one at a time, whenever nothing is urgent."""
        with self._changed:
            self._steady.append(steps)
            self._start()

    def close(self) -> None:
        """End the thread after the step it is at, and take no more work."""
        with self._changed:
            self._closed = True
            self._urgent.clear()
            self._steady.clear()
            thread = self._thread
        if thread is not None:
            thread.join()

    @property
    def busy(self) -> bool:
        with self._changed:
            return self._thread is not None

    def _start(self) -> None:
        if self._thread is None and not self._closed:
            self._thread = Thread(target=self._work, name="pictures", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            with self._changed:
                if self._closed or not (self._urgent or self._steady):
                    self._thread = None
                    return
                job = self._urgent.popitem()[1] if self._urgent else None
                steps = None if job else self._steady[0]
            self._do(job, steps)
            self.made.emit()

    def _do(self, job: Callable[[], None] | None, steps: Iterator[None] | None) -> None:
        try:
            if job is not None:
                job()
            elif steps is not None:
                next(steps)
        except StopIteration:
            self._drop(steps)
        except _TROUBLE:
            _log.exception("a part of a picture could not be prepared")
            self._drop(steps)

    def _drop(self, steps: Iterator[None] | None) -> None:
        with self._changed:
            if steps is not None and steps in self._steady:
                self._steady.remove(steps)
