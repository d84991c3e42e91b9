"""`restorer train enlarger`: the specialist behind “Enlarge”."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from engine.diffusion.enlarger import load_enlarger, save_enlarger
from engine.progress import Progress
from engine.resources import resource
from trainer.enlarge_fit import EnlargerPlan, train_enlarger
from trainer.enlarge_pairs import EnlargePairs, load_enlarge_recipe
from trainer.export import LICENCE, list_anew
from trainer.loop import OPTIMISERS, Pace


def enlarger(options: argparse.Namespace, progress: Progress) -> None:
    """Train an enlarger and write its file."""
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
    options.out.parent.mkdir(parents=True, exist_ok=True)
    save_enlarger(network, options.out, LICENCE)
    list_anew(options.out.parent, [options.out])
    sys.stdout.write(f"{options.out}\n")


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `enlarger` to the training commands."""
    parser = commands.add_parser("enlarger", help="train the network that enlarges")
    add = parser.add_argument
    recipe = resource("recipes", "enlarger.toml")
    add("--recipe", type=Path, default=recipe, help="TOML file of reductions")
    add("--photos", type=Path, required=True, help="folder of clean photographs")
    add("--run", type=Path, default=Path("runs/enlarger"), help="checkpoints and log; continued")
    add("--start", type=Path, help="enlarger file whose weights a new run starts from")
    add("--steps", type=int, default=100_000)
    add("--hours", type=float, default=0.0, help="train this long instead of --steps")
    add("--learning-rate", type=float, default=8e-4)
    add("--optimiser", default="adamw", choices=OPTIMISERS, help="of convolutions")
    add("--workers", type=int, default=1, help="processes that make pairs")
    add("--threads", type=int, default=0, help="CPU threads of the network; 0 for all")
    add("--device", default="auto", choices=("auto", "cpu", "cuda", "mps"))
    add("--seed", type=int, default=0)
    add("--out", type=Path, required=True, help="file to write, TASK.enlarger.safetensors")
