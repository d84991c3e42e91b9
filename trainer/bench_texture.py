"""`restorer bench texture`: what the texture prior adds to drafts, on photographs.

Crops of held-out photographs are damaged or reduced, drafted by the embedded model, and painted
over from the same noise; PSNR and SSIM say how true that is, the measures of texture whether it is
of the right kind and strength.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
import torch

from engine.backbones import find_backbone
from engine.diffusion.prior import Painter
from engine.diffusion.texture_files import load_prior_networks
from engine.diffusion.texture_prior import TexturePrior, texture_trajectory
from engine.photo import FloatArray
from engine.progress import Silent
from engine.resources import resource
from engine.shelf import Shelf
from engine.texture import textured
from trainer import metrics
from trainer.bench_claims import damaged, middle
from trainer.bench_claims_report import FEW, interval
from trainer.bench_claims_ways import MAIN, Trial
from trainer.bench_model import keep, lite_drafts, say
from trainer.bench_report import table
from trainer.bench_sets import picture, pictures
from trainer.bench_trial import eight_bit, rng_for
from trainer.degradations.blur import shrunk_bicubic
from trainer.drafts import Drafts
from trainer.option_values import count
from trainer.recipe import load_recipe
from trainer.texture_measures import sliced_distance, texture_share

log = logging.getLogger(__name__)

DRAFT, BARE, GUIDED = "draft alone", "prior without guidance", "prior, guided"
_PHOTOS = Path("../shared/data/eval/clean/kodak24")
_STEPS = (1, 2, 4, 8)
_TASKS = ("denoise", "artifacts", "deblur")


@dataclass(frozen=True, slots=True)
class Texture:
    """How a result compares with the truth: PSNR in dB, SSIM, and the measures of texture."""

    psnr: float
    ssim: float
    share: float
    distance: float


@dataclass(frozen=True, slots=True)
class Case:
    """One picture with one damage, and what came of it by way and steps; the draft has 0."""

    photo: str
    task: str
    found: Mapping[tuple[str, int], Texture]


def main(argv: list[str]) -> int:
    """Run the bench; 0 when it could measure, and 2 where it was asked wrongly.

    Raises the `RestorerError`s of missing weights and pictures.
    """
    options = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    if not options.photos.is_dir():
        log.error("There are no photographs in “%s”; name a folder with --photos.", options.photos)
        return 2
    ways = loaded(options.prior, options.guidance)
    cases = []
    for trial in _trials(options):
        cases.append(tried(ways, trial))
        log.info("%s, %s", trial.photo, trial.task)
    say("\n".join(texture_lines(cases)))
    rows = [
        {"photo": case.photo, "task": case.task, "way": way, "steps": steps, **asdict(found)}
        for case in cases
        for (way, steps), found in case.found.items()
    ]
    keep(options.json, json.dumps(rows, indent=1))
    return 0


def loaded(prior: Path | None, guidance: Path | None) -> dict[str, TexturePrior]:
    """The prior with and without guidance, on the processor in float32; those of the catalogue
    where no files are named. Raises `MissingWeights`, `WrongWeights`, `WrongAdapter`."""
    spec = find_backbone("lite-texture")
    files = {file.role: Shelf().place(spec) / file.path for file in spec.files}
    place = prior or files["transformer"]
    adapter = guidance or files["adapter"]
    return {
        BARE: TexturePrior(spec.id, load_prior_networks(place), torch.float32),
        GUIDED: TexturePrior(spec.id, load_prior_networks(place, adapter), torch.float32),
    }


def tried(ways: Mapping[str, TexturePrior], trial: Trial) -> Case:
    """What each way makes of one trial, from the same noise."""
    found = {(DRAFT, 0): compared(trial.draft, trial.clean)}
    for way, prior in ways.items():
        for steps in _STEPS if way == GUIDED else (MAIN,):
            found[way, steps] = compared(_painted(prior, trial, steps), trial.clean)
    return Case(trial.photo, trial.task, found)


def compared(picture: FloatArray, clean: FloatArray) -> Texture:
    """Both (h, w, 3), 0..1."""
    return Texture(
        metrics.psnr(picture, clean),
        metrics.ssim(picture, clean),
        texture_share(picture, clean),
        sliced_distance(picture, clean),
    )


def _painted(prior: TexturePrior, trial: Trial, steps: int) -> FloatArray:
    painter = Painter(prior, texture_trajectory(steps))
    height, width = painter.latent_size(*trial.clean.shape[:2])

    def noise(draw: int) -> torch.Tensor:
        chance = torch.Generator().manual_seed(trial.seed + draw)
        return torch.randn((1, 1, height, width), generator=chance)

    return textured(trial.draft, painter.paint(trial.degraded, trial.draft, noise, Silent()))


def _trials(options: argparse.Namespace) -> Iterator[Trial]:
    drafts = lite_drafts(options.weights)
    tasks = options.tasks.split(",")
    recipe = load_recipe(options.recipe).only(tasks)
    yield from damaged(options.photos, recipe, options.limit, options.side, drafts)
    for scale in (2, 4):
        yield from reduced(options.photos, options.limit, options.side, scale, drafts)


def reduced(folder: Path, most: int, side: int, scale: int, drafts: Drafts) -> Iterator[Trial]:
    """The middle of each photograph, reduced by bicubic interpolation and enlarged again."""
    for path in pictures(folder, most):
        clean = middle(picture(path), side)
        height, width = (n // scale * scale for n in clean.shape[:2])
        clean = np.ascontiguousarray(clean[:height, :width])
        small = eight_bit(np.clip(shrunk_bicubic(clean, height // scale, width // scale), 0, 1))
        made = drafts.drafted(small, "upscale", scale=scale)
        seed = int(rng_for(f"texture, x{scale}", path.stem).integers(2**31))
        yield Trial(
            photo=path.stem,
            task=f"upscale x{scale}",
            degraded=made.degraded,
            clean=clean,
            draft=np.clip(made.draft, 0, 1),
            seed=seed,
        )


def texture_lines(cases: Sequence[Case]) -> Iterator[str]:
    """Markdown: all ways, then by task, and what the prior changes with its interval."""
    photos = len({case.photo for case in cases})
    yield f"{len(cases)} cases, {photos} photographs; PSNR in dB."
    yield ""
    head = ("steps", "way", "PSNR", "SSIM", "texture", "distance")
    keys = list(cases[0].found)
    yield from table(head, (_means(cases, key) for key in keys))
    yield ""
    tasks = list(dict.fromkeys(case.task for case in cases))
    shown = [(DRAFT, 0), (GUIDED, MAIN)]
    yield from table(
        ("PSNR / texture / distance", *(way for way, _ in shown)),
        (_of_task([case for case in cases if case.task == task], shown, task) for task in tasks),
    )
    yield ""
    if photos < FEW:
        yield f"Of fewer than {FEW} photographs an interval says little."
        yield ""
    for name, unit in (("psnr", " dB"), ("distance", ""), ("share", "")):
        for one, other in (((GUIDED, MAIN), (DRAFT, 0)), ((GUIDED, MAIN), (BARE, MAIN))):
            yield _difference(cases, name, unit, one, other)


def _means(cases: Sequence[Case], key: tuple[str, int]) -> tuple[str, ...]:
    way, steps = key
    mean = {
        name: fmean(getattr(case.found[key], name) for case in cases)
        for name in ("psnr", "ssim", "share", "distance")
    }
    return (
        str(steps) if steps else "–",
        way,
        f"{mean['psnr']:.2f}",
        f"{mean['ssim']:.4f}",
        f"{mean['share']:.2f}",
        f"{mean['distance']:.3f}",
    )


def _of_task(cases: Sequence[Case], keys: Sequence[tuple[str, int]], task: str) -> tuple[str, ...]:
    cells = []
    for key in keys:
        psnr, share, distance = (
            fmean(getattr(case.found[key], name) for case in cases)
            for name in ("psnr", "share", "distance")
        )
        cells.append(f"{psnr:.2f} / {share:.2f} / {distance:.3f}")
    return (task, *cells)


def _difference(
    cases: Sequence[Case], name: str, unit: str, one: tuple[str, int], other: tuple[str, int]
) -> str:
    by_photo: dict[str, list[float]] = {}
    for case in cases:
        change = getattr(case.found[one], name) - getattr(case.found[other], name)
        by_photo.setdefault(case.photo, []).append(change)
    mean, low, high = interval(by_photo)
    what = {"psnr": "PSNR", "distance": "Distance of texture", "share": "Share of texture"}[name]
    span = f"{mean:+.3f}{unit}, 95 % {low:+.3f} to {high:+.3f}"
    return f"- {what}, {one[0]} in {one[1]} steps against {other[0]}: {span}."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="restorer bench texture", description=__doc__)
    add = parser.add_argument
    add("--prior", type=Path, help="another file than the one that ships")
    add("--guidance", type=Path, help="likewise, of its guidance")
    add("--photos", type=Path, default=_PHOTOS, help="folder of clean photographs")
    add("--recipe", type=Path, default=resource("recipes", "flux.toml"))
    add("--tasks", default=",".join(_TASKS), metavar="TASK,...", help="of the recipe")
    add("--limit", type=count, default=10**6, help="most photographs")
    add("--side", type=count, default=256, help="of the crops, in pixels")
    add("--weights", type=Path, help="another lite model: its folder")
    add("--json", type=Path, help="write every case's numbers here")
    return parser
