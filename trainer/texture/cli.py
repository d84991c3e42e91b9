"""`restorer train texture|drafts`: the texture prior, what guides it, and the pairs for that."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from engine.diffusion.devices import pick_device
from engine.diffusion.predictor import load_predictor
from engine.diffusion.texture_files import (
    GuidanceHeader,
    load_prior_networks,
    save_guidance,
    save_prior,
)
from engine.diffusion.texture_network import GuidanceAdapters, TextureNetworks, TextureSizes
from engine.diffusion.texture_prior import texture_trajectory
from engine.diffusion.weight_files import load_network
from engine.errors import BadRecipe
from engine.progress import Progress
from engine.resources import resource
from engine.weights import sha256
from trainer.checkpoint import Origin, sign_of
from trainer.drafts import Drafts
from trainer.export import LICENCE, make_room, written_to
from trainer.flux.flux_options import add_machine, add_pace, add_recipe, check_side
from trainer.loop import Pace
from trainer.option_values import amount_or_none, count, count_or_none, share
from trainer.pairs import decoded_photos, photo_files
from trainer.recipe import Recipe
from trainer.recipe_files import load_recipe
from trainer.specialists.enlarge_pairs import load_enlarge_recipe
from trainer.texture.fit import TexturePlan, train_guidance, train_prior
from trainer.texture.pairs import SmoothedPairs
from trainer.texture.pool import (
    DraftedPairs,
    DraftPlan,
    load_drafts,
    make_drafts,
    save_drafts,
)

TEXTURE_ID = "lite-texture"
ENERGY = 3.0
"""As the guidance that ships was trained in the end."""
_ENLARGING = "upscale"
_STEP = 16
"""Sides of drafted pictures are multiples of this."""


def texture(options: argparse.Namespace, progress: Progress) -> None:
    """Train a texture prior on clean photographs, or guidance for one with `--onto`."""
    make_room(options.out)
    torch.manual_seed(options.seed)
    if options.onto is None:
        _prior(options, progress)
    else:
        _guidance(options, progress)
    sys.stdout.write(f"{options.out}\n")


def _prior(options: argparse.Namespace, progress: Progress) -> None:
    if options.photos is None:
        raise BadRecipe("A texture prior learns from photos.", "Name their folder with --photos.")
    begun = options.start or resource("models", "lite", "predictor.safetensors")
    if options.start is None:
        scene = load_network(begun)
        networks = TextureNetworks(TextureSizes(scene=scene.sizes))
        networks.scene.take(scene)
    else:
        networks = load_prior_networks(options.start)
    check_side(options.side, networks.sizes.multiple_of)
    supply = SmoothedPairs(
        decoded_photos(options.photos), options.side, options.batch, options.seed
    )
    seen = (_names(options.photos), options.side, options.batch)
    origin = Origin(network=sha256(begun), pairs=sign_of(seen, options.seed))
    networks = train_prior(networks, supply, _plan(options, origin), progress)
    with written_to(options.out):
        save_prior(networks.cpu(), options.out, LICENCE)


def _guidance(options: argparse.Namespace, progress: Progress) -> None:
    if options.pool is None:
        raise BadRecipe("Guidance learns from pairs with drafts.", "Name their file with --pool.")
    networks, network = load_prior_networks(options.onto, options.start), sha256(options.onto)
    if networks.guidance is None:
        networks.guidance = GuidanceAdapters(networks.sizes.denoiser)
    check_side(options.side, networks.sizes.multiple_of)
    supply = DraftedPairs(load_drafts(options.pool), options.side, options.batch, options.seed)
    seen = (sha256(options.pool), options.side, options.batch, options.energy)
    origin = Origin(network=network, pairs=sign_of(seen, options.seed))
    plan = _plan(options, origin)
    guidance = train_guidance(networks, supply, plan, progress).cpu()
    header = GuidanceHeader(
        title=options.title,
        backbone=options.id,
        network=network,
        trajectory=plan.trajectory,
        recipe=options.pool.stem,
        licence=LICENCE,
    )
    with written_to(options.out):
        save_guidance(guidance, options.out, header)


def drafts(options: argparse.Namespace, progress: Progress) -> None:
    """Make pairs, and the drafts that the embedded model makes of them."""
    check_side(options.side, _STEP)
    make_room(options.out)
    recipe = load_recipe(options.recipe)
    tasks = options.tasks.split(",") if options.tasks else _drafted_tasks(recipe)
    plan = DraftPlan(
        photos=options.photos,
        recipe=recipe.only(tasks),
        enlarging=load_enlarge_recipe(options.enlarging),
        enlarged=options.enlarged,
        count=options.count,
        side=options.side,
        seed=options.seed,
    )
    pool = make_drafts(plan, Drafts(load_predictor(options.device)), progress)
    with written_to(options.out):
        save_drafts(pool, options.out)
    sys.stdout.write(f"{options.out}: {len(pool.clean)} pairs\n")


def _drafted_tasks(recipe: Recipe) -> list[str]:
    """All but enlarging, which has pairs of its own; raises `BadRecipe` if it has no other."""
    found = [task.id for task in recipe.tasks if task.id != _ENLARGING]
    if not found:
        raise BadRecipe(
            f"{recipe.id} teaches nothing but enlarging, which is taught by --enlarging.",
            "Choose a recipe with another task.",
        )
    return found


def _names(folder: Path) -> tuple[tuple[str, int], ...]:
    """Photos by name and size: with others a training is another one."""
    return tuple((path.name, path.stat().st_size) for path in photo_files(folder))


def _plan(options: argparse.Namespace, origin: Origin) -> TexturePlan:
    return TexturePlan(
        run=options.run,
        pace=Pace(
            steps=options.updates,
            hours=options.hours,
            learning_rate=options.learning_rate,
            average=0.998,
            muon=True,
        ),
        trajectory=texture_trajectory(),
        crops=options.batch,
        origin=origin,
        energy=0.0 if options.onto is None else options.energy,
        seed=options.seed,
        workers=options.workers,
        device=pick_device(options.device),
    )


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The commands and their options."""
    parser = commands.add_parser("texture", help="train a texture prior, or what guides it")
    add = parser.add_argument
    add("--photos", type=Path, help="folder of clean photographs, for the prior itself")
    add("--onto", type=Path, help="file of a prior: train what guides it, from --pool")
    add("--pool", type=Path, help="file of pairs with drafts, of “train drafts”")
    add("--start", type=Path, help="file whose weights a new run starts from")
    add("--out", type=Path, required=True, help="file of the prior, or of its guidance")
    add("--side", type=count, default=96, help="of the crops, in pixels")
    add("--batch", type=count, default=12, help="crops a step")
    add("--workers", type=count_or_none, default=1, help="processes that make pairs")
    words = "weight of local energies beside the velocity, for what guides; 0 is DTPM alone"
    add("--energy", type=amount_or_none, default=ENERGY, help=words)
    add("--title", default="Texture", help="of the guidance")
    add("--id", default=TEXTURE_ID, help="of the model it is for, as in the catalogue")
    add_pace(parser, 1.5e-3)
    add_machine(parser)
    parser = commands.add_parser("drafts", help="pairs with drafts, for what guides a prior")
    add = parser.add_argument
    add("--photos", type=Path, required=True, help="folder of clean photographs")
    add_recipe(parser)
    add("--tasks", default="", metavar="TASK,...", help="only these tasks of the recipe")
    enlarging = resource("recipes", "enlarger-gate.toml")
    add("--enlarging", type=Path, default=enlarging, help="TOML file of small pictures")
    add("--enlarged", type=share, default=0.4, help="share of the pairs that are enlarged; 0.4")
    add("--count", type=count, default=3000, help="pairs")
    add("--side", type=count, default=192, help="of the pictures, in pixels")
    add("--out", type=Path, required=True, help="file of the pairs")
    add_machine(parser)
