"""How long one step of a sampling takes here: measured on the first real tile, kept for the next.

What is said about the time left comes from it, and never from a table of graphics cards.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import torch

from engine.diffusion.self_check import machine_name
from engine.machine_notes import MachineNotes, step_name
from engine.progress import Progress, Silent

SAMPLING = "sampling"
"""The stage that `sample` reports."""


class StepClock:
    """A progress that listens in and times the steps of the samplings that report to it.

    Every step ends with a question to the device, so the clock sees the whole of its work.
    """

    def __init__(
        self, progress: Progress | None = None, now: Callable[[], float] = time.perf_counter
    ) -> None:
        """All that is reported goes on to `progress`."""
        self._progress, self._now = progress or Silent(), now
        self._begun: float | None = None
        self._durations: list[float] = []

    def report(self, done: float, stage: str = "") -> None:
        """See `Progress`; a sampling reports before each step, and 1 at its end."""
        if stage == SAMPLING:
            here = self._now()
            if self._begun is not None:
                self._durations.append(here - self._begun)
            self._begun = None if done >= 1 else here
        self._progress.report(done, stage)

    @property
    def seconds(self) -> float | None:
        """Seconds a step; the first one, in which kernels are chosen, counts only if it is alone.

        None before any step.
        """
        if not self._durations:
            return None
        return median(self._durations[1:] or self._durations)


class StepTimes:
    """Seconds a step of each model, precision and tile, on each device of this machine."""

    def __init__(self, notes: MachineNotes) -> None:
        self._notes = notes

    def seconds(self, device: torch.device, model: str, variant: str, side: int) -> float | None:
        """What was last measured; None if nothing was."""
        return self._notes.get(machine_name(device), step_name(model, variant, side))

    def keep(
        self, device: torch.device, model: str, variant: str, side: int, seconds: float
    ) -> None:
        self._notes.keep(machine_name(device), step_name(model, variant, side), seconds)
