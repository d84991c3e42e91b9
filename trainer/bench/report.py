"""What the quality bench found, as tables for the eye and as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from statistics import fmean

from trainer.bench.rows import (
    INPAINTED,
    INPAINTED_FOUND,
    INPUT,
    OURS,
    TOLD,
    TUNED,
    Filling,
    Row,
    Verdict,
    verdicts,
)


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
    head = (
        "preset",
        "beats input and tools set once",
        "and in hindsight",
        "pictures won",
        "not on",
    )
    won = (_share_won(v.won, v.pictures, v.without) for v in found)
    lines = (
        (v.task, v.alike, v.answer, w, "; ".join(v.lost)) for v, w in zip(found, won, strict=True)
    )
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
