"""Trainings in the background: one at a time, each a chain of steps in processes of their own.

All methods belong to one thread, the window's. What a process says is brought over by `post`.
"""

from __future__ import annotations

import logging
import shutil
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.errors import CannotSave
from restorer_app.jobs import JobError
from restorer_app.observable import Signal
from restorer_app.training_child import Ended, Further, Said, TrainingChild, program
from restorer_app.training_plan import adapter_file, command, leftovers, run_folder
from restorer_app.training_store import cannot_save
from restorer_app.trainings import StepState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from restorer_app.training_store import TrainingStore
    from restorer_app.trainings import Training, TrainingOrder, TrainingStep

log = logging.getLogger(__name__)

SAID = "said.txt"
"""The file, in a training's folder, of what its steps said to people."""
_PATIENCE = 60.0
"""Seconds that a step may take to write its checkpoint: those of large models are gigabytes."""
_FAREWELL = 15.0
"""The same when the program ends."""


class TrainingRunner:
    """The trainings of `store`, of which at most one runs."""

    def __init__(
        self,
        store: TrainingStore,
        post: Callable[[Callable[[], None]], None],
        *,
        start: Sequence[str] | None = None,
        patience: float = _PATIENCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`start` is what the words of a step are added to; this program's `train` by default."""
        self.changed: Signal[[Training]] = Signal()
        """A training is further, has ended, or has begun."""
        self.list_changed: Signal[[]] = Signal()
        """There is one more, or one less."""
        self.store, self._post, self._clock, self._patience = store, post, clock, patience
        self._start = [*program(), "train"] if start is None else list(start)
        shelved = store.load()
        self._trainings = {training.name: training for training in shelved.trainings}
        self.damaged = shelved.damaged
        """Names of folders whose file cannot be read."""
        self._running = ""
        self._child: TrainingChild | None = None
        self._pace = _Pace(0.0)
        self._closed = False

    @property
    def trainings(self) -> Sequence[Training]:
        """All of them, the latest first."""
        return tuple(self._trainings.values())

    @property
    def running(self) -> Training | None:
        return self._trainings.get(self._running)

    def training(self, name: str) -> Training:
        """Raises `KeyError` for an unknown one."""
        return self._trainings[name]

    def adapter(self, name: str) -> Path:
        """Where the adapter of a training lies once it is through."""
        return adapter_file(self._trainings[name].order, self.store.place(name))

    def run_folder(self, name: str) -> Path:
        """Where a training keeps its log."""
        return run_folder(self.store.place(name))

    def order(self, order: TrainingOrder) -> Training | None:
        """Begin a new training; None while another one runs. Raises `CannotSave`."""
        if self._running or self._closed:
            return None
        training = self.store.create(order)
        self._trainings = {training.name: training, **self._trainings}
        self.list_changed.emit()
        self.go_on(training.name)
        return self._trainings[training.name]

    def go_on(self, name: str) -> None:
        """Begin, or take up what was stopped or has failed; not while another training runs."""
        training = self._trainings[name]
        if self._running or self._closed or training.state is StepState.DONE:
            return
        self._begin(replace(training, error=None))

    def stop(self) -> None:
        """Stop the training that runs; its last checkpoint stays, and it can go on there."""
        training = self.running
        if training is not None and self._child is not None:
            self._set(training.with_step(training.current.act, state=StepState.STOPPING))
            self._child.stop(self._patience)

    def remove(self, name: str) -> None:
        """Remove a training that does not run, with its adapter; raises `CannotSave`."""
        if name == self._running:
            return
        self.store.remove(name)
        del self._trainings[name]
        self.list_changed.emit()

    def close(self) -> None:
        """Stop what runs, for good; it can go on when the program is started again."""
        training = self.running
        self._closed = True
        if self._child is None or training is None:
            return
        self._child.stop(min(self._patience, _FAREWELL))
        ended, step = self._child.wait(), training.current
        if ended.error is None and not ended.stopped:  # it came to its end in the meantime
            self._keep(_done(training, step))
        else:
            self._keep(training.with_step(step.act, state=StepState.STOPPED))

    def _begin(self, training: Training) -> None:
        """Start the step that is next."""
        step, place = training.current, self.store.place(training.name)
        done = step.done if step.act.continues else 0.0
        words = command(training.order, place, step.act)
        left = leftovers(place, step.act)
        if left is not None:
            shutil.rmtree(left, ignore_errors=True)
        hours = training.order.hours if step.act.learns else 0.0
        self._running, self._pace = training.name, _Pace(hours)
        changes = {"state": StepState.RUNNING, "done": done, "stage": "", "seconds_left": None}
        training = training.with_step(step.act, **changes)
        try:
            self._child = TrainingChild([*self._start, *words], place / SAID, self._hear)
        except OSError as error:
            self._fail(training, _not_begun(error, place))
            return
        self._keep(training)

    def _hear(self, said: Said) -> None:
        """In the thread of the child."""
        self._post(lambda: self._take(said))

    def _take(self, said: Said) -> None:
        training = self.running
        if self._closed or training is None:
            return
        if isinstance(said, Further):
            self._further(training, said)
            return
        self._child = None
        self._end(training, said)

    def _further(self, training: Training, said: Further) -> None:
        left = self._pace.seconds_left(self._clock(), said.done)
        changes = {"done": said.done, "stage": said.stage, "seconds_left": left}
        self._set(training.with_step(training.current.act, **changes))

    def _end(self, training: Training, said: Ended) -> None:
        step = training.current
        if said.stopped:
            self._running = ""
            self._keep(training.with_step(step.act, state=StepState.STOPPED, seconds_left=None))
        elif said.error is not None:
            self._fail(training, said.error)
        else:
            stopping = step.state is StepState.STOPPING  # which came too late for this step
            training = _done(training, step)
            if stopping or training.state is StepState.DONE:
                self._running = ""
                self._keep(training)
            else:
                self._begin(training)

    def _fail(self, training: Training, error: JobError) -> None:
        self._running = ""
        act = training.current.act
        training = training.with_step(act, state=StepState.FAILED, seconds_left=None)
        self._keep(replace(training, error=error))

    def _keep(self, training: Training) -> None:
        """Note it on the disk too; that it cannot be noted must not end a training."""
        try:
            self.store.save(training)
        except CannotSave as error:
            log.warning("%s", error)
        self._set(training)

    def _set(self, training: Training) -> None:
        self._trainings[training.name] = training
        self.changed.emit(training)


class _Pace:
    """How long the rest of a step takes: of learning, whose length is ordered, what is left of it,
    else judged from what the step has done since it first said how far it is.

    Before that it reads photos and models, which says nothing of its pace.
    """

    def __init__(self, hours: float) -> None:
        self._hours = hours
        self._first: tuple[float, float] | None = None

    def seconds_left(self, now: float, done: float) -> float | None:
        if self._hours:
            return self._hours * 3600 * (1 - done)
        if self._first is None:
            self._first = now, done
        began, before = self._first
        return (now - began) * (1 - done) / (done - before) if done > before else None


def _not_begun(error: OSError, place: Path) -> JobError:
    """Why a step could not be started: its folder is not to be written to, else the program."""
    if error.filename == str(place / SAID):
        told = cannot_save(place, error)
        return JobError(told.kind, told.message, told.remedy)
    return JobError("CannotStart", f"{error.strerror or error}")


def _done(training: Training, step: TrainingStep) -> Training:
    return training.with_step(step.act, state=StepState.DONE, done=1.0, seconds_left=None)
