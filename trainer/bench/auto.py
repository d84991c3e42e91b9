"""How well the autopilot chooses, and the fit of its judges.

`python -m trainer.bench.auto --data FOLDER` prints what is proposed for the clean photos below
FOLDER/train and FOLDER/eval/clean, which should be left alone, for those with real damage in
FOLDER/eval/paired and FOLDER/eval/real, and for clean ones with damage added step by step.
`--fit` prints the judges instead, fitted on clean photos below FOLDER/train and on nothing else:
the text of `resources/autopilot.toml`. `--fit-second` prints those of the second look, that of
`resources/second_look.toml`, which depend on the shipped model and so are fitted after it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from engine.advice import advise
from engine.analysis import Restore, analyse, look_again
from engine.damage import LOOKS
from engine.diagnosis import Judge, load_judges, traits_of
from engine.diffusion.looks import restorers_of
from engine.photo import FloatArray
from engine.preset import Preset
from engine.proposal import LEAVE_ALONE, Proposal
from trainer.autopilot.cases import CASES, calibration, ladder, photos_in, read
from trainer.autopilot.fit import FloatMatrix, Sample, fit
from trainer.autopilot.judge_traits import SECOND_LOOK
from trainer.autopilot.second_cases import SECOND_CASES
from trainer.bench.model import lite_predictor
from trainer.option_values import seed

_SHORT = {
    LEAVE_ALONE: "none",
    "denoise": "noise",
    "artifacts": "jpeg",
    "deblur": "blur",
    "upscale": "small",
    "low-light": "dark",
    "dehaze": "haze",
    "derain": "rain",
    "desnow": "snow",
    "old-photo": "old",
}
"""Columns of the table."""
_PRESETS: Mapping[str, Preset] = {
    id: Preset(id=id, title=id, summary="", task=id) for id in _SHORT if id
}
_SHUFFLE = 5
_DAMAGED_EACH = 4
"""Damaged pictures made of each photo for the second look."""
_SECOND_ALARMS = {
    "denoise": 0.1,
    "deblur": 0.05,
    "dehaze": 0.05,
    "low-light": 0.01,
    "old-photo": 0.02,
    "derain": 0.02,
    "desnow": 0.02,
}
"""Share of clean photos for which the second look may propose something. More than for the first
where the photo hardly changes in doubt; what is proposed in full or not at all has to be surer yet
(`engine.damage.Look.sure`)."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One picture that was judged, and the group it is counted in."""

    group: str
    name: str
    proposal: Proposal


class _Shipped:
    """Restores as the shipped model does, which is loaded once it is needed."""

    def __init__(self) -> None:
        self._loaded: dict[str, Restore] | None = None

    @property
    def restorers(self) -> dict[str, Restore]:
        """What the second look asks, by task."""
        return {task: partial(self._restore, task=task) for task in LOOKS}

    def _restore(self, crop: FloatArray, task: str) -> FloatArray:
        self._loaded = self._loaded or restorers_of(lite_predictor(None))
        return self._loaded[task](crop)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table or, with an option to fit, judges; 2 where the pictures are missing."""
    parser = _options()
    options = parser.parse_args(argv)
    if options.only and not options.fit_second:
        parser.error("--only says which judges --fit-second prints")
    cv2.setNumThreads(1)
    folder = options.data / ("train" if options.fit or options.fit_second else "eval")
    paths = photos_in(folder)
    if not paths:
        sys.stderr.write(f"There are no pictures below {folder}.\n")
        return 2
    restorers = _Shipped().restorers
    if options.fit or options.fit_second:
        order = np.random.default_rng(_SHUFFLE).permutation(len(paths))
        chosen = sorted(paths[index] for index in order[: options.photos])
        if options.fit_second:
            fits = [
                _second_fit(chosen, options.seed, task, restorers[task])
                for task in options.only or SECOND_LOOK
            ]
        else:
            fits = [_fit(chosen, options.seed)]
        option = "--fit-second" if options.fit_second else "--fit"
        sys.stdout.write("\n".join(_toml(option, fits)) + "\n")
        return 0
    judges = load_judges(options.judges)
    rows = list(_judged(options.data, judges, restorers, options.ladder))
    for line in _table(rows):
        sys.stdout.write(line + "\n")
    if options.each:
        for row in rows:
            strength = f"{row.proposal.strength:.2f}"
            reasons = " ".join(row.proposal.reasons)
            sys.stdout.write(f"{row.name}\t{row.proposal.preset_id}\t{strength}\t{reasons}\n")
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m trainer.bench.auto", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="holds the folders train and eval")
    fits = parser.add_mutually_exclusive_group()
    fits.add_argument("--fit", action="store_true", help="print newly fitted judges")
    fits.add_argument(
        "--fit-second", action="store_true", help="print newly fitted judges of the second look"
    )
    parser.add_argument(
        "--only", nargs="+", choices=SECOND_LOOK, help="print these judges of --fit-second alone"
    )
    parser.add_argument("--photos", type=int, help="fit on as many photos only, for a trial")
    parser.add_argument("--seed", type=seed, default=0)
    parser.add_argument("--judges", type=Path, help="a file of judges, not the shipped one")
    parser.add_argument(
        "--ladder", type=int, default=20, help="photos to which damage is added step by step"
    )
    parser.add_argument("--each", action="store_true", help="also print a line for each picture")
    return parser


_Fitted = tuple[tuple[Judge, ...], list[str]]
"""Judges, and how pictures fare of photos that they were not fitted on."""


def _fit(paths: Sequence[Path], seed: int) -> _Fitted:
    """The judges of the first look."""
    samples, cases = [], []
    for path, case, picture in calibration(paths, CASES, seed):
        samples.append(Sample(traits_of(analyse(picture)), case.wanted, str(path)))
        cases.append(case.name)
    judges, margins = fit(samples)
    return judges, _report(samples, cases, judges, margins)


def _second_fit(paths: Sequence[Path], seed: int, task: str, restore: Restore) -> _Fitted:
    """The judge of the second look for a task."""
    samples, cases = [], []
    for path, case, picture in calibration(paths, SECOND_CASES[task], seed, _DAMAGED_EACH):
        analysis = look_again(analyse(picture), picture, task, restore)
        samples.append(Sample(traits_of(analysis), case.wanted, str(path)))
        cases.append(case.name)
    judges, margins = fit(samples, {task: SECOND_LOOK[task]}, _SECOND_ALARMS[task])
    return judges, _report(samples, cases, judges, margins)


def _report(
    samples: Sequence[Sample], cases: Sequence[str], judges: Sequence[Judge], margins: FloatMatrix
) -> list[str]:
    """How often each kind of picture was taken for what it is."""
    tasks = np.array([LEAVE_ALONE, *(judge.task for judge in judges)])
    chosen = tasks[np.where(margins.max(axis=1) > 0, margins.argmax(axis=1) + 1, 0)]
    # to damage that is another judge's these should say nothing
    wanted = [task if task in tasks else LEAVE_ALONE for task in (s.task for s in samples)]
    right = chosen == np.array(wanted)
    named, photos = np.array(cases), len({sample.photo for sample in samples})
    report = [f"Pictures of {photos} photos, each judged by a fit that never saw its photo:"]
    for name in sorted(set(cases)):
        members = named == name
        report.append(f"{name:15} {right[members].mean():6.1%} of {members.sum()} right")
    return report


def _toml(option: str, fits: Iterable[_Fitted]) -> Iterator[str]:
    """The file of the judges, before those of each fit its report, as comments."""
    yield f"# The autopilot's judges: python -m trainer.bench.auto {option} --data FOLDER"
    for index, (judges, report) in enumerate(fits):
        if index:
            yield ""
        yield from (f"# {line}" for line in report)
        yield from _tables(judges)


def _tables(judges: Iterable[Judge]) -> Iterator[str]:
    for judge in judges:
        yield f"\n[{judge.task}]"
        yield f"threshold = {judge.threshold:.4f}"
        yield f"traits = [{_strings(judge.traits)}]"
        yield f"centre = {_numbers(judge.centre)}"
        yield f"spread = {_numbers(judge.spread)}"
        yield f"weights = {_numbers(judge.weights)}"


def _strings(values: Iterable[str]) -> str:
    return ", ".join(f'"{value}"' for value in values)


def _numbers(values: FloatArray) -> str:
    return "[" + ", ".join(f"{float(value):.4f}" for value in values) + "]"


def _judged(
    data: Path, judges: tuple[Judge, ...], restorers: Mapping[str, Restore], rungs: int
) -> Iterator[_Row]:
    """Every picture below `data`, then the ladder on photos spread over data/eval/clean.

    Whatever EXIF says, prints are among what is proposed: it shows what the judges know.
    """
    for folder in ("train", "eval/clean", "eval/paired", "eval/real"):
        for path in photos_in(data / folder):
            parts = path.relative_to(data).parts
            group = "/".join(parts[:1] if folder == "train" else parts[1:-1])
            _, proposal = advise(read(path), _PRESETS, restorers, judges)
            yield _Row(group, "/".join(parts), proposal)
    clean = photos_in(data / "eval/clean")
    order = np.random.default_rng(_SHUFFLE).permutation(len(clean))[:rungs]
    for case, picture in ladder([read(clean[index]) for index in sorted(order)], _SHUFFLE):
        _, proposal = advise(picture, _PRESETS, restorers, judges)
        yield _Row(f"{case.name} ({_SHORT[case.wanted]})", case.name, proposal)


def _table(rows: Sequence[_Row]) -> Iterator[str]:
    """Counts of proposals by group, and the mean strength of those made."""
    yield f"{'':34}" + "".join(f"{short:>6}" for short in _SHORT.values()) + " strength"
    for group in dict.fromkeys(row.group for row in rows):
        proposals = [row.proposal for row in rows if row.group == group]
        counts = [sum(p.preset_id == id for p in proposals) for id in _SHORT]
        made = [p.strength for p in proposals if p.preset_id]
        strength = f"{np.mean(made):9.2f}" if made else f"{'':>9}"
        yield f"{group:34}" + "".join(f"{count or '.':>6}" for count in counts) + strength


if __name__ == "__main__":
    sys.exit(main())
