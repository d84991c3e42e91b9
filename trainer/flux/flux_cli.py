"""`restorer train autoencoder|latents|backbone|adapter`: networks of FLUX's kind, in that order."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import torch

from engine.diffusion.devices import pick_device
from engine.diffusion.flux.flux_adapter import FluxAdapter
from engine.diffusion.flux.flux_adapter_files import FluxAdapterHeader, save_flux_adapter
from engine.diffusion.flux.flux_backbone import FluxBackbone
from engine.diffusion.flux.flux_configs import FluxSizes
from engine.diffusion.flux.flux_models import Flux1Sizes, flux1_transformer
from engine.diffusion.flux.patch_autoencoder import SQUARE, PatchSizes
from engine.diffusion.predictor import load_predictor
from engine.errors import MissingWeights, WrongAdapter
from engine.progress import Progress
from engine.schedule import Schedule, in_steps
from engine.trajectory import Trajectory, load_trajectory
from engine.weights import sha256
from trainer.export import make_room, written_to
from trainer.flux.autoencoder_fit import train_autoencoder
from trainer.flux.flow_fit import train_adapter, train_backbone
from trainer.flux.flux_export import (
    AUTOENCODER,
    TRANSFORMER,
    FluxFolder,
    write_autoencoder,
    write_transformer,
)
from trainer.flux.flux_options import (
    add_model,
    add_pace,
    add_recipe,
    add_windows,
    check_side,
    model_of,
    pace_of,
    pairs_of,
    plan_of,
    pool_of,
)
from trainer.flux.latent_pool import make_pool, save_pool
from trainer.flux.nano import NANO, NANO_RANK, NANO_TEXT_TOKENS
from trainer.flux.teachable import Teachable
from trainer.option_values import count, count_or_none, share
from trainer.supply import batches

_TITLE = "Restore"
_WORDS = 64
"""Tokens of a blank prompt."""
_PLAIN = Trajectory(start="degraded", schedule=Schedule(steps=4, start=0.5))
"""What a fresh adapter is trained on unless something else is asked for."""


def autoencoder(options: argparse.Namespace, progress: Progress) -> None:
    """Train flux-nano's autoencoder and begin its folder."""
    assert isinstance(NANO.autoencoder, PatchSizes)
    check_side(options.side, SQUARE)
    place = Path(options.model)
    make_room(place / AUTOENCODER, "--model")
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
    with written_to(place / AUTOENCODER, "--model"):
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
    with written_to(options.out):
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
    make_room(place / TRANSFORMER, "--model")
    torch.manual_seed(options.seed)
    sizes = folder.sizes.transformer
    assert isinstance(sizes, Flux1Sizes)
    model = folder.around(flux1_transformer(sizes).to(device), options.id, device)
    plan, pool = plan_of(options), pool_of(options, place / AUTOENCODER)
    network = train_backbone(model, pool, plan, pace_of(options), options.run, progress)
    with written_to(place / TRANSFORMER, "--model"):
        write_transformer(network, place)
    sys.stdout.write(f"{place / TRANSFORMER}\n")


def adapter(options: argparse.Namespace, progress: Progress) -> None:
    """Train a FluxIR adapter for a model."""
    model, device = model_of(options), pick_device(options.device)
    make_room(options.out)
    pool = pool_of(options, model.autoencoder_file)
    torch.manual_seed(options.seed)
    loaded, begun, header = _begun(options, model, device)
    if options.save_memory:
        setattr(loaded.transformer, "gradient_checkpointing", True)  # noqa: B010
    trained = train_adapter(
        loaded,
        begun,
        header.trajectory,
        pool,
        plan_of(options, model),
        pace_of(options),
        options.run,
        progress,
    )
    with written_to(options.out):
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
            add("--workers", type=count_or_none, default=1, help="processes that make pairs")
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
    words = "file of an adapter whose weights a new run starts from; what it says of itself stands"
    add("--start", type=Path, help=f"{words} where nothing else is asked for")
    add("--rank", type=count, help=f"{NANO_RANK} if not given")
    add("--title", help="of the adapter")
    add("--licence", help="of the adapter; that of its model if not given")
    add("--out", type=Path, required=True, help="file of the adapter")
    words = f"length of the blank prompt it learns to fill; {_WORDS} if not given"
    add("--text-tokens", type=count, help=words)
    add("--save-memory", action="store_true", help="compute blocks anew in the backward pass")
    add("--trajectory", type=Path, help="TOML or JSON file; else by the next two")
    plain = _PLAIN.schedule
    words = f"share of noise a sampling starts with; {plain.start} if not given"
    add("--start-sigma", type=share, help=words)
    add("--sampling-steps", type=count, help=f"{plain.steps} if not given")


def _begun(
    options: argparse.Namespace, model: Teachable, device: torch.device
) -> tuple[FluxBackbone, FluxAdapter, FluxAdapterHeader]:
    """What is trained, a fresh adapter or that of `--start`, and what its new file will say.

    Raises `WrongAdapter` where the file and the options say different things.
    """
    if options.start is not None:
        adapter, known = model.trained_adapter(options.start, device)
        _compare(options, known)
        backbone = model.backbone(device, known.text_tokens)
    else:
        backbone = model.backbone(device, options.text_tokens or _WORDS)
        adapter = model.fresh_adapter(backbone, options.rank or NANO_RANK)
        known = FluxAdapterHeader(
            title=_TITLE,
            backbone=model.id,
            trajectory=_PLAIN,
            recipe="",
            rank=adapter.sizes.rank,
            text_tokens=adapter.sizes.text_tokens,
            licence=model.licence,
        )
    header = replace(
        known,
        title=options.title or known.title,
        trajectory=_trajectory(options, known.trajectory),
        recipe=options.recipe.stem,
        licence=options.licence or known.licence,
    )
    return backbone, adapter, header


def _compare(options: argparse.Namespace, known: FluxAdapterHeader) -> None:
    """Raises `WrongAdapter` if other sizes are asked for than those of `--start`."""
    name = options.start.name
    for option, asked, found in (
        ("--rank", options.rank, known.rank),
        ("--text-tokens", options.text_tokens, known.text_tokens),
    ):
        if asked not in (None, found):
            raise WrongAdapter(
                f"{name} has {option} {found}, and a training from it cannot have {asked}.",
                f"Leave {option} out, or --start.",
            )


def _trajectory(options: argparse.Namespace, known: Trajectory) -> Trajectory:
    """As asked for, and as `known` in all else."""
    if options.trajectory is not None:
        return load_trajectory(options.trajectory)
    schedule = known.schedule
    if options.sampling_steps is not None:
        schedule = in_steps(schedule, options.sampling_steps)
    if options.start_sigma is not None:
        schedule = replace(schedule, start=options.start_sigma, listed=())
    start = known.start if schedule.start == 1 else "degraded"
    return replace(known, start=start, schedule=schedule)
