"""`restorer train enlarger`: the specialist behind “Enlarge”."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from engine.diffusion.network import TaskAdapter
from engine.diffusion.networks import Networks
from engine.diffusion.specialists.enlarger import load_enlarger, save_enlarger
from engine.diffusion.specialists.enlarger_expert import save_expert
from engine.diffusion.specialists.guide import Guide, guide_file, load_guide
from engine.diffusion.weight_files import AdapterHeader, network_of, save_adapter
from engine.progress import Progress
from engine.resources import resource
from trainer.export import LICENCE, list_anew, make_room, written_to
from trainer.loop import OPTIMISERS, Pace
from trainer.option_values import amount, amount_or_none, count, count_or_none, seed
from trainer.specialists.enlarge_fit import EnlargerPlan, train_enlarger
from trainer.specialists.enlarge_gate import fitted
from trainer.specialists.enlarge_pairs import EnlargePairs, load_enlarge_recipe


def enlarger(options: argparse.Namespace, progress: Progress) -> None:
    """Train an enlarger, and its guide where there is one, and write their files."""
    make_room(options.out)
    recipe = load_enlarge_recipe(options.recipe)
    start = None if options.start is None else load_enlarger(options.start)
    adapter: Path | None = options.guide
    if adapter is None and start is not None and start.sizes.told:
        adapter = guide_file(options.start)  # it was told, and goes on being told
    guide = None if adapter is None else _guide(adapter)
    plan = EnlargerPlan(
        run=options.run,
        pace=Pace(
            steps=options.steps,
            hours=options.hours,
            learning_rate=options.learning_rate,
            muon=options.optimiser == "muon",
        ),
        start=start,
        guide=guide,
        network="" if adapter is None else network_of(adapter),
        seed=options.seed,
        workers=options.workers,
        device=options.device,
    )
    trained = train_enlarger(EnlargePairs(options.photos, recipe, options.seed), plan, progress)
    written = [options.out]
    with written_to(options.out):
        save_enlarger(trained.enlarger, options.out, LICENCE)
        if trained.adapter is not None:
            written.append(guide_file(options.out))
            header = _header(trained.adapter, plan.network, options.recipe.stem)
            save_adapter(trained.adapter, written[-1], header)
    list_anew(options.out.parent, written)
    sys.stdout.writelines(f"{path}\n" for path in written)


def _guide(adapter: Path) -> Guide:
    """The guide with this adapter, of the model that it lies in."""
    return load_guide(adapter, Networks(adapter.parent))


def _header(adapter: TaskAdapter, network: str, recipe: str) -> AdapterHeader:
    return AdapterHeader(
        task="guide-enlarging",
        title="Guides the enlarger",
        rank=adapter.rank,
        network=network,
        recipe=recipe,
        licence=LICENCE,
    )


def expert(options: argparse.Namespace, progress: Progress) -> None:
    """Fit the gate for an enlarger that is an expert for clean pictures, and write both."""
    make_room(options.out)
    general, network = load_enlarger(options.enlarger), load_enlarger(options.expert)
    guide = _guide(guide_file(options.enlarger)) if general.sizes.told else None
    recipe = load_enlarge_recipe(options.recipe)
    pairs = EnlargePairs(options.photos, recipe, options.seed)
    gated, score = fitted(
        general,
        network,
        pairs,
        progress,
        guide=guide,
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
    add("--guide", type=Path, help="adapter file in a model's folder: its network guides, with it")
    add("--steps", type=count, default=100_000)
    add("--hours", type=amount_or_none, default=0.0, help="train this long instead of --steps")
    add("--learning-rate", type=amount, default=8e-4)
    add("--optimiser", default="adamw", choices=OPTIMISERS, help="of convolutions")
    add("--workers", type=count_or_none, default=1, help="processes that make pairs")
    add("--threads", type=count_or_none, default=0, help="CPU threads of the network; 0 for all")
    add("--device", default="auto", choices=("auto", "cpu", "cuda", "mps"))
    add("--seed", type=seed, default=0)
    about = "file to write, TASK.enlarger.safetensors; its guide is put beside it"
    add("--out", type=Path, required=True, help=about)


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
