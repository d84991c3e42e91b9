"""What `restorer bench gpu` found: rows, the goals computed from them, and both as text."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from trainer.bench.report import table

GB = 10**9
SLOWER = 1.03
"""Two runs of the same work differ by that factor now and then; more is slower."""
SHARE = 0.60
ADAPTER = 0.06
PEAK = 8 * GB

Verdict = Literal["met", "missed", "not measured", "not asked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One run. Without seconds it could not be made, and `note` says why."""

    format: str
    run: str
    """"plain" and "plain, compiled" are the yardstick."""
    seconds: float | None = None
    """A step; of encoding, decoding and whole restorations all of it."""
    peak: int | None = None
    """Bytes the card has less at the worst moment; None where the device does not tell."""
    flops: float = 0.0
    """Of a step."""
    ceiling: float = 0.0
    """FLOP/s this device reaches in the format that is multiplied in."""
    note: str = ""

    @property
    def share(self) -> float | None:
        """Of the ceiling, 0 to 1."""
        if not (self.seconds and self.flops and self.ceiling):
            return None
        return self.flops / self.seconds / self.ceiling


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What is asked, and whether the rows show it."""

    asked: str
    verdict: Verdict
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """All of a bench."""

    machine: Mapping[str, str]
    ceilings: Mapping[str, float]
    """FLOP/s by number format."""
    rows: tuple[Row, ...]
    twelve_billion: bool
    """Whether the model is the one that the goals of memory and adapter are stated for."""
    computed: str = ""
    """What the program itself would choose on a card as small as is asked for, and its sum."""

    @property
    def goals(self) -> tuple[Goal, ...]:
        return (
            never_slower(self.rows),
            near_ceiling(self.rows),
            light_adapter(self.rows, asked=self.twelve_billion),
            small_enough(self.rows, asked=self.twelve_billion),
        )


def never_slower(rows: Sequence[Row]) -> Goal:
    """Every run of ours against the plain loop in the same format, compiled or not as it is.

    Where only the plain loop could run, ours has lost.
    """
    pairs = {}
    for row in rows:
        if row.run in ("ours", "ours, compiled"):
            rival = _seconds(rows, row.format, row.run.replace("ours", "plain"))
            if rival:
                name = f"{row.format} {row.run.removeprefix('ours').lstrip(', ')}".strip()
                pairs[name] = row.seconds / rival if row.seconds else math.inf
    asked = "never slower than the plain loop, in any format"
    if not pairs:
        return Goal(asked=asked, verdict="not measured", found="")
    worst = max(pairs, key=lambda name: pairs[name])
    missed = [name for name, ratio in pairs.items() if ratio > SLOWER]
    found = f"at most {pairs[worst]:.2f} times its time ({worst}), {len(pairs)} pairs"
    if missed:
        found += f"; slower: {', '.join(missed)}"
    return Goal(asked=asked, verdict="missed" if missed else "met", found=found)


def near_ceiling(rows: Sequence[Row]) -> Goal:
    """The best share of its own format's measured ceiling that a run of ours reaches."""
    asked = f"{SHARE:.0%} of the measured ceiling or more, in the best format"
    shares = [(row.share, row) for row in rows if row.share and row.run.startswith("ours")]
    if not shares:
        return Goal(asked=asked, verdict="not measured", found="")
    share, best = max(shares, key=lambda one: one[0] or 0.0)
    assert share is not None
    found = f"{share:.0%} ({best.format}, {best.run})"
    return Goal(asked=asked, verdict="met" if share >= SHARE else "missed", found=found)


def light_adapter(rows: Sequence[Row], *, asked: bool) -> Goal:
    """What an adapter adds to a step, in the worst format."""
    text = f"an adapter takes {ADAPTER:.0%} more or less"
    more = {}
    for row in rows:
        if row.run.endswith(", adapter") and row.seconds:
            without = _seconds(rows, row.format, row.run.removesuffix(", adapter"))
            if without:
                more[row.format] = row.seconds / without - 1
    if not more:
        return Goal(asked=text, verdict="not measured" if asked else "not asked", found="")
    worst = max(more, key=lambda name: more[name])
    found = f"{more[worst]:+.1%} at most ({worst})"
    if not asked:
        return Goal(asked=text, verdict="not asked", found=found)
    return Goal(asked=text, verdict="met" if more[worst] <= ADAPTER else "missed", found=found)


def small_enough(rows: Sequence[Row], *, asked: bool) -> Goal:
    """The least memory that a whole restoration took."""
    text = f"a placement that stays under {PEAK / GB:.0f} GB"
    peaks = [(row.peak, row.format) for row in rows if row.run == "restore" and row.peak]
    if not peaks:
        return Goal(asked=text, verdict="not measured" if asked else "not asked", found="")
    least, name = min(peaks)
    found = f"{least / GB:.2f} GB ({name})"
    if not asked:
        return Goal(asked=text, verdict="not asked", found=found)
    return Goal(asked=text, verdict="met" if least < PEAK else "missed", found=found)


def lines(found: Findings) -> Iterator[str]:
    """Markdown: the machine, its ceilings, all rows, and the goals."""
    yield ", ".join(f"{name}: {value}" for name, value in found.machine.items())
    yield ""
    measured = (f"{name} {rate / 1e12:.3g} TFLOP/s" for name, rate in found.ceilings.items())
    yield f"Ceiling of matrix products: {', '.join(measured)}."
    yield ""
    head = ("format", "run", "s", "TFLOP/s", "of the ceiling", "peak", "")
    yield from table(head, (_cells(row) for row in found.rows))
    yield ""
    if found.computed:
        yield f"Computed for a card of {PEAK / GB:.0f} GB: {found.computed}."
        yield ""
    yield from table(
        ("asked", "", "found"), ((goal.asked, goal.verdict, goal.found) for goal in found.goals)
    )


def data(found: Findings) -> dict[str, object]:
    """The same for JSON."""
    return {
        "machine": dict(found.machine),
        "ceilings": dict(found.ceilings),
        "computed": found.computed,
        "rows": [{**asdict(row), "share": row.share} for row in found.rows],
        "goals": [asdict(goal) for goal in found.goals],
    }


def _cells(row: Row) -> tuple[str, ...]:
    if row.seconds is None:
        return row.format, row.run, "–", "", "", "", row.note or "not measured"
    rate = f"{row.flops / row.seconds / 1e12:.3g}" if row.flops else ""
    share = "" if row.share is None else f"{row.share:.0%}"
    peak = "" if row.peak is None else f"{row.peak / GB:.2f} GB"
    return row.format, row.run, f"{row.seconds:.4g}", rate, share, peak, row.note


def _seconds(rows: Sequence[Row], name: str, run: str) -> float | None:
    return next((row.seconds for row in rows if (row.format, row.run) == (name, run)), None)
