"""`restorer train autoencoder|latents|backbone|adapter`: networks of FLUX's kind, in that order."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import torch

from engine.diffusion.devices import pick_device
from engine.diffusion.flux1 import new_adapter
from engine.diffusion.flux_adapter_files import FluxAdapterHeader, save_flux_adapter
from engine.diffusion.flux_configs import FluxSizes
from engine.diffusion.flux_models import Flux1Sizes, flux1_transformer
from engine.diffusion.patch_autoencoder import PatchSizes
from engine.diffusion.predictor import load_predictor
from engine.errors import MissingWeights, WrongWeights
from engine.progress import Progress
from engine.resources import resource
from engine.schedule import Schedule
from engine.trajectory import Trajectory, load_trajectory
from engine.weights import sha256
from trainer.autoencoder_fit import train_autoencoder
from trainer.fit import batches
from trainer.flow_fit import FlowPlan, train_adapter, train_backbone
from trainer.flux_export import (
    AUTOENCODER,
    LICENCE,
    TRANSFORMER,
    FluxFolder,
    write_autoencoder,
    write_transformer,
)
from trainer.latent_pool import LatentPool, load_pool, make_pool, save_pool
from trainer.loop import Pace
from trainer.nano import NANO, NANO_ID, NANO_RANK, NANO_TEXT_TOKENS
from trainer.pairs import Pairs
from trainer.recipe import load_recipe


def autoencoder(options: argparse.Namespace, progress: Progress) -> None:
    """Train flux-nano's autoencoder and begin its folder."""
    assert isinstance(NANO.autoencoder, PatchSizes)
    network = train_autoencoder(
        _pairs(options),
        NANO.autoencoder,
        _pace(options),
        options.run,
        progress,
        device=options.device,
        workers=options.workers,
    )
    sizes = FluxSizes(NANO.transformer, network.sizes)
    write_autoencoder(network, sizes, NANO_TEXT_TOKENS, options.model)
    sys.stdout.write(f"{options.model / AUTOENCODER}\n")


def latents(options: argparse.Namespace, progress: Progress) -> None:
    """Encode pairs, with the embedded predictor's drafts, for the trainings in latents."""
    device = pick_device(options.device)
    pairs = _pairs(options)
    source = batches(pairs, 0, options.workers, options.count)
    predictor = None if options.clean else load_predictor(options.device)
    encoder = FluxFolder(options.model).autoencoder(device)
    pool = make_pool(source, options.count, encoder, predictor, device, progress)
    save_pool(pool, options.out, sha256(options.model / AUTOENCODER))
    sys.stdout.write(f"{options.out}: {len(pool.clean)} pairs\n")


def backbone(options: argparse.Namespace, progress: Progress) -> None:
    """Train flux-nano's transformer."""
    folder, device = FluxFolder(options.model), pick_device(options.device)
    torch.manual_seed(options.seed)
    sizes = folder.sizes.transformer
    assert isinstance(sizes, Flux1Sizes)
    model = folder.around(flux1_transformer(sizes).to(device), options.id, device)
    plan = _plan(options)
    network = train_backbone(model, _pool(options), plan, _pace(options), options.run, progress)
    write_transformer(network, options.model)
    sys.stdout.write(f"{options.model / TRANSFORMER}\n")


def adapter(options: argparse.Namespace, progress: Progress) -> None:
    """Train a FluxIR adapter for a model in a folder."""
    folder, device = FluxFolder(options.model), pick_device(options.device)
    model = folder.backbone(options.id, device)
    sizes = folder.sizes.transformer
    if not isinstance(sizes, Flux1Sizes):
        raise WrongWeights("Adapters are trained for FLUX.1 and its descendants.")
    torch.manual_seed(options.seed)
    tokens = model.prompt.text.shape[0]
    fresh = new_adapter(sizes, options.rank, tokens).to(device)
    fresh.start_from(model.transformer)
    trajectory = _trajectory(options)
    trained = train_adapter(
        model,
        fresh,
        trajectory,
        _pool(options),
        _plan(options),
        _pace(options),
        options.run,
        progress,
    )
    header = FluxAdapterHeader(
        title=options.title,
        backbone=options.id,
        trajectory=trajectory,
        recipe=options.recipe.stem,
        rank=options.rank,
        text_tokens=tokens,
        licence=LICENCE,
    )
    save_flux_adapter(trained, options.out, header, torch.float16)
    sys.stdout.write(f"{options.out}\n")


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The four commands and their options."""
    for name, help in (
        ("autoencoder", "train flux-nano's autoencoder"),
        ("latents", "encode pairs once, for the trainings that follow"),
        ("backbone", "train flux-nano's transformer"),
        ("adapter", "train a FluxIR adapter for a model"),
    ):
        parser = commands.add_parser(name, help=help)
        add = parser.add_argument
        add("--model", type=Path, required=True, help="folder of the model")
        add("--id", default=NANO_ID, help="what the model is called")
        add("--device", default="auto", choices=("auto", "cpu", "cuda", "mps"))
        add("--threads", type=int, default=0, help="CPU threads; 0 for all")
        add("--seed", type=int, default=0)
        recipe = resource("recipes", "lite.toml")
        add("--recipe", type=Path, default=recipe, help="TOML file of degradations")
        if name in ("autoencoder", "latents"):
            add("--photos", type=Path, required=True, help="folder of clean photographs")
            add("--workers", type=int, default=1, help="processes that make pairs")
            add("--side", type=int, default=128 if name == "autoencoder" else 256)
            add("--batch", type=int, default=8)
        if name == "latents":
            add("--count", type=int, default=750, help="batches to encode")
            add("--clean", action="store_true", help="without drafts: enough for a backbone")
            add("--out", type=Path, required=True, help="file of the pool")
        else:
            _add_pace(parser, name)
    parser.add_argument("--rank", type=int, default=NANO_RANK)
    parser.add_argument("--title", default="Restore")
    parser.add_argument("--out", type=Path, required=True, help="file of the adapter")
    parser.add_argument("--trajectory", type=Path, help="TOML or JSON file; else by the next two")
    parser.add_argument("--start-sigma", type=float, default=0.5)
    parser.add_argument("--sampling-steps", type=int, default=4)


def _add_pace(parser: argparse.ArgumentParser, name: str) -> None:
    add = parser.add_argument
    add("--run", type=Path, required=True, help="checkpoints and log; continued")
    add("--steps", type=int, default=20_000)
    add("--hours", type=float, default=0.0, help="train this long instead of --steps")
    add("--learning-rate", type=float, default=1e-3 if name == "autoencoder" else 5e-4)
    if name != "autoencoder":
        add("--pool", type=Path, required=True, help="file of encoded pairs")
        add("--tokens", type=int, default=1024, help="image tokens of a batch")
        add("--sides", default="32,16,16", help="windows in latent pixels, drawn by step")
        add("--pixels", type=float, default=0.0, help="weight of the decoded picture's error")


def _pairs(options: argparse.Namespace) -> Pairs:
    recipe = load_recipe(options.recipe)
    sized = replace(recipe, size=options.side, batch=options.batch)
    return Pairs(options.photos, sized, options.seed)


def _pool(options: argparse.Namespace) -> LatentPool:
    if not options.pool.exists():
        raise MissingWeights(f"{options.pool} is missing.", "Make it with “train latents”.")
    return load_pool(options.pool, sha256(options.model / AUTOENCODER))


def _plan(options: argparse.Namespace) -> FlowPlan:
    sides = tuple(int(side) for side in options.sides.split(","))
    return FlowPlan(tokens=options.tokens, sides=sides, pixels=options.pixels, seed=options.seed)


def _pace(options: argparse.Namespace) -> Pace:
    return Pace(steps=options.steps, hours=options.hours, learning_rate=options.learning_rate)


def _trajectory(options: argparse.Namespace) -> Trajectory:
    if options.trajectory is not None:
        return load_trajectory(options.trajectory)
    schedule = Schedule(steps=options.sampling_steps, start=options.start_sigma)
    return Trajectory(start="degraded", schedule=schedule)
