"""`restorer train enlarger`: the specialist behind “Enlarge”."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from engine.diffusion.enlarger import load_enlarger, save_enlarger
from engine.diffusion.enlarger_expert import save_expert
from engine.progress import Progress
from engine.resources import resource
from trainer.enlarge_fit import EnlargerPlan, train_enlarger
from trainer.enlarge_gate import fitted
from trainer.enlarge_pairs import EnlargePairs, load_enlarge_recipe
from trainer.export import LICENCE, list_anew, make_room, written_to
from trainer.loop import OPTIMISERS, Pace
from trainer.option_values import amount, amount_or_none, count, count_or_none, seed


def enlarger(options: argparse.Namespace, progress: Progress) -> None:
    """Train an enlarger and write its file."""
    make_room(options.out)
    recipe = load_enlarge_recipe(options.recipe)
    plan = EnlargerPlan(
        run=options.run,
        pace=Pace(
            steps=options.steps,
            hours=options.hours,
            learning_rate=options.learning_rate,
            muon=options.optimiser == "muon",
        ),
        start=None if options.start is None else load_enlarger(options.start),
        seed=options.seed,
        workers=options.workers,
        device=options.device,
    )
    network = train_enlarger(EnlargePairs(options.photos, recipe, options.seed), plan, progress)
    with written_to(options.out):
        save_enlarger(network, options.out, LICENCE)
    list_anew(options.out.parent, [options.out])
    sys.stdout.write(f"{options.out}\n")


def expert(options: argparse.Namespace, progress: Progress) -> None:
    """Fit the gate for an enlarger that is an expert for clean pictures, and write both."""
    make_room(options.out)
    general, network = load_enlarger(options.enlarger), load_enlarger(options.expert)
    recipe = load_enlarge_recipe(options.recipe)
    pairs = EnlargePairs(options.photos, recipe, options.seed)
    gated, score = fitted(
        general,
        network,
        pairs,
        progress,
        count=options.batches,
        workers=options.workers,
        device=options.device,
    )
    with written_to(options.out):
        save_expert(gated, options.out, LICENCE)
    list_anew(options.out.parent, [options.out])
    sys.stdout.write(
        f"{options.out}: on crops kept from the fit {score.chosen:+.3f} dB over the enlarger alone"
        f" (always the expert {score.always:+.3f}, the better one {score.best:+.3f})\n"
    )


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `enlarger` and `expert` to the training commands."""
    _add_expert(commands)
    parser = commands.add_parser("enlarger", help="train the network that enlarges")
    add = parser.add_argument
    recipe = resource("recipes", "enlarger.toml")
    add("--recipe", type=Path, default=recipe, help="TOML file of reductions")
    add("--photos", type=Path, required=True, help="folder of clean photographs")
    add("--run", type=Path, default=Path("runs/enlarger"), help="checkpoints and log; continued")
    add("--start", type=Path, help="enlarger file whose weights a new run starts from")
    add("--steps", type=count, default=100_000)
    add("--hours", type=amount_or_none, default=0.0, help="train this long instead of --steps")
    add("--learning-rate", type=amount, default=8e-4)
    add("--optimiser", default="adamw", choices=OPTIMISERS, help="of convolutions")
    add("--workers", type=count_or_none, default=1, help="processes that make pairs")
    add("--threads", type=count_or_none, default=0, help="CPU threads of the network; 0 for all")
    add("--device", default="auto", choices=("auto", "cpu", "cuda", "mps"))
    add("--seed", type=seed, default=0)
    add("--out", type=Path, required=True, help="file to write, TASK.enlarger.safetensors")


def _add_expert(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    about = "fit the gate between an enlarger and its expert for clean pictures"
    parser = commands.add_parser("expert", help=about)
    add = parser.add_argument
    recipe = resource("recipes", "enlarger-gate.toml")
    shipped = resource("models", "lite") / "upscale.enlarger.safetensors"
    add("--enlarger", type=Path, default=shipped, help="enlarger file for any picture")
    add("--expert", type=Path, required=True, help="enlarger file for clean pictures")
    add("--recipe", type=Path, default=recipe, help="TOML file of reductions: what may come")
    add("--photos", type=Path, required=True, help="folder of clean photographs")
    add("--batches", type=_fittable, default=400, help="of the recipe's size, to fit it on")
    add("--workers", type=count_or_none, default=1, help="processes that make pairs")
    add("--threads", type=count_or_none, default=0, help="CPU threads of the networks; 0 for all")
    add("--device", default="auto", choices=("auto", "cpu", "cuda", "mps"))
    add("--seed", type=seed, default=1)
    add("--out", type=Path, required=True, help="file to write, TASK.expert.safetensors")


def _fittable(text: str) -> int:
    number = count(text)
    if number < 2:
        raise argparse.ArgumentTypeError("one batch to fit on and one to score take two")
    return number
