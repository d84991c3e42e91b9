"""What `restorer train evaluate` found: means in all and by task, and paired differences."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from statistics import fmean

from trainer.bench.claims_report import DRAFT, FEW, Case, difference
from trainer.bench.report import table

DEGRADED = "degraded"
"""The row of the pictures as they were given."""

_COMPOSED, _DECODED = ("psnr", "ssim"), ("decoded", "decoded_ssim")
_TEXTURE = ("share", "distance")
_MEASURES = {
    "psnr": "PSNR, more than",
    "ssim": "SSIM, more than",
    "share": "texture, more than",
    "distance": "its distance (less is better) beyond that of",
    "decoded": "decoded PSNR, more than",
}
_PLACES = {"ssim": 4, "decoded_ssim": 4, "share": 2}


def evaluation_lines(cases: Sequence[Case]) -> Iterator[str]:
    """Markdown: all pictures, then by task, then each way beside those before it.

    The ways of all cases are the same, `DEGRADED` and `DRAFT` first, each at 0 steps: how many
    they took is in their names.
    """
    photos = len({case.photo for case in cases})
    rows = [name for name, _ in cases[0].reached]
    painted = [name for name in rows if name not in (DEGRADED, DRAFT)]
    yield f"{len(cases)} pictures of {photos} photographs; PSNR in dB; seconds beside the draft's;"
    yield "texture and its distance as in `trainer/texture_measures.py`: 1 and 0 are the truth's."
    yield ""
    names = ("texture", "distance", "decoded PSNR", "decoded SSIM", "seconds")
    head = ("all", "PSNR", "SSIM", *names)
    yield from table(head, (_in_all(cases, name) for name in rows))
    yield ""
    yield from _by_task(cases, "PSNR / SSIM by task", rows, _COMPOSED)
    if painted:
        yield ""
        yield from _by_task(cases, "decoded, by task", painted, _DECODED)
    yield ""
    yield "Differences on the same pictures, and where they lie with 95 % confidence:"
    if photos < FEW:
        yield f"of fewer than {FEW} photographs an interval says little."
    compared = [DRAFT, *painted] if painted else [DEGRADED, DRAFT]
    for measure in _MEASURES if painted else (*_COMPOSED, *_TEXTURE):
        yield ""
        yield from _beside_each_other(cases, _MEASURES[measure], compared, measure)


def _in_all(cases: Sequence[Case], name: str) -> tuple[str, ...]:
    seconds = fmean(case.reached[name, 0].seconds for case in cases)
    means = (
        _number(_mean(cases, name, measure), _PLACES.get(measure, 3))
        for measure in (*_COMPOSED, *_TEXTURE, *_DECODED)
    )
    return (name, *means, "" if name == DEGRADED else f"{seconds:.2f}")


def _by_task(
    cases: Sequence[Case], title: str, rows: Sequence[str], measures: tuple[str, str]
) -> Iterator[str]:
    tasks = list(dict.fromkeys(case.task for case in cases))
    of_task = {task: [case for case in cases if case.task == task] for task in tasks}

    def cell(name: str, task: str) -> str:
        peak, alike = (_mean(of_task[task], name, measure) for measure in measures)
        return f"{_number(peak, 2)} / {_number(alike, 4)}"

    lines = ((name, *(cell(name, task) for task in tasks)) for name in rows)
    yield from table((title, *tasks), lines)


def _beside_each_other(
    cases: Sequence[Case], title: str, rows: Sequence[str], measure: str
) -> Iterator[str]:
    """How much more each way has than those before it, on the same pictures, and where that lies
    with 95 % confidence."""
    places = _PLACES.get(measure, 3)

    def cell(better: str, worse: str) -> str:
        it = difference(cases, better, worse, 0, measure)
        return f"{it.mean:+.{places}f} ({it.low:+.{places}f} to {it.high:+.{places}f})"

    def line(index: int) -> tuple[str, ...]:
        found = [cell(rows[index], other) for other in rows[:index]]
        return (rows[index], *found, *[""] * (len(rows) - 1 - index))

    yield from table((title, *rows[:-1]), (line(index) for index in range(1, len(rows))))


def _mean(cases: Sequence[Case], name: str, measure: str) -> float:
    return fmean(float(getattr(case.reached[name, 0], measure)) for case in cases)


def _number(value: float, places: int) -> str:
    return "–" if math.isnan(value) else f"{value:.{places}f}"
