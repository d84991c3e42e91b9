"""`restorer bench texture`: what the texture prior adds to drafts, on photographs.

Crops of held-out photographs are damaged or reduced, drafted by the embedded model, and painted
over from the same noise; PSNR and SSIM say how true that is, the measures of texture whether it is
of the right kind and strength.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean

import cv2
import numpy as np
import torch

from engine.backbones import find_backbone
from engine.diffusion.prior import Painter
from engine.diffusion.texture_files import load_prior_networks
from engine.diffusion.texture_prior import TexturePrior, texture_trajectory
from engine.photo import FloatArray, floats
from engine.progress import Silent
from engine.resources import resource
from engine.shelf import Shelf
from engine.texture import texture, textured
from trainer.bench.claims import damaged
from trainer.bench.claims_report import FEW, interval
from trainer.bench.claims_ways import MAIN, Trial
from trainer.bench.model import keep, lite_drafts, say
from trainer.bench.pictures import pictures
from trainer.bench.report import table
from trainer.bench.trial import eight_bit, rng_for
from trainer.comparison import Compared, compared
from trainer.crops import crops
from trainer.degradations.blur import shrunk_bicubic
from trainer.drafts import Drafts
from trainer.helps import Parser
from trainer.option_values import count, crop_side
from trainer.recipe_files import load_recipe

log = logging.getLogger(__name__)

DRAFT, NOISE = "draft alone", "draft under as much noise"
BARE, GUIDED = "prior without guidance", "prior, guided"
INTACT = "intact"
"""The task of clean pictures that are their own draft: nothing is lacking."""
_PHOTOS = Path("../shared/data/eval/clean/kodak24")
_STEPS = (1, 2, 4, 8)
_TASKS = ("denoise", "artifacts", "deblur")
_FINENESS = 0.7
"""Sigma, in pixels, of the blur of a noise that is like a photo's finest texture."""
_FLAT, _GRAYS = 64, 11
"""Side of plain pictures, and how many grays are tried."""
_DIFFERENCES = {"psnr": ("PSNR", " dB"), "ssim": ("SSIM", ""), "distance": ("Distance", "")}


@dataclass(frozen=True, slots=True)
class Case:
    """One picture with one damage, and what came of it by way and steps; draft and noise have 0."""

    photo: str
    task: str
    found: Mapping[tuple[str, int], Compared]


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
    say(f"- On plain gray it paints {painted_on_flat(ways[GUIDED]):.2f} of 255 at most.")
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
    changes = {
        (way, steps): _change(prior, trial, steps)
        for way, prior in ways.items()
        for steps in (_STEPS if way == GUIDED else (MAIN,))
    }
    found = {
        (DRAFT, 0): compared(trial.draft, trial.clean),
        (NOISE, 0): compared(
            textured(trial.draft, _noise_like(changes[GUIDED, MAIN], trial.seed)), trial.clean
        ),
    }
    for key, change in changes.items():
        found[key] = compared(textured(trial.draft, change), trial.clean)
    return Case(trial.photo, trial.task, found)


def _noise_like(change: FloatArray, seed: int) -> FloatArray:
    """Noise of the strength of a change (h, w, 3), as fine as a sharp photo's: it knows nothing of
    the picture, and what a prior gains beyond it is what the prior knows."""
    height, width = change.shape[:2]
    white = np.random.default_rng(seed).standard_normal((height, width)).astype(np.float32)
    soft = _gray(floats(cv2.GaussianBlur(white, (0, 0), _FINENESS)))
    strength = float(np.sqrt(np.square(texture(change)).mean()))
    return floats(soft * np.float32(strength / max(float(texture(soft).std()), 1e-9)))


def _gray(light: FloatArray) -> FloatArray:
    return np.repeat(light[..., None], 3, 2)


def _change(prior: TexturePrior, trial: Trial, steps: int) -> FloatArray:
    painter = Painter(prior, texture_trajectory(steps))
    height, width = painter.latent_size(*trial.clean.shape[:2])

    def noise(draw: int) -> torch.Tensor:
        chance = torch.Generator().manual_seed(trial.seed + draw)
        return torch.randn((1, 1, height, width), generator=chance)

    return painter.paint(trial.degraded, trial.draft, noise, Silent())


def painted_on_flat(prior: TexturePrior) -> float:
    """The strongest root mean square, in levels of 255, of what is painted on plain gray pictures,
    black and white among them: nothing is there, and nothing should come."""
    strongest = 0.0
    for level in np.linspace(0, 1, _GRAYS):
        plain = np.full((_FLAT, _FLAT, 3), level, np.float32)
        trial = Trial(photo="", task="", degraded=plain, clean=plain, draft=plain, seed=1)
        change = texture(_change(prior, trial, MAIN))
        strongest = max(strongest, 255 * float(np.sqrt(np.square(change).mean())))
    return strongest


def _trials(options: argparse.Namespace) -> Iterator[Trial]:
    drafts = lite_drafts(options.weights)
    tasks = options.tasks.split(",")
    recipe = load_recipe(options.recipe).only(tasks)
    yield from damaged(options.photos, recipe, options.limit, options.side, drafts)
    for scale in (2, 4):
        yield from reduced(options.photos, options.limit, options.side, scale, drafts)
    yield from intact(options.photos, options.limit, options.side)


def intact(folder: Path, most: int, side: int) -> Iterator[Trial]:
    """The middle of each photograph as its own draft."""
    for path, clean in crops(pictures(folder, most), side):
        seed = int(rng_for("texture, intact", path.stem).integers(2**31))
        yield Trial(
            photo=path.stem, task=INTACT, degraded=clean, clean=clean, draft=clean, seed=seed
        )


def reduced(folder: Path, most: int, side: int, scale: int, drafts: Drafts) -> Iterator[Trial]:
    """The middle of each photograph, reduced by bicubic interpolation and enlarged again."""
    for path, clean in crops(pictures(folder, most), side):
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
    """Markdown: all ways, then by task, and what the prior changes with its interval.

    Intact pictures have a line of their own.
    """
    spared = [case for case in cases if case.task == INTACT]
    cases = [case for case in cases if case.task != INTACT]
    photos = len({case.photo for case in cases})
    yield f"{len(cases)} cases, {photos} photographs; PSNR in dB; texture is the geometric mean of"
    yield "its share of the true one's, in brackets by how many times it is wrong either way."
    yield ""
    head = ("steps", "way", "PSNR", "SSIM", "texture", "distance")
    keys = list(cases[0].found)
    yield from table(head, (_means(cases, key) for key in keys))
    yield ""
    tasks = list(dict.fromkeys(case.task for case in cases))
    shown = [(DRAFT, 0), (NOISE, 0), (GUIDED, MAIN)]
    yield from table(
        ("PSNR / texture / distance", *(way for way, _ in shown)),
        (_of_task([case for case in cases if case.task == task], shown, task) for task in tasks),
    )
    yield ""
    if photos < FEW:
        yield f"Of fewer than {FEW} photographs an interval says little."
        yield ""
    others = [(DRAFT, 0), (NOISE, 0), (BARE, MAIN), (GUIDED, 1)]
    for name in _DIFFERENCES:
        for other in others:
            if other in cases[0].found:
                yield _difference(cases, name, (GUIDED, MAIN), other)
    if spared:
        kept = [case.found[GUIDED, MAIN].psnr for case in spared]
        yield f"- Intact pictures keep {fmean(kept):.2f} dB, {min(kept):.2f} at least."


def _means(cases: Sequence[Case], key: tuple[str, int]) -> tuple[str, ...]:
    way, steps = key
    found = [case.found[key] for case in cases]
    off = math.exp(fmean(abs(math.log(one.share)) for one in found))
    return (
        str(steps) if steps else "–",
        way,
        f"{fmean(one.psnr for one in found):.2f}",
        f"{fmean(one.ssim for one in found):.4f}",
        f"{_share(found):.2f} ({off:.2f})",
        f"{fmean(one.distance for one in found):.3f}",
    )


def _share(found: Sequence[Compared]) -> float:
    return math.exp(fmean(math.log(one.share) for one in found))


def _of_task(cases: Sequence[Case], keys: Sequence[tuple[str, int]], task: str) -> tuple[str, ...]:
    cells = []
    for key in keys:
        found = [case.found[key] for case in cases]
        psnr, distance = fmean(one.psnr for one in found), fmean(one.distance for one in found)
        cells.append(f"{psnr:.2f} / {_share(found):.2f} / {distance:.3f}")
    return (task, *cells)


def _difference(
    cases: Sequence[Case], name: str, one: tuple[str, int], other: tuple[str, int]
) -> str:
    by_photo: dict[str, list[float]] = {}
    for case in cases:
        change = getattr(case.found[one], name) - getattr(case.found[other], name)
        by_photo.setdefault(case.photo, []).append(change)
    mean, low, high = interval(by_photo)
    what, unit = _DIFFERENCES[name]
    span = f"{mean:+.3f}{unit}, 95 % {low:+.3f} to {high:+.3f}"
    than = other[0] if other[0] != one[0] else f"the same in {other[1]}"
    return f"- {what}, {one[0]} in {one[1]} steps against {than}: {span}."


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="restorer bench texture", description=__doc__)
    add = parser.add_argument
    add("--prior", type=Path, help="another file than the one that ships")
    add("--guidance", type=Path, help="likewise, of its guidance")
    add("--photos", type=Path, default=_PHOTOS, help="folder of clean photographs")
    add("--recipe", type=Path, default=resource("recipes", "flux.toml"))
    add("--tasks", default=",".join(_TASKS), metavar="TASK,...", help="of the recipe")
    add("--limit", type=count, default=10**6, help="most photographs; else all")
    add("--side", type=crop_side, default=256, help="of the crops, in pixels")
    add("--weights", type=Path, help="another lite model: its folder")
    add("--json", type=Path, help="write every case's numbers here")
    return parser
