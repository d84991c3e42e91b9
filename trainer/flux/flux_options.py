"""What the commands of trainings in latents have in common: options, and what is read by them."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from engine.diffusion.evaluation import PATCH
from engine.errors import BadRecipe, MissingWeights
from engine.resources import resource
from engine.weights import sha256
from trainer.flux.flow_fit import FlowPlan
from trainer.flux.latent_pool import LatentPool, load_pool
from trainer.flux.nano import NANO_ID
from trainer.flux.teachable import Teachable, teachable
from trainer.loop import Pace
from trainer.option_values import amount_or_none, count, count_or_none, seed, share
from trainer.pairs import Pairs
from trainer.recipe_files import load_recipe

WARM_UP = Pace().warm_up


def add_model(parser: argparse.ArgumentParser) -> None:
    """Which model, where it computes, and by which chance."""
    add = parser.add_argument
    add("--model", required=True, help="folder of the model, or its id in the catalogue")
    add("--models", type=Path, help="folder of the fetched models")
    add("--id", default=NANO_ID, help="what a model in a folder is called")
    add_machine(parser)


def add_machine(parser: argparse.ArgumentParser) -> None:
    """Where is computed, and by which chance."""
    add = parser.add_argument
    add("--device", default="auto", choices=("auto", "cpu", "cuda", "mps"))
    add("--threads", type=count_or_none, default=0, help="CPU threads; 0 for all")
    add("--seed", type=seed, default=0)


def add_recipe(parser: argparse.ArgumentParser) -> None:
    """Against what is trained or measured."""
    recipe = resource("recipes", "flux.toml")
    parser.add_argument("--recipe", type=Path, default=recipe, help="TOML file of degradations")


def add_pace(
    parser: argparse.ArgumentParser,
    learning_rate: float,
    *,
    steps: int = 20_000,
    named: str = "--steps",
) -> None:
    """How long is trained, and how fast; `named` is what the option for the steps is called."""
    add = parser.add_argument
    add("--run", type=Path, required=True, help="checkpoints and log; continued")
    add(named, dest="updates", type=count, default=steps, metavar="N", help="steps of training")
    add("--hours", type=amount_or_none, default=0.0, help=f"train this long instead of {named}")
    add("--learning-rate", type=share, default=learning_rate)


def add_windows(parser: argparse.ArgumentParser) -> None:
    """What of a pool is seen in a step."""
    add = parser.add_argument
    add("--pool", type=Path, required=True, help="file of encoded pairs")
    add("--tokens", type=count, default=1024, help="image tokens of a batch")
    words = "windows in latent pixels, drawn by step"
    add("--sides", type=sides, default="32,16,16", help=words)
    add("--pixels", type=amount_or_none, default=0.0, help="weight of the decoded picture's error")


def pairs_of(options: argparse.Namespace) -> Pairs:
    recipe = load_recipe(options.recipe)
    sized = replace(recipe, size=options.side, batch=options.batch)
    return Pairs(options.photos, sized, options.seed)


def check_side(side: int, multiple: int) -> None:
    """Raises `BadRecipe` where crops of `side` pixels have no whole number of places."""
    if side % multiple:
        raise BadRecipe(
            f"Crops of {side} pixels do not fit the network.",
            f"Give a --side that is a multiple of {multiple}.",
        )


def model_of(options: argparse.Namespace) -> Teachable:
    return teachable(options.model, options.id, options.models)


def pool_of(options: argparse.Namespace, autoencoder: Path) -> LatentPool:
    if not options.pool.exists():
        raise MissingWeights(f"{options.pool} is missing.", "Make it with “train latents”.")
    pool = load_pool(options.pool, sha256(autoencoder))
    height, width = pool.clean.shape[-2:]
    if max(options.sides) > min(height, width):
        raise BadRecipe(
            f"Windows of {max(options.sides)} do not fit into latents of {width} x {height}.",
            "Choose smaller --sides, or encode a pool with a larger --side.",
        )
    return pool


def plan_of(options: argparse.Namespace, frozen: Teachable | None = None) -> FlowPlan:
    """What is seen; `frozen` is the model that an adapter is put onto."""
    return FlowPlan(
        tokens=options.tokens,
        sides=options.sides,
        pixels=options.pixels,
        seed=options.seed,
        network="" if frozen is None else frozen.network_sum(),
    )


def pace_of(options: argparse.Namespace, warm_up: int = WARM_UP) -> Pace:
    return Pace(
        steps=options.updates,
        hours=options.hours,
        learning_rate=options.learning_rate,
        warm_up=warm_up,
    )


def sides(text: str) -> tuple[int, ...]:
    sides = tuple(int(side) for side in text.split(","))
    if min(sides) < PATCH or any(side % PATCH for side in sides):
        raise argparse.ArgumentTypeError(f"multiples of {PATCH}, not {text}")
    return sides
