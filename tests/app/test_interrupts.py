from __future__ import annotations

import signal
import threading

import pytest

from engine.progress import Cancelled
from restorer_app.interrupts import Interrupts


class Ending:
    """In place of the end of the process: remembers what happened before it."""

    def __init__(self) -> None:
        self.calls: list[object] = []
        self.came = threading.Event()

    def __call__(self, code: int) -> None:
        self.calls.append(code)
        self.came.set()


def forever_after(number: signal.Signals) -> None:
    signal.raise_signal(number)
    while True:
        pass


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_cancels_at_the_next_report(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with Interrupts() as interrupts:
        interrupts.check()
        signal.raise_signal(number)
        with pytest.raises(Cancelled):
            interrupts.check()
    assert signal.getsignal(number) == before


def test_work_that_never_reports_is_stopped_between_two_bytecodes() -> None:
    with pytest.raises(Cancelled), Interrupts(raise_after=0.01):
        forever_after(signal.SIGINT)


def test_second_signal_sweeps_and_ends_at_once() -> None:
    ending = Ending()
    with (
        Interrupts(raise_after=60, end_after=120, end=ending) as interrupts,
        interrupts.sweeping(lambda: ending.calls.append("outer")),
        interrupts.sweeping(lambda: ending.calls.append("inner")),
    ):
        signal.raise_signal(signal.SIGINT)
        assert ending.calls == []
        signal.raise_signal(signal.SIGINT)
        assert ending.came.wait(10)
    assert ending.calls == ["inner", "outer", 130]


def test_work_that_swallows_the_exception_is_ended_from_outside() -> None:
    ending = Ending()
    with Interrupts(raise_after=0.01, end_after=0.02, end=ending):
        with pytest.raises(Cancelled):
            forever_after(signal.SIGINT)
        assert ending.came.wait(10)


def test_failing_sweep_does_not_keep_the_process() -> None:
    ending = Ending()
    done: list[str] = []

    def fail() -> None:
        raise OSError("gone")

    with (
        Interrupts(raise_after=60, end=ending) as interrupts,
        interrupts.sweeping(lambda: done.append("outer")),
        interrupts.sweeping(fail),
    ):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        assert ending.came.wait(10)
    assert done == ["outer"]


def test_nothing_is_left_behind() -> None:
    threads = threading.active_count()
    with Interrupts():
        signal.raise_signal(signal.SIGINT)
    assert threading.active_count() == threads
    assert signal.set_wakeup_fd(-1) == -1


def test_elsewhere_than_in_the_main_thread_it_stays_out_of_the_way() -> None:
    seen: list[str] = []

    def work() -> None:
        with Interrupts() as interrupts:
            interrupts.check()
            seen.append("worked")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == ["worked"]
