"""`restorer train repair`: the training of the repairer, from photos to its two files."""

from __future__ import annotations

import argparse
import logging
from dataclasses import replace
from pathlib import Path

from engine.diffusion.network import Network, NetworkSizes, TaskAdapter
from engine.diffusion.networks import NETWORK_FILE
from engine.diffusion.repair import Cut, finder_file, read_filler, save_filler
from engine.diffusion.weight_files import (
    AdapterHeader,
    load_adapter,
    load_network,
    save_adapter,
)
from engine.errors import BadRecipe
from engine.progress import Progress
from engine.resources import resource
from engine.weights import sha256
from trainer.export import LICENCE, list_anew
from trainer.loop import OPTIMISERS, Pace
from trainer.recipe import load_recipe
from trainer.repair_cut import settled_cut
from trainer.repair_fit import SIZES, RepairPlan, for_finding, train_filler, train_finder
from trainer.repair_pairs import RepairPairs

log = logging.getLogger(__name__)

RANK = 32
"""Of the finder's adapter."""
_TINY = NetworkSizes(widths=(8, 12), blocks=1)
_MIDDLE = Cut(at=0.5, prior=0.02)
"""Of a finder that was never trained."""
_LINED = 0.5
"""Share of the finder's crops that are chosen for their thin lines."""


def repair(options: argparse.Namespace, progress: Progress) -> None:
    """Train finder and filler for the model in `options.onto`, and write their files.

    Raises `BadRecipe` for a wrong recipe or a folder without photos, and the errors of weights
    for those of the model and of `--start`.
    """
    if options.only and options.start is None:
        raise BadRecipe("--only trains one part and takes the other from --start; name that file")
    recipe = load_recipe(options.recipe)
    plan = RepairPlan(
        run=options.run / "filler",
        pace=Pace(
            steps=options.steps,
            hours=options.hours,
            learning_rate=options.learning_rate,
            muon=options.optimiser == "muon",
            average=0.995,
            warm_up=50,
            save_every=100,
        ),
        seed=options.seed,
        workers=options.workers,
        device=options.device,
    )
    base, finder, filler, cut = _starts(options)
    if options.only != "finder":
        pairs = RepairPairs(options.photos, recipe, options.seed)
        filler = train_filler(filler, pairs, plan, progress)
    if options.only != "filler":
        half = replace(plan.pace, learning_rate=plan.pace.learning_rate / 2)
        finding = replace(plan, run=options.run / "finder", pace=half)
        wide = for_finding(recipe)
        pairs = RepairPairs(options.photos, wide, options.seed, lined=_LINED)
        finder = train_finder(base, finder, pairs, finding, progress)
        held_out = RepairPairs(options.photos, wide, options.seed + 1, held_out=True)
        cut, score = settled_cut(base, finder, held_out)
        log.info("F-measure %.3f on photos kept from the training, %s", score, cut)
    _write(options, filler, finder, cut, recipe.id)


def _starts(options: argparse.Namespace) -> tuple[Network, TaskAdapter, Network, Cut]:
    """The model's network, and finder, filler and cut: fresh ones, or those of `--start`."""
    base_file = options.onto / NETWORK_FILE
    base = load_network(base_file)
    if options.start is None:
        filler = Network(_TINY if options.debug else SIZES)
        return base, TaskAdapter(base.sizes, RANK), filler, _MIDDLE
    finder, _ = load_adapter(finder_file(options.start), base, sha256(base_file))
    filler, cut = read_filler(options.start)
    return base, finder, filler, cut


def _write(
    options: argparse.Namespace, filler: Network, finder: TaskAdapter, cut: Cut, recipe: str
) -> None:
    out: Path = options.out
    out.parent.mkdir(parents=True, exist_ok=True)
    save_filler(filler, cut, out, LICENCE)
    header = AdapterHeader(
        task="find-damage",
        title="Finds damage",
        rank=finder.rank,
        network=sha256(options.onto / NETWORK_FILE),
        recipe=recipe,
        licence=LICENCE,
    )
    save_adapter(finder, finder_file(out), header)
    list_anew(out.parent, [out, finder_file(out)])
    for path in (out, finder_file(out)):
        log.info("%s: %.2f MB", path, path.stat().st_size / 1e6)


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The words of the command."""
    parser = commands.add_parser("repair", help="train what finds and fills scratches")
    add = parser.add_argument
    recipe = resource("recipes", "repair.toml")
    lite = resource("models", "lite")
    add("--recipe", type=Path, default=recipe, help="TOML file of degradations")
    add("--photos", type=Path, required=True, help="folder of clean photographs")
    add("--onto", type=Path, default=lite, help="model folder: the network that finds")
    add("--run", type=Path, default=Path("runs/repair"), help="checkpoints and log; continued")
    add("--out", type=Path, required=True, help="the file to write, TASK.repair.safetensors")
    add("--start", type=Path, help="such a file: start a new run from its weights")
    add("--only", choices=("filler", "finder"), help="train this part, keep the other one's start")
    add("--steps", type=int, default=10_000, help="of each part")
    add("--hours", type=float, default=0.0, help="train each part this long instead of --steps")
    add("--learning-rate", type=float, default=1.5e-3, help="the filler's; the finder has half")
    add("--optimiser", default="muon", choices=OPTIMISERS, help="of convolutions")
    add("--seed", type=int, default=0)
    add("--workers", type=int, default=1, help="processes that make pairs")
    add("--threads", type=int, default=0, help="CPU threads of the network; 0 for all")
    add("--device", default="auto", choices=("auto", "cpu", "cuda", "mps"))
    add("--debug", action="store_true", help="a tiny filler, to see that everything runs")
