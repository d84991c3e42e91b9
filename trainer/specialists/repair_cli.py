"""`restorer train repair`: the training of the repairer, from photos to its three files."""

from __future__ import annotations

import argparse
import logging
from dataclasses import dataclass, replace
from pathlib import Path

from engine.diffusion.devices import compute_dtype, pick_device
from engine.diffusion.network import Network, NetworkSizes, TaskAdapter
from engine.diffusion.networks import NETWORK_FILE
from engine.diffusion.specialists.finder import (
    Finder,
    finder_file,
    load_reader,
    reader_file,
    save_reader,
)
from engine.diffusion.specialists.repair import Cut, read_filler, save_filler
from engine.diffusion.weight_files import (
    AdapterHeader,
    load_adapter,
    load_network,
    save_adapter,
)
from engine.errors import MissingWeights
from engine.progress import Progress
from engine.resources import resource
from engine.weights import sha256
from trainer.export import LICENCE, list_anew, make_room, written_to
from trainer.loop import OPTIMISERS, Pace
from trainer.option_values import amount, amount_or_none, count, count_or_none, seed
from trainer.recipe import Recipe
from trainer.recipe_files import load_recipe
from trainer.specialists.repair_cut import settled_cut
from trainer.specialists.repair_fit import (
    SIZES,
    RepairPlan,
    for_finding,
    train_filler,
    train_finder,
    train_reader,
)
from trainer.specialists.repair_mining import hard_places
from trainer.specialists.repair_pairs import RepairPairs

log = logging.getLogger(__name__)

RANK = 32
"""Of the finder's adapter."""
_TINY = NetworkSizes(widths=(8, 12), blocks=1)
_MIDDLE = Cut(at=0.5, prior=0.02)
"""Of one that was never trained."""
_LINED = 0.5
"""Share of the crops for finding, but for those of hard places, that are chosen for their thin
lines."""
_HARDEST = 2000
"""Places where the reader that a training starts from is most wrong, and that are shown more."""


@dataclass(slots=True)
class _Parts:
    """What a repairer is made of, and the model's network that its finder's adapter is for."""

    base: Network
    finder: TaskAdapter
    reader: Network
    filler: Network
    cut: Cut


def repair(options: argparse.Namespace, progress: Progress) -> None:
    """Train finder, reader and filler for the model in `options.onto`, and write their files.

    Raises `BadRecipe` for a wrong recipe or a folder without photos, `NoPlace` where no file can be
    written, and the errors of weights for those of the model and of `--start`, which `--only`
    cannot do without.
    """
    if options.only and options.start is None:
        raise MissingWeights(
            "--only trains one part and takes the others from --start.", "Name that file."
        )
    for path in _files(options.out):
        make_room(path)
    recipe = load_recipe(options.recipe)
    parts = _starts(options)
    recipe.in_multiples(SIZES.multiple_of)
    _train(parts, recipe, options, progress)
    if options.only != "filler":
        held_out = RepairPairs(options.photos, for_finding(recipe), options.seed + 1, held_out=True)
        parts.cut, score = settled_cut(_finder(parts, options).look, held_out)
        log.info("F-measure %.3f on photos kept from the training, %s", score, parts.cut)
    _write(options, parts, recipe.id)


def _train(parts: _Parts, recipe: Recipe, options: argparse.Namespace, progress: Progress) -> None:
    """Each part that is asked for, in its place; the reader last, for it is told by the finder."""
    plan = _plan(options)
    if options.only in (None, "filler"):
        pairs = RepairPairs(options.photos, recipe, options.seed)
        parts.filler = train_filler(parts.filler, pairs, plan, progress)
    if options.only == "filler":
        return
    pairs = RepairPairs(options.photos, for_finding(recipe), options.seed, lined=_LINED)
    network = sha256(options.onto / NETWORK_FILE)
    if options.only in (None, "finder"):
        half = replace(plan.pace, learning_rate=plan.pace.learning_rate / 2)
        finding = replace(plan, run=options.run / "finder", pace=half, network=network)
        parts.finder = train_finder(parts.base, parts.finder, pairs, finding, progress)
    reading = replace(plan, run=options.run / "reader", network=network)
    if options.only in (None, "reader"):
        if options.start is not None:  # what never learnt anything is wrong everywhere
            pairs.hard = hard_places(pairs.photos, _finder(parts, options).look, _HARDEST)
        parts.reader = train_reader(
            parts.base, parts.finder, parts.reader, pairs, reading, progress
        )


def _finder(parts: _Parts, options: argparse.Namespace) -> Finder:
    device = pick_device(options.device)
    return Finder(parts.base, parts.finder, parts.reader, device, compute_dtype(device))


def _plan(options: argparse.Namespace) -> RepairPlan:
    """How the filler is trained; the others likewise."""
    return RepairPlan(
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


def _starts(options: argparse.Namespace) -> _Parts:
    """The model's network and the parts: fresh ones, or those of `--start`."""
    base_file = options.onto / NETWORK_FILE
    base = load_network(base_file)
    if options.start is None:
        sizes = _TINY if options.debug else SIZES
        finder = TaskAdapter(base.sizes, RANK)
        return _Parts(base, finder, Network(sizes), Network(sizes), _MIDDLE)
    finder, _ = load_adapter(finder_file(options.start), base, sha256(base_file))
    filler, cut = read_filler(options.start)
    return _Parts(base, finder, load_reader(reader_file(options.start)), filler, cut)


def _write(options: argparse.Namespace, parts: _Parts, recipe: str) -> None:
    out: Path = options.out
    header = AdapterHeader(
        task="find-damage",
        title="Finds damage",
        rank=parts.finder.rank,
        network=sha256(options.onto / NETWORK_FILE),
        recipe=recipe,
        licence=LICENCE,
    )
    with written_to(out):
        save_filler(parts.filler, parts.cut, out, LICENCE)
        save_adapter(parts.finder, finder_file(out), header)
        save_reader(parts.reader, reader_file(out), LICENCE)
    list_anew(out.parent, _files(out))
    for path in _files(out):
        log.info("%s: %.2f MB", path, path.stat().st_size / 1e6)


def _files(out: Path) -> list[Path]:
    return [out, finder_file(out), reader_file(out)]


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
    add("--only", choices=("filler", "finder", "reader"), help="train this part alone")
    add("--steps", type=count, default=10_000, help="of each part")
    add("--hours", type=amount_or_none, default=0.0, help="of each part, instead of --steps")
    add(
        "--learning-rate",
        type=amount,
        default=1.5e-3,
        help="of the small networks; the finder has half",
    )
    add("--optimiser", default="muon", choices=OPTIMISERS, help="of convolutions")
    add("--seed", type=seed, default=0)
    add("--workers", type=count_or_none, default=1, help="processes that make pairs")
    add("--threads", type=count_or_none, default=0, help="CPU threads of the network; 0 for all")
    add("--device", default="auto", choices=("auto", "cpu", "cuda", "mps"))
    add("--debug", action="store_true", help="a tiny filler, to see that everything runs")
