"""`restorer bench quality`: the lite presets beside their input and the best classical tools."""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from engine.errors import MissingWeights, RestorerError, WrongAdapter
from engine.photo import FloatArray
from trainer.bench.classical import SLOW, TOOLS, best_in_hindsight, bicubic, inpainted
from trainer.bench.denoising import bm3d_installed
from trainer.bench.gain import gain_lines, gains
from trainer.bench.harm import harm, harm_lines, seam, seam_lines
from trainer.bench.model import LiteModel, keep, lite_predictor, say
from trainer.bench.raw import raw_lines, raw_scores
from trainer.bench.report import quality_data, quality_tables, summary
from trainer.bench.rows import (
    INPAINTED_FOUND,
    INPUT,
    OURS,
    TOLD,
    Filling,
    Record,
    Row,
    score,
)
from trainer.bench.sets import SETS, BenchSet
from trainer.bench.trial import Model, Trial, Untouched, eight_bit
from trainer.helps import Parser
from trainer.metrics import psnr
from trainer.option_values import count

log = logging.getLogger(__name__)

DATA = Path("../shared/data/eval")
CHECKS = ("seams", "harm", "auto", "raw")
_STRENGTHS = (0.25, 0.5, 0.75, 1.0)
"""Of the slider, tried in hindsight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much is measured."""

    pictures: int
    """Most pictures of a set."""
    slow_pictures: int
    """Most pictures of a set for the tools in `SLOW`; 0 leaves them out."""


def main(argv: list[str]) -> int:
    """Run the bench; 0 when it could measure, whatever came out, and 2 where it was asked wrongly.

    Raises the `RestorerError`s of missing weights and pictures.
    """
    options = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    if not options.data.is_dir():
        log.error(
            "There are no test pictures in “%s”; name their folder with --data.", options.data
        )
        return 2
    wanted = set(options.only.split(",")) if options.only else {s.task for s in SETS} | {*CHECKS}
    unknown = wanted - {s.task for s in SETS} - {*CHECKS}
    if unknown:
        log.error("There is no task “%s” in this bench.", "”, “".join(sorted(unknown)))
        return 2
    with_bm3d = options.bm3d and bm3d_installed()
    if options.bm3d and not with_bm3d:
        log.warning("The package bm3d is not installed, so CBM3D is not measured.")
    extent = Extent(pictures=options.limit, slow_pictures=options.bm3d_limit if with_bm3d else 0)
    with tempfile.TemporaryDirectory(prefix="restorer-bench-") as cache:
        lite = None if options.no_model else LiteModel(lite_predictor(options.weights), Path(cache))
        text, found = _bench(options.data, lite, wanted, extent)
    say(text)
    keep(options.markdown, NOTES + text)
    keep(options.json, json.dumps(found, indent=1))
    return 0


def _bench(
    data: Path, lite: LiteModel | None, wanted: Set[str], extent: Extent
) -> tuple[str, dict[str, object]]:
    """The report as Markdown and as data; without a model, the classical columns alone."""
    model = Untouched() if lite is None else lite
    rows = [row for s in SETS if s.task in wanted for row in measured(s, data, model, extent)]
    text, found = quality_tables(rows) if rows else "", quality_data(rows)
    if lite is None:
        text = f"Without a model: “{OURS}” is the input, no more than enlarged.\n\n{text}"
    if lite is not None and "seams" in wanted:
        moved = seam(data, lite)
        text += "\n".join(("## seams", "", *seam_lines(moved), "", ""))
        found["seams"] = asdict(moved)
    for title, check in (("harm", _harm), ("auto", _auto), ("raw", _raw)):
        if lite is not None and title in wanted:
            try:
                found[title], lines = check(data, lite, extent.pictures)
                text += "\n".join((f"## {title}", "", *lines, "", ""))
            except RestorerError as error:  # the tables of an hour are worth more than this check
                text += f"## {title}\n\nNot measured: {error.message}\n\n"
    return text, found


def _harm(data: Path, lite: LiteModel, most: int) -> tuple[object, Iterable[str]]:
    done = harm(data, lite.auto, most)
    return [asdict(h) for h in done], harm_lines(done)


def _auto(data: Path, lite: LiteModel, most: int) -> tuple[object, Iterable[str]]:
    helped = gains(data, lite.auto, most)
    return [asdict(g) for g in helped], gain_lines(helped)


def _raw(data: Path, lite: LiteModel, most: int) -> tuple[object, Iterable[str]]:
    scores = raw_scores(data, lite, most)
    return [asdict(s) for s in scores], raw_lines(scores)


def measured(bench_set: BenchSet, data: Path, model: Model, extent: Extent) -> list[Row]:
    """Try every column on every picture of a set; gives its row, or its two rows.

    Gives none, and says so, where the model has no usable adapter for the task.
    """
    records: list[Record] = []
    try:
        for number, trial in enumerate(bench_set.trials(data, bench_set.name, extent.pictures)):
            names = [t for t in bench_set.tools if t not in SLOW or number < extent.slow_pictures]
            records.append(record(trial, bench_set.task, names, model))
    except (MissingWeights, WrongAdapter) as error:
        log.warning("%s is left out: %s", bench_set.name, error.message)
        return []
    row = Row(name=bench_set.name, task=bench_set.task, records=tuple(records))
    log.info("%s: %s", row.title, summary(row))
    if not bench_set.luma:
        return [row]
    return [row, Row(name=row.name, task=row.task, records=row.records, luma=True)]


def record(trial: Trial, task: str, tools: Sequence[str], model: Model) -> Record:
    """Score the input, the named tools and the model on one picture."""
    given = trial.degraded if trial.scale == 1 else bicubic(trial)
    # before the tools, which are slow: without an adapter there is nothing to compare them with
    restored = eight_bit(model.restore(trial.degraded, task, trial.scale))
    tried = {INPUT: given, **{name: TOOLS[name](trial) for name in tools}}
    filling = None
    if trial.mask is not None:
        found = model.scratch_mask(trial.degraded)
        tried[INPAINTED_FOUND] = inpainted(replace(trial, mask=found))
        tried[TOLD] = eight_bit(model.fill(trial.degraded, trial.mask))
        filling = _filling(trial, found, {**tried, OURS: restored})
    tried[OURS] = restored
    tuned = None
    if trial.scale == 1:
        mixes = (eight_bit(given + share * (restored - given)) for share in _STRENGTHS)
        tuned = score(best_in_hindsight(trial, mixes), trial.clean)
    scores = {name: score(image, trial.clean, trial.scale) for name, image in tried.items()}
    return Record(picture=trial.name, scores=scores, filling=filling, tuned=tuned)


def _filling(trial: Trial, found: FloatArray, tried: Mapping[str, FloatArray]) -> Filling:
    assert trial.mask is not None
    precision, recall = _hits(found, trial.mask)
    hole = trial.mask > 0.5
    inside = {name: psnr(image[hole], trial.clean[hole]) for name, image in tried.items()}
    return Filling(precision=precision, recall=recall, inside=inside)


def _hits(found: FloatArray, true: FloatArray) -> tuple[float, float]:
    """Precision and recall, pixel by pixel, of a mask (h, w) cut at one half."""
    said, is_so = found > 0.5, true > 0.5
    both = int(np.count_nonzero(said & is_so))
    return both / max(int(said.sum()), 1), both / max(int(is_so.sum()), 1)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="restorer bench quality", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder with clean/ and paired/")
    parser.add_argument("--only", metavar="TASK,...", default="", help="these tables and checks")
    parser.add_argument("--limit", type=count, default=10**6, help="most of a set; else all")
    parser.add_argument("--bm3d-limit", type=count, default=4, help="most pictures for CBM3D")
    parser.add_argument("--no-bm3d", dest="bm3d", action="store_false", help="leave CBM3D out")
    parser.add_argument("--no-model", action="store_true", help="the classical columns alone")
    parser.add_argument("--weights", type=Path, help="another lite model: its folder")
    parser.add_argument("--markdown", type=Path, help="write the tables here")
    parser.add_argument("--json", type=Path, help="write every picture's numbers here")
    return parser


NOTES = """\
Each cell is PSNR in dB / SSIM, the mean over the set, on RGB (rows with Y: on luma), of pictures
rounded to 8 bit. Free parameters of the classical tools are chosen in hindsight, per picture, for
the best PSNR; so is lite's strength, of four, in the column of that name, which decides nothing.
"colour" is the mean CIEDE2000 of flat regions against the clean picture and "grid"
the excess of the error's steps on a grid of 2 to 16 pixels, both input → lite. "inpainting" is told
the true mask of the damage, which nobody has, and is compared with lite told it; "found mask" is
the one that lite finds. "won" counts the pictures in which lite is above every rival in both PSNR
and SSIM; "without" names rivals that were tried on some of the pictures alone and are left out.
The input of rows "unclipped" is not rounded: its noise goes beyond 0..1, as the literature adds it
and no file holds it, and lite and CBM3D see all of it. NLM reads bytes alone, so it is given the
clipped and rounded picture there.

"""
