"""What the quality bench found: scores, rows of its tables, and the verdict per preset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from engine.photo import FloatArray
from trainer import metrics
from trainer.bench.classical import SET_ONCE

INPUT = "input"
OURS = "lite"
TUNED = "lite (best strength)"
INPAINTED, INPAINTED_FOUND = "inpainting", "inpainting, found mask"
"""The classical tool told by the set where the damage is, and told by our model."""
TOLD = "lite, true mask"
_AGAINST: Mapping[str, str] = {INPAINTED: TOLD}
"""Which of our columns a rival is measured against, where that is not `OURS`: what is told the
true mask, which nobody has, is compared with what is told it, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How near one picture came to its clean one; see `trainer.metrics` for the units."""

    psnr: float
    ssim: float
    psnr_luma: float
    ssim_luma: float
    colour: float
    grid: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """How well one picture's damage was found, and how well filled."""

    precision: float
    recall: float
    inside: Mapping[str, float]
    """PSNR in dB over the destroyed pixels alone, of each column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One picture of a set: the score of each column in which it was tried."""

    picture: str
    scores: Mapping[str, Score]
    filling: Filling | None = None
    """Where there was damage to find."""
    tuned: Score | None = None
    """Ours at the strength that comes closest, chosen in hindsight as the others' settings are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One set of a table."""

    name: str
    task: str
    records: tuple[Record, ...]
    luma: bool = False
    """Whether the row is about the Y channel instead of RGB."""

    @property
    def title(self) -> str:
        return f"{self.name}, Y" if self.luma else self.name

    @property
    def columns(self) -> list[str]:
        """Every column that was tried, ours last."""
        found = dict.fromkeys(column for r in self.records for column in r.scores)
        return [*(column for column in found if column != OURS), OURS]

    @property
    def rivals(self) -> list[str]:
        """The columns that are not ours."""
        return [column for column in self.columns if column not in (OURS, TOLD)]

    @property
    def partial(self) -> list[str]:
        """The rivals that were tried on some of the pictures alone."""
        return [c for c in self.rivals if any(c not in r.scores for r in self.records)]

    def pair(self, record: Record, column: str) -> tuple[float, float]:
        """PSNR and SSIM of a picture, in the row's channel."""
        score = record.scores[column]
        return (score.psnr_luma, score.ssim_luma) if self.luma else (score.psnr, score.ssim)

    def means(self, column: str, shared_with: str = "") -> tuple[float, float]:
        """Mean PSNR and SSIM, over the pictures in which `shared_with` was tried too."""
        tried = [r for r in self.records if column in r.scores]
        pairs = [self.pair(r, column) for r in tried if (shared_with or column) in r.scores]
        return fmean(p for p, _ in pairs), fmean(s for _, s in pairs)

    def lead(self, rival: str) -> tuple[float, float]:
        """By how much the mean of our PSNR and SSIM is above the rival's, on its pictures."""
        own = _AGAINST.get(rival, OURS)
        ours, theirs = self.means(own, shared_with=rival), self.means(rival)
        return ours[0] - theirs[0], ours[1] - theirs[1]

    def unbeaten(self) -> list[str]:
        """The columns that are not beaten in both PSNR and SSIM in the mean."""
        return [rival for rival in self.rivals if min(self.lead(rival)) <= 0]

    @property
    def rivals_alike(self) -> list[str]:
        """Those of the rivals that, like ours, do not know the truth: the input, and tools that are
        set once for all pictures. Where there is no such tool, all of them."""
        once = [rival for rival in self.rivals if rival in SET_ONCE]
        return [INPUT, *once] if once else self.rivals

    def pictures_won(self) -> int:
        """In how many pictures ours is above every rival in both PSNR and SSIM.

        The `partial` rivals do not take part: nobody beats what was not tried.
        """
        rivals = [rival for rival in self.rivals if rival not in self.partial]
        return sum(self._won(record, rivals) for record in self.records)

    def _won(self, record: Record, rivals: Sequence[str]) -> bool:
        for rival in rivals:
            ours, theirs = (self.pair(record, c) for c in (_AGAINST.get(rival, OURS), rival))
            if ours[0] <= theirs[0] or ours[1] <= theirs[1]:
                return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a preset earns its place: better than its input and every classical tool."""

    task: str
    answer: str
    """"yes" (on every set), "in the mean" (over the sets, not on each), or "no"."""
    alike: str
    """The same against those that do not know the truth either (`Row.rivals_alike`)."""
    lost: tuple[str, ...]
    """The sets on which something was not beaten, and what."""
    won: int
    pictures: int
    without: tuple[str, ...]
    """The rivals left out of `won` in sets of which they were tried on some pictures alone."""


def score(restored: FloatArray, clean: FloatArray, scale: int = 1) -> Score:
    """All measures of a picture (h, w, 3) against its clean one.

    The luma ones leave out a rim of `scale` pixels where a picture was enlarged by that, as the
    super-resolution literature does.
    """
    rim = slice(scale, -scale) if scale > 1 else slice(None)
    inner, inner_clean = restored[rim, rim], clean[rim, rim]
    return Score(
        psnr=metrics.psnr(restored, clean),
        ssim=metrics.ssim(restored, clean),
        psnr_luma=metrics.psnr_luma(inner, inner_clean),
        ssim_luma=metrics.ssim_luma(inner, inner_clean),
        colour=metrics.flat_colour_error(restored, clean),
        grid=metrics.grid_excess(restored, clean),
    )


def verdict(task: str, rows: Sequence[Row]) -> Verdict:
    """Judge a preset by all rows of its table; `rows` are not empty."""
    lost = tuple(f"{row.title} ({', '.join(row.unbeaten())})" for row in rows if row.unbeaten())
    # a row in luma is of the same pictures as the one before it
    counted = [row for row in rows if not row.luma]
    return Verdict(
        task=task,
        answer=_answer(rows, [row.rivals for row in rows]),
        alike=_answer(rows, [row.rivals_alike for row in rows]),
        lost=lost,
        won=sum(row.pictures_won() for row in counted),
        pictures=sum(len(row.records) for row in counted),
        without=tuple(dict.fromkeys(rival for row in counted for rival in row.partial)),
    )


def _answer(rows: Sequence[Row], rivals: Sequence[Sequence[str]]) -> str:
    # the least lead of a row is the one over its strongest rival, for PSNR and SSIM apart
    leads = [[row.lead(rival) for rival in named] for row, named in zip(rows, rivals, strict=True)]
    if min(min(lead) for row in leads for lead in row) > 0:
        return "yes"
    mean = [fmean(min(lead[i] for lead in row) for row in leads) for i in range(2)]
    return "in the mean" if min(mean) > 0 else "no"


def verdicts(rows: Sequence[Row]) -> list[Verdict]:
    tasks = dict.fromkeys(row.task for row in rows)
    return [verdict(task, [row for row in rows if row.task == task]) for task in tasks]
