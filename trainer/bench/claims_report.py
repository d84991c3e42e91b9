"""What `restorer bench claims` found: means for each way, paired differences, and the verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import fmean

import numpy as np

from trainer.bench.report import table

DRAWS = 10_000
"""Of the bootstrap."""
FEW = 8
_SEED = 95


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How near one way came to one clean picture: PSNR in dB, SSIM."""

    psnr: float
    """Composed: the draft with the fine band of what was painted."""
    ssim: float
    decoded: float
    """PSNR of the sampled latent's own picture."""
    decoded_ssim: float
    """Its SSIM."""
    decoded_free: float
    """Its PSNR against the clean picture sent through the autoencoder: without what that loses."""
    share: float
    """How strong its texture is beside the true one's (`texture_measures.texture_share`)."""
    distance: float
    """How far its texture is from the true one's kind (`texture_measures.sliced_distance`)."""
    seconds: float = field(default=0.0, compare=False)
    """Of sampling, decoding and composing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One picture with one damage, and what each way made of it."""

    photo: str
    task: str
    reached: Mapping[tuple[str, int], Reached]
    """By way and number of steps; the draft has 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Of two ways on the same cases, in dB: mean, and where it lies with 95 % confidence."""

    better: str
    worse: str
    steps: int
    measure: str
    mean: float
    low: float
    high: float
    cases: int

    @property
    def verdict(self) -> str:
        if self.low > 0:
            return "holds"
        return "is refuted" if self.high < 0 else "is not shown"


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that is said of the program, as a difference that has to be above zero."""

    words: str
    better: str
    worse: str


def difference(
    cases: Sequence[Case], better: str, worse: str, steps: int, measure: str = "psnr"
) -> Difference:
    """The mean over the cases, and its `interval`."""
    by_photo: dict[str, list[float]] = {}
    for case in cases:
        pair = (case.reached[way, steps if way != DRAFT else 0] for way in (better, worse))
        first, second = (float(getattr(one, measure)) for one in pair)
        by_photo.setdefault(case.photo, []).append(first - second)
    mean, low, high = interval(by_photo)
    return Difference(
        better=better,
        worse=worse,
        steps=steps,
        measure=measure,
        mean=mean,
        low=low,
        high=high,
        cases=len(cases),
    )


def interval(by_photo: Mapping[str, Sequence[float]]) -> tuple[float, float, float]:
    """The mean of all values, and where it lies with 95 % confidence, bootstrapped.

    Photographs are drawn, each with all its values, for those of one photograph are not
    independent.
    """
    sums = np.array([[sum(found), len(found)] for found in by_photo.values()])
    rng = np.random.default_rng(_SEED)
    drawn = sums[rng.integers(0, len(sums), (DRAWS, len(sums)))].sum(1)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], (0.025, 0.975))
    return float(sums[:, 0].sum() / sums[:, 1].sum()), float(low), float(high)


def claim_lines(cases: Sequence[Case], claims: Sequence[Claim], steps: int) -> Iterator[str]:
    """Markdown: all ways at the steps that count, then by steps, by task, and the verdicts."""
    photos = len({case.photo for case in cases})
    yield f"{len(cases)} cases, {photos} photographs; PSNR in dB; texture and its distance as in"
    yield "`trainer/texture_measures.py`: 1 and 0 are the truth's."
    yield ""
    ways = [way for way, count in cases[0].reached if count in (0, steps)]
    names = "composed", "SSIM", "texture", "distance", "decoded", "decoded, free of the autoencoder"
    yield from table((f"{steps} steps", *names), (_means(cases, way, steps) for way in ways))
    yield ""
    counts = sorted({count for _, count in cases[0].reached if count})
    if len(counts) > 1:
        head = ["composed PSNR by steps", *map(str, counts)]
        stepped = [w for w in ways if all((w, count) in cases[0].reached for count in counts)]
        yield from table(head, (_by_steps(cases, way, counts) for way in stepped))
        yield ""
    yield from _task_table(cases, ways, steps)
    yield ""
    if photos < FEW:
        yield f"Of fewer than {FEW} photographs an interval says little."
        yield ""
    for claim in claims:
        yield from _verdict(cases, claim, steps)


def claim_data(cases: Sequence[Case], claims: Sequence[Claim], steps: int) -> dict[str, object]:
    """The same for JSON, with every case."""
    found = [
        {"claim": claim.words, **asdict(d), "verdict": d.verdict}
        for claim in claims
        for measure in MEASURES
        for d in [difference(cases, claim.better, claim.worse, steps, measure)]
    ]
    rows = [
        {"photo": case.photo, "task": case.task, "way": way, "steps": count, **asdict(reached)}
        for case in cases
        for (way, count), reached in case.reached.items()
    ]
    return {"claims": found, "cases": rows}


def _means(cases: Sequence[Case], way: str, steps: int) -> tuple[str, ...]:
    found = [case.reached[way, 0 if way == DRAFT else steps] for case in cases]
    mean = {name: fmean(float(getattr(one, name)) for one in found) for name in _COLUMNS}
    return (
        way,
        f"{mean['psnr']:.3f}",
        f"{mean['ssim']:.4f}",
        f"{mean['share']:.2f}",
        f"{mean['distance']:.3f}",
        f"{mean['decoded']:.3f}",
        f"{mean['decoded_free']:.3f}",
    )


def _by_steps(cases: Sequence[Case], way: str, counts: Sequence[int]) -> tuple[str, ...]:
    means = (fmean(case.reached[way, count].psnr for case in cases) for count in counts)
    return (way, *(f"{mean:.3f}" for mean in means))


def _task_table(cases: Sequence[Case], ways: Sequence[str], steps: int) -> Iterator[str]:
    tasks = list(dict.fromkeys(case.task for case in cases))
    head = ("composed PSNR by task", *(task or "plain" for task in tasks))

    def row(way: str) -> tuple[str, ...]:
        at = 0 if way == DRAFT else steps
        means = (
            fmean(case.reached[way, at].psnr for case in cases if case.task == task)
            for task in tasks
        )
        return (way, *(f"{mean:.3f}" for mean in means))

    yield from table(head, map(row, ways))


def _verdict(cases: Sequence[Case], claim: Claim, steps: int) -> Iterator[str]:
    for measure, name in MEASURES.items():
        found = difference(cases, claim.better, claim.worse, steps, measure)
        span = f"{found.mean:+.3f} dB, 95 % {found.low:+.3f} to {found.high:+.3f}"
        yield f"- “{claim.words}” {found.verdict} in the {name}: {span}."


DRAFT = "draft alone"
MEASURES = {"psnr": "composed picture", "decoded": "decoded picture"}
_COLUMNS = ("psnr", "ssim", "share", "distance", "decoded", "decoded_free")
