"""`restorer train evaluate`: how near a predictor and adapters come to photographs held out.

Crops of clean photographs are degraded as the recipe does it, and restored as the program does it,
by all adapters from the same draft and the same noise.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from engine.diffusion.devices import pick_device
from engine.diffusion.flux.flux_adapter import FluxAdapter
from engine.diffusion.flux.flux_backbone import FluxBackbone
from engine.diffusion.flux.prompts import Prompt
from engine.errors import BadPhoto, RestorerError
from engine.photo import FloatArray
from engine.progress import Progress
from engine.trajectory import Trajectory
from trainer.bench.claims_report import DRAFT, Case, Reached
from trainer.bench.claims_ways import Trial, Way, tried
from trainer.bench.model import lite_drafts, say
from trainer.bench.trial import eight_bit, rng_for
from trainer.comparison import compared
from trainer.crops import crops
from trainer.drafts import Drafts
from trainer.evaluate_report import DEGRADED, evaluation_lines
from trainer.flux.flux_options import add_machine, add_recipe
from trainer.flux.nano import NANO_ID
from trainer.flux.teachable import teachable
from trainer.option_values import count, crop_side
from trainer.pairs import photo_files
from trainer.recipe import PLAIN, Recipe
from trainer.recipe_files import load_recipe

_PIXELS = 8
"""Of a picture to one latent pixel, along each side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """An adapter with its model, the prompt it goes with, and the ways in which it is run."""

    backbone: FluxBackbone
    adapter: FluxAdapter
    prompt: Prompt
    ways: Mapping[str, Way]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A crop with its damage, as a prior is shown it, and what it was like before."""

    trial: Trial
    degraded: Reached
    drafted: Reached


def evaluate(options: argparse.Namespace, progress: Progress) -> None:
    """Restore held-out photographs, and print how near each way came to them."""
    recipe = load_recipe(options.recipe)
    paths = _photographs(options.photos, options.count)
    contenders = contested(options)
    drafts = lite_drafts(options.weights)
    cases: list[Case] = []
    for seen in held_out(paths, recipe, options.side, options.seed, drafts):
        progress.report(len(cases) / (len(paths) * len(recipe.tasks)), seen.trial.photo)
        cases.append(judged(seen, contenders))
    progress.report(1.0, "restored")
    say("\n".join(evaluation_lines(cases)))


def held_out(
    paths: Sequence[Path], recipe: Recipe, side: int, seed: int, drafts: Drafts
) -> Iterator[HeldOut]:
    """The middle of each photograph with each task's damage: the same for the same seed.

    Raises `BadPhoto` as `crops` does.
    """
    names = dict(zip(paths, _names(paths), strict=True))
    for path, whole in crops(paths, side):
        for task in recipe.tasks:
            rng = rng_for(f"evaluate {seed}, {task.id}", path.stem)
            clean = np.clip(task.clean(whole, rng), 0, 1)
            degraded = eight_bit(task.degraded(clean, rng).pixels)
            begun = time.perf_counter()
            made = drafts.drafted(degraded, task.id)
            seconds = time.perf_counter() - begun
            draft = np.clip(made.draft, 0, 1)
            trial = Trial(
                photo=names[path],
                task=task.id or PLAIN,
                degraded=made.degraded,
                clean=clean,
                draft=draft,
                seed=int(rng.integers(2**31)),
            )
            drafted = replace(_compared(draft, clean), seconds=seconds)
            yield HeldOut(trial, _compared(degraded, clean), drafted)


def judged(seen: HeldOut, contenders: Sequence[Contender]) -> Case:
    """What the predictor and each adapter made of one picture."""
    reached = {(DEGRADED, 0): seen.degraded, (DRAFT, 0): seen.drafted}
    for contender in contenders:
        backbone = contender.backbone
        backbone.adapter, backbone.prompt = contender.adapter, contender.prompt
        reached |= tried(backbone, contender.ways, {0}, seen.trial).reached
        seconds = seen.drafted.seconds
        reached[DRAFT, 0] = replace(reached[DRAFT, 0], seconds=seconds)
    return Case(photo=seen.trial.photo, task=seen.trial.task, reached=reached)


def contested(options: argparse.Namespace) -> list[Contender]:
    """The adapters that were named, if any, ready to run.

    Raises `MissingWeights`, `WrongWeights`, `WrongAdapter`, and `RestorerError` where the lists of
    steps do not belong to the adapters.
    """
    files: list[Path] = options.adapter
    if not files:
        return []
    lists = options.steps * len(files) if len(options.steps) == 1 else options.steps
    if len(lists) != len(files):
        raise RestorerError(
            f"There are {len(files)} adapters and {len(lists)} lists of steps.",
            "Give one list for all of them, or one for each.",
        )
    device = pick_device(options.device)
    model = teachable(options.model, options.id, options.models)
    trained = [model.trained_adapter(file, device) for file in files]
    backbone = model.backbone(device, max(header.text_tokens for _, header in trained))
    contenders: list[Contender] = []
    for name, (adapter, header), steps in zip(_names(files), trained, lists, strict=True):
        side = options.side // _PIXELS
        own = [model.run_as(header.trajectory, side, number) for number in steps]
        prompt = model.prompt(header.text_tokens)
        contenders.append(
            Contender(backbone=backbone, adapter=adapter, prompt=prompt, ways=ways(name, own))
        )
    return contenders


def ways(name: str, trajectories: Sequence[Trajectory]) -> Mapping[str, Way]:
    """An adapter along each trajectory, started from the draft where `restore` does so."""

    def way(one: Trajectory) -> Way:
        drafted = one.start == "degraded"
        return Way(adapter=True, trajectory=lambda _: one, from_draft=drafted, always=True)

    return {f"{name}, {_counted(one.schedule.steps)}": way(one) for one in trajectories}


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command and its options."""
    parser = commands.add_parser(
        "evaluate", help="measure a predictor and adapters on photographs held out"
    )
    add = parser.add_argument
    add("--model", default=NANO_ID, help="of the adapters: its id in the catalogue, or its folder")
    add("--models", type=Path, help="folder of the fetched models")
    add("--id", default=NANO_ID, help="what a model in a folder is called")
    words = "an adapter to measure; repeat it for several, which are compared with the first"
    add("--adapter", type=Path, action="append", default=[], metavar="FILE", help=words)
    words = "run in these numbers of steps instead of its own: one list for all, or one for each"
    add("--steps", type=_steps, nargs="+", default=[(0,)], metavar="N,...", help=words)
    add("--weights", type=Path, help="another predictor than lite's: its folder")
    add("--photos", type=Path, required=True, help="folder of clean photographs, none trained on")
    add("--count", type=count, default=10**6, help="most photographs; else all")
    add("--side", type=crop_side, default=256, help="of the crops, in pixels")
    add_recipe(parser)
    add_machine(parser)


def _photographs(folder: Path, most: int) -> list[Path]:
    """The first `most` files below a folder that a training would take for photos; raises
    `BadPhoto` if there are none."""
    found = photo_files(folder)[:most]
    if not found:
        said = f"There are no test pictures in “{folder}”."
        raise BadPhoto(said, "Name their folder with --photos.")
    return found


def _names(files: Sequence[Path]) -> list[str]:
    """What adapters and photographs are called: as their files, or as the whole paths where two
    would be alike."""
    short = [file.stem for file in files]
    return short if len(set(short)) == len(short) else [str(file) for file in files]


def _counted(steps: int) -> str:
    return "1 step" if steps == 1 else f"{steps} steps"


def _compared(restored: FloatArray, clean: FloatArray) -> Reached:
    """Of a picture that no autoencoder has seen."""
    return Reached(
        **asdict(compared(restored, clean)),
        decoded=math.nan,
        decoded_ssim=math.nan,
        decoded_free=math.nan,
    )


def _steps(text: str) -> tuple[int, ...]:
    steps = tuple(int(part) for part in text.split(","))
    if min(steps) < 1:
        raise argparse.ArgumentTypeError(f"1 or more, not {text}")
    return steps
