"""What the log of a training tells: the loss on its way down."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILE = "log.jsonl"


@dataclass(frozen=True, slots=True)
class LossPoint:
    """The mean loss at one moment; the running mean that the trainer keeps."""

    done: float
    """Share of the training, 0 to 1."""
    loss: float


def losses(run: Path) -> tuple[LossPoint, ...]:
    """The points of the log in a folder of checkpoints, in their order; none where there is none.

    Of several losses it is the mean. A line that cannot be read, such as a torn one, is passed
    over.
    """
    try:
        lines = (run / FILE).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    return tuple(point for line in lines if (point := _point(line)) is not None)


def share_done(run: Path) -> float:
    """How far the training is by its log, 0 to 1."""
    points = losses(run)
    return points[-1].done if points else 0.0


def _point(line: str) -> LossPoint | None:
    try:
        entry = json.loads(line)
        values = [float(value) for value in entry["loss"].values()]
        done = float(entry["done"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    if not values or not all(math.isfinite(value) for value in (done, *values)):
        return None
    return LossPoint(min(max(done, 0.0), 1.0), sum(values) / len(values))
