"""`restorer bench speed`: how fast the lite model is here, beside what is asked of it.

All in one run: the machine's own ceiling, the model at several sizes, the classical tools on the
same machine, and fresh processes as a user starts them.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import cv2
import torch

from engine.photo import FloatArray
from trainer.bench.ceiling import Ceiling, Work, convolution_ceiling, median_seconds
from trainer.bench.classical import cbm3d
from trainer.bench.content import as_floats, made_up_photo
from trainer.bench.denoising import bm3d_installed
from trainer.bench.model import keep, lite_predictor, lite_work, say
from trainer.bench.process import CannotMeasure, fresh_run, seconds_to_first_pixels
from trainer.bench.report import table
from trainer.bench.stages import stage_seconds
from trainer.bench.trial import Trial
from trainer.helps import Parser
from trainer.option_values import count

log = logging.getLogger(__name__)

SIZES = (1.0, 4.0, 12.0, 24.0, 48.0)
"""Megapixels."""
LARGE = 100.0
SMALL = 0.1
"""Megapixels of the picture for CBM3D, which takes a minute or more for each."""
_SIGHT = 1400, 900
"""Pixels of a photo at 100 % in a window on a screen of 1920 x 1080."""


class Denoiser(Protocol):
    """What the bench needs of the predictor."""

    def restore(self, srgb: FloatArray, task: str) -> FloatArray:
        """Restore (h, w, 3), 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One measured number, and the most it may be, if anything is asked of it."""

    name: str
    value: float | None
    unit: str
    asked: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.asked is None:
            return ""
        if self.value is None:
            return "not measured"
        return "ok" if self.value < self.asked else "MISS"


def main(argv: list[str]) -> int:
    """Run the bench; 0 when it could measure, fast or slow.

    Raises the `RestorerError`s of missing weights.
    """
    options = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    model = lite_predictor(options.weights)
    before = convolution_ceiling()
    per_megapixel = lite_speeds(model, options.sizes, options.repeats)
    ceiling = before.at_least(convolution_ceiling())
    findings = [
        *_own_findings(per_megapixel, ceiling, lite_work(options.weights)),
        *(
            Finding(name=name, value=seconds, unit="s/MP", asked=1.0, note=note)
            for name, seconds, note in stage_seconds(model, options.repeats)
        ),
        *_rival_findings(per_megapixel, with_bm3d=options.bm3d),
        *(_first_findings() if options.processes else ()),
        *(_memory_findings() if options.large else ()),
    ]
    say("\n".join(speed_lines(findings)))
    found = {"machine": _machine(), "findings": [_data(f) for f in findings]}
    keep(options.json, json.dumps(found, indent=1))
    return 0


def lite_speeds(model: Denoiser, sizes: Sequence[float], repeats: int) -> dict[float, float]:
    """Seconds per megapixel of denoising, the median of `repeats` runs at each size."""
    # the first run chooses kernels and fills caches
    model.restore(as_floats(made_up_photo(1)), "denoise")
    found: dict[float, float] = {}
    for size in sizes:
        photo = as_floats(made_up_photo(size))
        seconds = median_seconds(partial(model.restore, photo, "denoise"), repeats)
        found[size] = seconds / (photo.shape[0] * photo.shape[1] / 1e6)
        log.info("%g MP: %.3f s/MP", size, found[size])
    return found


def speed_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Markdown: the machine, then asked beside measured."""
    yield ", ".join(f"{name}: {value}" for name, value in _machine().items())
    yield ""
    head = ("what", "asked", "measured", "", "")
    yield from table(head, (_cells(finding) for finding in findings))


def _cells(finding: Finding) -> tuple[str, ...]:
    asked = "" if finding.asked is None else f"< {finding.asked:g} {finding.unit}"
    value = "–" if finding.value is None else f"{finding.value:.3g} {finding.unit}"
    return finding.name, asked.rstrip(), value.rstrip(), finding.verdict, finding.note


def _own_findings(
    per_megapixel: Mapping[float, float], ceiling: Ceiling, work: Work
) -> Iterator[Finding]:
    yield Finding(name="ceiling, float32", value=ceiling.float32, unit="GFLOP/s")
    yield Finding(name="ceiling, bfloat16", value=ceiling.bfloat16, unit="GFLOP/s")
    if ceiling.int8:
        yield Finding(name="ceiling, 8 bits", value=ceiling.int8, unit="GOP/s")
    for size, seconds in per_megapixel.items():
        yield Finding(name=f"lite denoise, {size:g} MP", value=seconds, unit="s/MP", asked=1.0)
    spread = max(per_megapixel.values()) / min(per_megapixel.values())
    yield Finding(name="slowest size over fastest", value=spread, unit="")
    reached = 100 * ceiling.least_seconds(work) / min(per_megapixel.values())
    note = f"{work.total / 1e9:.0f} GFLOP per megapixel"
    if work.eight_bit:
        note += f", {work.eight_bit / 1e9:.0f} of them in 8 bits"
    yield Finding(name="share of the ceiling", value=reached, unit="%", note=note)


def _rival_findings(per_megapixel: Mapping[float, float], *, with_bm3d: bool) -> Iterator[Finding]:
    ours = per_megapixel[min(per_megapixel)]
    photo = made_up_photo(1)
    means = partial(cv2.fastNlMeansDenoisingColored, photo, None, 10, 10, 7, 21)
    seconds = median_seconds(means, 3) / (photo.shape[0] * photo.shape[1] / 1e6)
    yield Finding(name="OpenCV NLM, 1 MP", value=seconds, unit="s/MP")
    yield Finding(name="lite over NLM", value=ours / seconds, unit="", asked=0.5)
    if not with_bm3d or not bm3d_installed():
        note = "bm3d is not installed" if with_bm3d else "left out"
        yield Finding(name="lite over CBM3D", value=None, unit="", asked=0.02, note=note)
        return
    small = as_floats(made_up_photo(SMALL))
    trial = Trial(name="speed", degraded=small, clean=small, sigma=8 / 255)
    slow = median_seconds(partial(cbm3d, trial), 1) / (small.shape[0] * small.shape[1] / 1e6)
    yield Finding(name=f"CBM3D, {SMALL:g} MP", value=slow, unit="s/MP")
    yield Finding(name="lite over CBM3D", value=ours / slow, unit="", asked=0.02)


def _first_findings() -> Iterator[Finding]:
    """What a user of a 12 MP camera waits for."""
    name = "fresh start to first pixels, 12 MP"
    try:
        first = seconds_to_first_pixels(12)
        yield Finding(name=name, value=first, unit="s", asked=3.0, note="first tile finished")
        for preset in ("denoise", "auto"):
            seen = seconds_to_first_pixels(12, preset, _SIGHT)
            told = f"fresh start to all that is in sight, 12 MP, {preset}"
            note = f"{_SIGHT[0]} x {_SIGHT[1]} pixels, which the window restores first"
            yield Finding(name=told, value=seen, unit="s", note=note)
        run = fresh_run(12)
        yield Finding(name="fresh start to saved file, 12 MP", value=run.seconds, unit="s")
    except CannotMeasure as error:
        yield Finding(name=name, value=None, unit="s", asked=3.0, note=str(error))


def _memory_findings() -> Iterator[Finding]:
    name = f"peak memory, {LARGE:g} MP"
    try:
        run = fresh_run(LARGE)
        yield Finding(name=name, value=run.peak_gib, unit="GiB", note=f"{run.seconds:.0f} s")
    except CannotMeasure as error:
        yield Finding(name=name, value=None, unit="GiB", note=str(error))


def _machine() -> dict[str, str]:
    return {
        "cores": str(os.cpu_count()),
        "threads": str(torch.get_num_threads()),
        "processor": torch.backends.cpu.get_cpu_capability(),
        "system": platform.system(),
        "torch": torch.__version__,
    }


def _data(finding: Finding) -> dict[str, object]:
    return {**asdict(finding), "verdict": finding.verdict}


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="restorer bench speed", description=__doc__)
    parser.add_argument("--sizes", type=_sizes, default=SIZES, metavar="MP,...")
    parser.add_argument("--repeats", type=count, default=3, help="runs at each size")
    parser.add_argument("--large", action="store_true", help=f"the memory of {LARGE:g} MP too")
    parser.add_argument("--no-bm3d", dest="bm3d", action="store_false", help="leave CBM3D out")
    parser.add_argument(
        "--no-processes", dest="processes", action="store_false", help="start no fresh processes"
    )
    parser.add_argument("--weights", type=Path, help="another lite model: its folder")
    parser.add_argument("--json", type=Path, help="write the numbers here")
    return parser


def _sizes(text: str) -> tuple[float, ...]:
    sizes = tuple(float(part) for part in text.split(","))
    if min(sizes) <= 0:
        raise ValueError(f"sizes are above 0, not {text}")
    return sizes
