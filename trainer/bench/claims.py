"""`restorer bench claims`: what is said of the generative models, put to the test on photographs.

Crops of held-out photographs are damaged as the model's recipe does it, restored by each way from
the same noise, and compared with the truth.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch

from engine.backbones import BackboneSpec, find_backbone
from engine.diffusion.flux.flux_adapter_files import FluxAdapterHeader, read_header
from engine.diffusion.flux.flux_backbone import FluxBackbone
from engine.diffusion.flux.flux_loading import FluxOrder, latent_spec, load_flux, shipped_sizes
from engine.diffusion.flux.flux_models import Flux1Sizes
from engine.diffusion.flux.prompts import Prompt, blank_prompt, load_prompt
from engine.errors import MissingWeights
from engine.photo import FloatArray
from engine.resources import resource
from engine.shelf import Shelf
from trainer.bench.claims_report import Case, claim_data, claim_lines
from trainer.bench.claims_ways import CLAIMS, MAIN, Trial, tried, ways
from trainer.bench.model import keep, lite_drafts, say
from trainer.bench.pictures import pictures
from trainer.bench.trial import eight_bit, rng_for
from trainer.crops import crops
from trainer.drafts import Drafted
from trainer.helps import Parser
from trainer.option_values import count, crop_side
from trainer.recipe import Recipe
from trainer.recipe_files import load_recipe

log = logging.getLogger(__name__)

_PHOTOS = Path("../shared/data/eval/clean/kodak24")


class Drafter(Protocol):
    """What the bench needs of the predictor."""

    def drafted(self, srgb: FloatArray, task: str) -> Drafted:
        """The draft of (h, w, 3), 0 to 1, and what a prior is shown beside it; task "" is the
        network without an adapter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What the claims are about."""

    backbone: FluxBackbone
    header: FluxAdapterHeader
    shift: str | float


def main(argv: list[str]) -> int:
    """Run the bench; 0 when it could measure, whatever came out, and 2 where it was asked wrongly.

    Raises the `RestorerError`s of missing weights and pictures.
    """
    options = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    if not options.photos.is_dir():
        log.error("There are no photographs in “%s”; name a folder with --photos.", options.photos)
        return 2
    recipe = load_recipe(options.recipe)
    tasks = options.tasks.split(",") if options.tasks else [task.id for task in recipe.tasks]
    predictor = lite_drafts(options.weights)
    subject = loaded(options.model, options.adapter, options.models)
    trials = damaged(options.photos, recipe.only(tasks), options.limit, options.side, predictor)
    cases = claimed(subject, trials, options.steps)
    say("\n".join(claim_lines(cases, CLAIMS, MAIN)))
    keep(options.json, json.dumps(claim_data(cases, CLAIMS, MAIN), indent=1))
    return 0


def claimed(subject: Subject, trials: Iterator[Trial], steps: Sequence[int]) -> list[Case]:
    """What each way made of each trial."""
    known = ways(subject.header.trajectory, subject.shift)
    cases: list[Case] = []
    for trial in trials:
        cases.append(tried(subject.backbone, known, {*steps, MAIN}, trial))
        log.info("%s, %s", trial.photo, trial.task or "plain")
    return cases


def damaged(
    folder: Path, recipe: Recipe, most: int, side: int, drafter: Drafter
) -> Iterator[Trial]:
    """The middle of each photograph, with each task's damage: the same in every run."""
    for path, clean in crops(pictures(folder, most), side):
        for task in recipe.tasks:
            rng = rng_for(f"claims, {task.id}", path.stem)
            scene = np.clip(task.clean(clean, rng), 0, 1)
            degraded = eight_bit(task.degraded(scene, rng).pixels)
            made = drafter.drafted(degraded, task.id)
            yield Trial(
                photo=path.stem,
                task=task.id,
                degraded=made.degraded,
                clean=scene,
                draft=np.clip(made.draft, 0, 1),
                seed=int(rng.integers(2**31)),
            )


def loaded(model: str, adapter: Path | None, models: Path | None) -> Subject:
    """A model of the catalogue with an adapter of its own or another, on the CPU in float32.

    Raises `MissingWeights`, `WrongWeights`, `WrongAdapter`.
    """
    spec = find_backbone(model)
    shelf = Shelf(models)
    variants = shelf.variants_here(spec)
    if not variants:
        raise MissingWeights(
            f"{spec.title} is not on this machine.",
            f"“restorer models download {model}” fetches it.",
        )
    folder = shelf.place(spec)
    steering = adapter or _own(spec, folder, "adapter")
    if steering is None:
        raise MissingWeights(f"{spec.title} has no adapter of its own.", "Name one with --adapter.")
    header = read_header(steering)
    order = FluxOrder(
        variant=variants[0],
        prompt=_prompt(spec, folder, header),
        adapter=steering,
        device=torch.device("cpu"),
        dtype=torch.float32,
    )
    backbone, _ = load_flux(spec, shipped_sizes(spec), folder, order)
    return Subject(backbone=backbone, header=header, shift=latent_spec(spec).shift)


def _prompt(spec: BackboneSpec, folder: Path, header: FluxAdapterHeader) -> Prompt:
    path = _own(spec, folder, "prompt")
    if path is not None:
        return load_prompt(path, spec.family)
    sizes = shipped_sizes(spec).transformer
    pooled = sizes.pooled_width if isinstance(sizes, Flux1Sizes) else None
    return blank_prompt(spec.family, header.text_tokens, sizes.text_width, pooled)


def _own(spec: BackboneSpec, folder: Path, role: str) -> Path | None:
    found = next((file for file in spec.files if file.role == role), None)
    return None if found is None else folder / found.path


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="restorer bench claims", description=__doc__)
    add = parser.add_argument
    add("--model", default="flux-nano", help="id in the catalogue")
    add("--models", type=Path, help="folder of the fetched models")
    add("--adapter", type=Path, help="another one than the model's own")
    add("--photos", type=Path, default=_PHOTOS, help="folder of clean photographs")
    add("--recipe", type=Path, default=resource("recipes", "flux.toml"))
    add("--tasks", default="", metavar="TASK,...", help="only these tasks of the recipe")
    add("--limit", type=count, default=10**6, help="most photographs; else all")
    add("--side", type=crop_side, default=256, help="of the crops, in pixels")
    add("--steps", type=_steps, default=(1, 2, 4, 8), metavar="N,...")
    add("--weights", type=Path, help="another lite model: its folder")
    add("--json", type=Path, help="write every case's numbers here")
    return parser


def _steps(text: str) -> tuple[int, ...]:
    steps = tuple(int(part) for part in text.split(","))
    if min(steps) < 1:
        raise ValueError(f"steps are 1 or more, not {text}")
    return steps
