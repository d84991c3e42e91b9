"""What the quality bench found, as tables for the eye and as data; and the verdict per preset."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean

from engine.photo import FloatArray
from trainer import metrics

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
    # the least lead of a row is the one over its strongest rival, for PSNR and SSIM apart
    leads = [[row.lead(rival) for rival in row.rivals] for row in rows]
    mean = [fmean(min(lead[i] for lead in row) for row in leads) for i in range(2)]
    # a row in luma is of the same pictures as the one before it
    counted = [row for row in rows if not row.luma]
    answer = "yes" if not lost else "in the mean" if min(mean) > 0 else "no"
    return Verdict(
        task=task,
        answer=answer,
        lost=lost,
        won=sum(row.pictures_won() for row in counted),
        pictures=sum(len(row.records) for row in counted),
        without=tuple(dict.fromkeys(rival for row in counted for rival in row.partial)),
    )


def verdicts(rows: Sequence[Row]) -> list[Verdict]:
    tasks = dict.fromkeys(row.task for row in rows)
    return [verdict(task, [row for row in rows if row.task == task]) for task in tasks]


def quality_tables(rows: Sequence[Row]) -> str:
    """Markdown: one table a task, then the verdicts."""
    parts: list[str] = []
    for task in dict.fromkeys(row.task for row in rows):
        chosen = [row for row in rows if row.task == task]
        parts += [f"## {task}", "", *_task_table(chosen), "", *REFERENCES.get(task, ()), ""]
    parts += ["## verdicts", "", *_verdict_table(verdicts(rows)), ""]
    return "\n".join(parts)


def summary(row: Row) -> str:
    """One line: how many pictures, and the means of every column."""
    means = (f"{column} {_numbers(*row.means(column))}" for column in row.columns)
    return f"{len(row.records)} pictures; {', '.join(means)}"


def quality_data(rows: Sequence[Row]) -> dict[str, object]:
    """The same as plain JSON data, with every picture."""
    return {
        "sets": [{**asdict(row), "columns": row.columns} for row in rows if not row.luma],
        "verdicts": [asdict(v) for v in verdicts(rows)],
    }


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> Iterator[str]:
    """A Markdown table, line by line."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join(' --- ' for _ in head)}|"
    for line in lines:
        yield f"| {' | '.join(line)} |"


def _task_table(rows: Sequence[Row]) -> Iterator[str]:
    columns = list(dict.fromkeys(c for row in rows for c in row.columns if c != OURS))
    head = ("set", "pictures", *columns, OURS, TUNED, "beats all", "won", "colour", "grid")
    yield from table(head, ([*_cells(row, columns)] for row in rows))
    for row in rows:
        fillings = [r.filling for r in row.records if r.filling is not None]
        if fillings:
            yield from _filling_lines(row.title, fillings)


def _filling_lines(title: str, fillings: Sequence[Filling]) -> Iterator[str]:
    precision, recall = (fmean(getattr(f, name) for f in fillings) for name in _HITS)
    inside = {name: fmean(f.inside[name] for f in fillings) for name in fillings[0].inside}
    yield ""
    yield f"Damage found in {title}: precision {precision:.2f}, recall {recall:.2f}."
    yield "PSNR of the destroyed pixels alone: " + ", ".join(
        f"{name} {value:.2f} dB" for name, value in inside.items()
    )
    for ours, theirs, what in (
        (TOLD, INPAINTED, "both told the true mask"),
        (OURS, INPAINTED_FOUND, "both with the mask that lite found"),
    ):
        if theirs in inside:
            yield f"Lite over inpainting, {what}: {inside[ours] - inside[theirs]:+.2f} dB."


def _cells(row: Row, columns: Sequence[str]) -> Iterator[str]:
    yield row.title
    yield str(len(row.records))
    for column in columns:
        yield _cell(row, column)
    yield _numbers(*row.means(OURS))
    yield _tuned(row)
    yield "no: " + ", ".join(row.unbeaten()) if row.unbeaten() else "yes"
    yield _share_won(row.pictures_won(), len(row.records), row.partial)
    yield " → ".join(_mean(row, c, "colour") for c in (INPUT, OURS))
    yield " → ".join(_mean(row, c, "grid") for c in (INPUT, OURS))


def _cell(row: Row, column: str) -> str:
    covered = sum(column in record.scores for record in row.records)
    if not covered:
        return "–"
    text = _numbers(*row.means(column))
    if covered < len(row.records):
        text += f" on {covered} ({OURS} there {_numbers(*row.means(OURS, shared_with=column))})"
    return text


def _share_won(won: int, pictures: int, without: Sequence[str]) -> str:
    text = f"{won} of {pictures}"
    return f"{text} without {' and '.join(without)}" if without else text


def _tuned(row: Row) -> str:
    found = [record.tuned for record in row.records if record.tuned is not None]
    if row.luma or not found:
        return "–"
    return _numbers(fmean(s.psnr for s in found), fmean(s.ssim for s in found))


def _numbers(psnr: float, ssim: float) -> str:
    return f"{psnr:.2f} / {ssim:.4f}"


def _mean(row: Row, column: str, measure: str) -> str:
    return f"{fmean(float(asdict(r.scores[column])[measure]) for r in row.records):.2f}"


def _verdict_table(found: Sequence[Verdict]) -> Iterator[str]:
    head = ("preset", "beats input and classical", "pictures won", "not on")
    won = (_share_won(v.won, v.pictures, v.without) for v in found)
    lines = ((v.task, v.answer, w, "; ".join(v.lost)) for v, w in zip(found, won, strict=True))
    yield from table(head, lines)


_HITS = ("precision", "recall")

REFERENCES: Mapping[str, tuple[str, ...]] = {
    "denoise": (
        "Published, CBSD68 unclipped, noise 15 / 25 / 50: CBM3D 33.52 / 30.71 / 27.38 dB, "
        "DnCNN 33.90 / 31.24 / 27.95 dB, DRUNet 34.30 / 31.69 / 28.51 dB.",
    ),
    "dehaze": ("Published, dark channel prior on SOTS: indoor 16.62 dB, outdoor 19.13 dB.",),
    "derain": ("SSIM and PSNR here are of RGB; the literature of Rain100H gives Y.",),
}
