"""`restorer train autoencoder|latents|backbone|adapter`: networks of FLUX's kind, in that order."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import torch

from engine.diffusion.devices import pick_device
from engine.diffusion.evaluation import PATCH
from engine.diffusion.flux_adapter_files import FluxAdapterHeader, save_flux_adapter
from engine.diffusion.flux_configs import FluxSizes
from engine.diffusion.flux_models import Flux1Sizes, flux1_transformer
from engine.diffusion.patch_autoencoder import PatchSizes
from engine.diffusion.predictor import load_predictor
from engine.errors import BadRecipe, MissingWeights, NoPlace
from engine.progress import Progress
from engine.resources import resource
from engine.schedule import Schedule
from engine.trajectory import Trajectory, load_trajectory
from engine.weights import sha256
from trainer.autoencoder_fit import train_autoencoder
from trainer.flow_fit import FlowPlan, train_adapter, train_backbone
from trainer.flux_export import (
    AUTOENCODER,
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
from trainer.supply import batches
from trainer.teachable import Teachable, teachable


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
    place = Path(options.model)
    write_autoencoder(network, sizes, NANO_TEXT_TOKENS, place)
    sys.stdout.write(f"{place / AUTOENCODER}\n")


def latents(options: argparse.Namespace, progress: Progress) -> None:
    """Encode pairs, with the embedded predictor's drafts, for the trainings in latents."""
    device = pick_device(options.device)
    _make_room(options.out)
    pairs = _pairs(options)
    source = batches(pairs, 0, options.workers, options.count)
    predictor = None if options.clean else load_predictor(options.device)
    model = _model(options)
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
    plan, pool = _plan(options), _pool(options, place / AUTOENCODER)
    network = train_backbone(model, pool, plan, _pace(options), options.run, progress)
    write_transformer(network, place)
    sys.stdout.write(f"{place / TRANSFORMER}\n")


def adapter(options: argparse.Namespace, progress: Progress) -> None:
    """Train a FluxIR adapter for a model."""
    model, device = _model(options), pick_device(options.device)
    _make_room(options.out)  # asked for at the end, after hours
    pool = _pool(options, model.autoencoder_file)
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
        _plan(options),
        _pace(options),
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
        add("--model", required=True, help="folder of the model, or its id in the catalogue")
        add("--models", type=Path, help="folder of the fetched models")
        add("--id", default=NANO_ID, help="what a model in a folder is called")
        add("--device", default="auto", choices=("auto", "cpu", "cuda", "mps"))
        add("--threads", type=int, default=0, help="CPU threads; 0 for all")
        add("--seed", type=int, default=0)
        recipe = resource("recipes", "flux.toml")
        add("--recipe", type=Path, default=recipe, help="TOML file of degradations")
        if name in ("autoencoder", "latents"):
            add("--photos", type=Path, required=True, help="folder of clean photographs")
            add("--workers", type=int, default=1, help="processes that make pairs")
            add("--side", type=_count, default=128 if name == "autoencoder" else 256)
            add("--batch", type=_count, default=8)
        if name == "latents":
            add("--count", type=_count, default=750, help="batches to encode")
            add("--clean", action="store_true", help="without drafts: enough for a backbone")
            add("--out", type=Path, required=True, help="file of the pool")
        else:
            _add_pace(parser, name)
            if name == "adapter":
                _add_adapter(parser)


def _add_adapter(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--rank", type=_count, default=NANO_RANK)
    add("--title", default="Restore")
    add("--licence", help="of the adapter; that of its model if not given")
    add("--out", type=Path, required=True, help="file of the adapter")
    words = "length of the blank prompt it learns to fill"
    add("--text-tokens", type=_count, default=64, help=words)
    add("--save-memory", action="store_true", help="compute blocks anew in the backward pass")
    add("--trajectory", type=Path, help="TOML or JSON file; else by the next two")
    add("--start-sigma", type=_share, default=0.5, help="share of noise a sampling starts with")
    add("--sampling-steps", type=_count, default=4)


def _add_pace(parser: argparse.ArgumentParser, name: str) -> None:
    add = parser.add_argument
    add("--run", type=Path, required=True, help="checkpoints and log; continued")
    add("--steps", type=_count, default=20_000)
    add("--hours", type=_weight, default=0.0, help="train this long instead of --steps")
    add("--learning-rate", type=_share, default=1e-3 if name == "autoencoder" else 5e-4)
    if name != "autoencoder":
        add("--pool", type=Path, required=True, help="file of encoded pairs")
        add("--tokens", type=_count, default=1024, help="image tokens of a batch")
        add(
            "--sides",
            type=_sides,
            default="32,16,16",
            help="windows in latent pixels, drawn by step",
        )
        add("--pixels", type=_weight, default=0.0, help="weight of the decoded picture's error")


def _pairs(options: argparse.Namespace) -> Pairs:
    recipe = load_recipe(options.recipe)
    sized = replace(recipe, size=options.side, batch=options.batch)
    return Pairs(options.photos, sized, options.seed)


def _model(options: argparse.Namespace) -> Teachable:
    return teachable(options.model, options.id, options.models)


def _pool(options: argparse.Namespace, autoencoder: Path) -> LatentPool:
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


def _plan(options: argparse.Namespace) -> FlowPlan:
    return FlowPlan(
        tokens=options.tokens, sides=options.sides, pixels=options.pixels, seed=options.seed
    )


def _pace(options: argparse.Namespace) -> Pace:
    return Pace(steps=options.steps, hours=options.hours, learning_rate=options.learning_rate)


def _trajectory(options: argparse.Namespace) -> Trajectory:
    if options.trajectory is not None:
        return load_trajectory(options.trajectory)
    schedule = Schedule(steps=options.sampling_steps, start=options.start_sigma)
    return Trajectory(start="degraded", schedule=schedule)


def _make_room(path: Path) -> None:
    """Make the folder of a file that will be written; raises `NoPlace`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NoPlace(f"{path.parent} cannot be made: {error}", "Name another --out.") from error


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError(f"1 or more, not {text}")
    return count


def _share(text: str) -> float:
    share = float(text)
    if not 0 < share <= 1:
        raise argparse.ArgumentTypeError(f"above 0 and at most 1, not {text}")
    return share


def _weight(text: str) -> float:
    weight = float(text)
    if not 0 <= weight < float("inf"):
        raise argparse.ArgumentTypeError(f"0 or more, not {text}")
    return weight


def _sides(text: str) -> tuple[int, ...]:
    sides = tuple(int(side) for side in text.split(","))
    if min(sides) < PATCH or any(side % PATCH for side in sides):
        raise argparse.ArgumentTypeError(f"multiples of {PATCH}, not {text}")
    return sides
