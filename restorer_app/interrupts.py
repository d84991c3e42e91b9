"""How Ctrl-C and SIGTERM end a run: soon, and without leaving half a file."""

from __future__ import annotations

import _thread
import os
import signal
import socket
import threading
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Self

from engine.progress import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType, TracebackType

CANCELLED = 130
"""Exit code of a cancelled run: 128 + SIGINT, as shells have it."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """While entered, turns the first signal into `Cancelled`; the second ends the process.

    The work is asked three times, each less politely, because nothing is known about how long it
    stays away from our code. At once: the next `check` raises. After `raise_after` seconds: raised
    wherever the main thread is, between two bytecodes. After `end_after` seconds (one long call
    into C): the process ends from another thread, once the `sweeping` functions have removed what
    it would leave behind. Outside the main thread, where Python takes no handlers, it does nothing.
    """

    def __init__(
        self,
        *,
        raise_after: float = 0.4,
        end_after: float = 0.9,
        end: Callable[[int], object] = os._exit,
    ) -> None:
        self._raise_after = raise_after
        self._end_after = end_after
        self._end = end
        self._sweeps: list[Callable[[], None]] = []
        self._requested = False
        self._overdue = False
        self._left = False
        self._undo = ExitStack()

    def __enter__(self) -> Self:
        if threading.current_thread() is not threading.main_thread():
            return self
        # Python runs handlers in the main thread only, which may be deep in a call into C. What
        # the interpreter writes into a socket the moment a signal arrives, a thread can hear.
        ear, mouth = socket.socketpair()
        mouth.setblocking(False)
        listener = threading.Thread(target=self._listen, args=(ear,), daemon=True)
        self._undo.callback(ear.close)
        self._undo.callback(listener.join)
        self._undo.callback(mouth.close)
        before = signal.set_wakeup_fd(mouth.fileno(), warn_on_full_buffer=False)
        self._undo.callback(signal.set_wakeup_fd, before)
        for number in _SIGNALS:
            self._undo.callback(signal.signal, number, signal.signal(number, self._handle))
        listener.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Set first: a signal that the listener is just sending must not surface later.
        self._left = True
        self._undo.close()

    def check(self) -> None:
        """Raise `Cancelled` once the user has asked to stop."""
        if self._requested:
            raise Cancelled

    @contextmanager
    def sweeping(self, sweep: Callable[[], None]) -> Iterator[None]:
        """While entered, `sweep` is called before the process ends without unwinding."""
        self._sweeps.append(sweep)
        try:
            yield
        finally:
            self._sweeps.remove(sweep)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self._requested = True
        if self._overdue and not self._left:
            self._overdue = False
            raise Cancelled

    def _listen(self, ear: socket.socket) -> None:
        if not ear.recv(1):
            return
        self._requested = True
        heard = _hear(ear, self._raise_after)
        if heard is None:
            self._overdue = True
            _thread.interrupt_main(signal.SIGINT)
            _hear(ear, None)  # our own signal
            heard = _hear(ear, self._end_after - self._raise_after)
        if heard != b"":
            self._end_now()

    def _end_now(self) -> None:
        for sweep in reversed(self._sweeps):
            # What cannot be removed now must not keep the process, nor the other sweeps.
            with suppress(OSError):
                sweep()
        self._end(CANCELLED)


def _hear(ear: socket.socket, seconds: float | None) -> bytes | None:
    """The next signal within `seconds`; empty once the run is over, None if nothing came."""
    ear.settimeout(seconds)
    try:
        return ear.recv(1)
    except TimeoutError:
        return None
