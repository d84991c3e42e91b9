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
from engine.diffusion.texture_network import Guidance, TextureSizes
from engine.diffusion.texture_prior import TextureNetworks, texture_trajectory
from engine.diffusion.weight_files import load_network
from engine.errors import BadRecipe
from engine.progress import Progress
from engine.resources import resource
from engine.weights import sha256
from trainer.checkpoint import Origin, sign_of
from trainer.export import LICENCE, written_to
from trainer.flux_options import add_machine, add_pace, make_room
from trainer.loop import Pace
from trainer.option_values import count, count_or_none
from trainer.pairs import decoded_photos
from trainer.texture_fit import TexturePlan, train_guidance, train_prior
from trainer.texture_pairs import SmoothedPairs

TEXTURE_ID = "lite-texture"


def texture(options: argparse.Namespace, progress: Progress) -> None:
    """Train a texture prior on clean photographs, or guidance for one with `--onto`."""
    make_room(options.out)
    torch.manual_seed(options.seed)
    _prior(options, progress)
    sys.stdout.write(f"{options.out}\n")


def _prior(options: argparse.Namespace, progress: Progress) -> None:
    if options.photos is None:
        raise BadRecipe("A texture prior learns from photos.", "Name their folder with --photos.")
    if options.start is None:
        scene = load_network(resource("models", "lite", "predictor.safetensors"))
        networks = TextureNetworks(TextureSizes(scene=scene.sizes))
        networks.scene.take(scene)
    else:
        networks = load_prior_networks(options.start)
    supply = SmoothedPairs(
        decoded_photos(options.photos), options.side, options.batch, options.seed
    )
    origin = Origin(pairs=sign_of(("smoothed", options.side, options.batch), options.seed))
    networks = train_prior(networks, supply, _plan(options, origin), progress)
    with written_to(options.out):
        save_prior(networks.cpu(), options.out, LICENCE)


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
    add_pace(parser, 1.5e-3)
    add_machine(parser)
