"""`restorer train light`: the networks that judge a whole photo's light and its shadows."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from engine.diffusion.specialists.light_estimator import LightEstimator
from engine.diffusion.specialists.light_files import load_light, save_light
from engine.progress import Progress
from engine.resources import resource
from trainer.export import LICENCE, list_anew, make_room, written_to
from trainer.loop import OPTIMISERS, Pace
from trainer.option_values import amount, amount_or_none, count, count_or_none, seed
from trainer.pairs import decoded_photos
from trainer.recipe_files import load_recipe
from trainer.specialists.light_doubt import settled_doubt
from trainer.specialists.light_fit import LightPlan, parted, sizes_for, train_light

TASKS = ("dehaze", "low-light", "old-photo")
_CONTRAST = {"old-photo": 0.5}
"""What automatic contrast counts beside a task's network (model card, "what was tried")."""


def light(options: argparse.Namespace, progress: Progress) -> None:
    """Train the light estimator of a task, or what lifts shadows behind it, and write its file."""
    make_room(options.out)
    path = options.recipe or resource("recipes", "shade.toml" if options.shade else "light.toml")
    recipe = load_recipe(path).only([options.task])
    start = None if options.start is None else load_light(options.start)
    plan = LightPlan(
        recipe=recipe,
        run=options.run,
        pace=Pace(
            steps=options.steps,
            hours=options.hours,
            learning_rate=options.learning_rate,
            warm_up=100,
            average=0.998,
            muon=options.optimiser == "muon",
        ),
        sizes=sizes_for(options.task, shade=options.shade),
        start=None if start is None else start.network,
        seed=options.seed,
        workers=options.workers,
        device=options.device,
        fine=options.fine,
    )
    photos = decoded_photos(options.photos)
    network = train_light(photos, plan, progress).cpu()
    contrast = 0.0 if options.shade else _CONTRAST.get(options.task, 0.0)
    held = parted(photos, lit=options.shade)[1]
    doubt = settled_doubt(network, held, recipe, options.seed, contrast)
    estimator = LightEstimator(network, options.task, doubt, contrast)
    with written_to(options.out):
        save_light(estimator, options.out, recipe=path.stem, licence=LICENCE)
    list_anew(options.out.parent, [options.out])
    sys.stdout.write(f"{options.out}\n")


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command and its options."""
    parser = commands.add_parser("light", help="train the light estimator of a task")
    add = parser.add_argument
    add("--task", required=True, choices=TASKS)
    add("--shade", action="store_true", help="train what lifts shadows behind the tones instead")
    add("--recipe", type=Path, help="TOML file; without it light.toml, or shade.toml")
    add("--photos", type=Path, required=True, help="folder of clean photographs")
    add("--run", type=Path, required=True, help="checkpoints and log; continued")
    add("--out", type=Path, required=True, help="file of the estimator")
    add("--start", type=Path, help="file of an estimator whose weights a new run starts from")
    add("--steps", type=count, default=4000)
    add("--hours", type=amount_or_none, default=0.0, help="train this long instead of --steps")
    add("--learning-rate", type=amount, default=2e-3)
    add("--optimiser", default="muon", choices=OPTIMISERS, help="of convolutions")
    add(
        "--fine", type=amount, default=0.05, help="error from which pictures count by its logarithm"
    )
    add("--seed", type=seed, default=0)
    add("--workers", type=count_or_none, default=1, help="processes that make pairs")
    add("--threads", type=count_or_none, default=0, help="CPU threads; 0 for all")
    add("--device", default="auto", choices=("auto", "cpu", "cuda", "mps"))
