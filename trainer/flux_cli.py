"""`restorer train autoencoder|latents|backbone|adapter`: networks of FLUX's kind, in that order."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from engine.diffusion.devices import pick_device
from engine.diffusion.flux_adapter_files import FluxAdapterHeader, save_flux_adapter
from engine.diffusion.flux_configs import FluxSizes
from engine.diffusion.flux_models import Flux1Sizes, flux1_transformer
from engine.diffusion.patch_autoencoder import PatchSizes
from engine.diffusion.predictor import load_predictor
from engine.errors import MissingWeights
from engine.progress import Progress
from engine.schedule import Schedule
from engine.trajectory import Trajectory, load_trajectory
from engine.weights import sha256
from trainer.autoencoder_fit import train_autoencoder
from trainer.flow_fit import train_adapter, train_backbone
from trainer.flux_export import (
    AUTOENCODER,
    TRANSFORMER,
    FluxFolder,
    write_autoencoder,
    write_transformer,
)
from trainer.flux_options import (
    add_model,
    add_pace,
    add_recipe,
    add_windows,
    make_room,
    model_of,
    pace_of,
    pairs_of,
    plan_of,
    pool_of,
)
from trainer.latent_pool import make_pool, save_pool
from trainer.nano import NANO, NANO_RANK, NANO_TEXT_TOKENS
from trainer.option_values import count, share
from trainer.supply import batches


def autoencoder(options: argparse.Namespace, progress: Progress) -> None:
    """Train flux-nano's autoencoder and begin its folder."""
    assert isinstance(NANO.autoencoder, PatchSizes)
    network = train_autoencoder(
        pairs_of(options),
        NANO.autoencoder,
        pace_of(options),
        options.run,
        progress,
        device=options.device,
        workers=options.workers,
    )
    sizes = FluxSizes(NANO.transformer, network.sizes)
    place = Path(options.model)
    write_autoencoder(network, sizes, NANO_TEXT_TOKENS, place)
    sys.stdout.write(f"{place / AUTOENCODER}\n")


def latents(options: argparse.Namespace, progress: Progress) -> None:
    """Encode pairs, with the embedded predictor's drafts, for the trainings in latents."""
    device = pick_device(options.device)
    make_room(options.out)
    pairs = pairs_of(options)
    source = batches(pairs, 0, options.workers, options.count)
    predictor = None if options.clean else load_predictor(options.device)
    model = model_of(options)
    pool = make_pool(source, options.count, model.autoencoder(device), predictor, device, progress)
    save_pool(pool, options.out, sha256(model.autoencoder_file))
    sys.stdout.write(f"{options.out}: {len(pool.clean)} pairs\n")


def backbone(options: argparse.Namespace, progress: Progress) -> None:
    """Train flux-nano's transformer."""
    place = Path(options.model)
    folder, device = FluxFolder(place), pick_device(options.device)
    if not (place / AUTOENCODER).exists():
        raise MissingWeights(
            f"{place} has no autoencoder yet.", "Make it with “train autoencoder”."
        )
    torch.manual_seed(options.seed)
    sizes = folder.sizes.transformer
    assert isinstance(sizes, Flux1Sizes)
    model = folder.around(flux1_transformer(sizes).to(device), options.id, device)
    plan, pool = plan_of(options), pool_of(options, place / AUTOENCODER)
    network = train_backbone(model, pool, plan, pace_of(options), options.run, progress)
    write_transformer(network, place)
    sys.stdout.write(f"{place / TRANSFORMER}\n")


def adapter(options: argparse.Namespace, progress: Progress) -> None:
    """Train a FluxIR adapter for a model."""
    model, device = model_of(options), pick_device(options.device)
    make_room(options.out)  # asked for at the end, after hours
    pool = pool_of(options, model.autoencoder_file)
    torch.manual_seed(options.seed)
    loaded = model.backbone(device, options.text_tokens)
    if options.save_memory:
        setattr(loaded.transformer, "gradient_checkpointing", True)  # noqa: B010
    trajectory = _trajectory(options)
    trained = train_adapter(
        loaded,
        model.fresh_adapter(loaded, options.rank),
        trajectory,
        pool,
        plan_of(options, model),
        pace_of(options),
        options.run,
        progress,
    )
    header = FluxAdapterHeader(
        title=options.title,
        backbone=model.id,
        trajectory=trajectory,
        recipe=options.recipe.stem,
        rank=options.rank,
        text_tokens=trained.sizes.text_tokens,
        licence=options.licence or model.licence,
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
        add_model(parser)
        add_recipe(parser)
        if name in ("autoencoder", "latents"):
            add("--photos", type=Path, required=True, help="folder of clean photographs")
            add("--workers", type=int, default=1, help="processes that make pairs")
            add("--side", type=count, default=128 if name == "autoencoder" else 256)
            add("--batch", type=count, default=8)
        if name == "latents":
            add("--count", type=count, default=750, help="batches to encode")
            add("--clean", action="store_true", help="without drafts: enough for a backbone")
            add("--out", type=Path, required=True, help="file of the pool")
        else:
            add_pace(parser, 1e-3 if name == "autoencoder" else 5e-4)
        if name in ("backbone", "adapter"):
            add_windows(parser)
        if name == "adapter":
            _add_adapter(parser)


def _add_adapter(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--rank", type=count, default=NANO_RANK)
    add("--title", default="Restore")
    add("--licence", help="of the adapter; that of its model if not given")
    add("--out", type=Path, required=True, help="file of the adapter")
    words = "length of the blank prompt it learns to fill"
    add("--text-tokens", type=count, default=64, help=words)
    add("--save-memory", action="store_true", help="compute blocks anew in the backward pass")
    add("--trajectory", type=Path, help="TOML or JSON file; else by the next two")
    add("--start-sigma", type=share, default=0.5, help="share of noise a sampling starts with")
    add("--sampling-steps", type=count, default=4)


def _trajectory(options: argparse.Namespace) -> Trajectory:
    if options.trajectory is not None:
        return load_trajectory(options.trajectory)
    schedule = Schedule(steps=options.sampling_steps, start=options.start_sigma)
    return Trajectory(start="degraded", schedule=schedule)
