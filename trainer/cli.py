"""`restorer train ...`: training, exporting, and looking at what a recipe does to a photo.

`restorer train --json ...` says on stdout how far it is, for other programs (`json_lines`).
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from engine.diffusion.networks import NETWORK_FILE
from engine.errors import MissingWeights, RestorerError
from engine.progress import Progress
from engine.resources import resource
from engine.weights import sha256
from trainer import evaluate
from trainer.config import TrainConfig, debug
from trainer.export import export, export_adapters, keep_whole, make_room
from trainer.fit import Learner, Trainer, network_file
from trainer.flux import flux_cli
from trainer.fluxgen import cli as fluxgen_cli
from trainer.helps import Parser
from trainer.json_lines import alone, follow, stoppable
from trainer.loop import OPTIMISERS, Pace
from trainer.option_values import amount, amount_or_none, count, count_or_none, seed
from trainer.recipe import PLAIN
from trainer.sheet import write_sheet
from trainer.specialists import enlarge_cli, light_cli, ranges_cli, repair_cli, weight_mean
from trainer.steps import trajectory_cli
from trainer.texture import cli as texture_cli


def main(argv: Sequence[str], models: Path | None = None) -> int:
    """Run a training command; 0 done, 1 failed with a reason on stderr, 2 wrong usage.

    `models` is where fetched ones lie unless the command says so.
    """
    parser = build_parser()
    options = parser.parse_args(argv)
    if options.command == "predictor":
        _check(parser, options)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    options.models = getattr(options, "models", None) or models
    run = _written_run(options)
    if options.json:
        return follow(lambda progress: _run(options, progress), _written(options), run)
    try:
        with stoppable(signal.SIGTERM), alone(run):
            _run(options, _Printed())
        return 0
    except RestorerError as error:
        sys.stderr.write(f"{_sentence(error.message)} {error.remedy}".rstrip() + "\n")
        return 1


def _run(options: argparse.Namespace, progress: Progress) -> None:
    """One command."""
    if options.command == "predictor":
        _predictor(options, progress)
    elif options.command == "degrade":
        _degrade(options)
    else:
        if getattr(options, "threads", 0):
            torch.set_num_threads(options.threads)
        _COMMANDS[options.command](options, progress)


def _run_of(options: argparse.Namespace) -> Path | None:
    """The folder of checkpoints, of a command that has one."""
    run: Path | None = getattr(options, "run", None)
    return run


def _written_run(options: argparse.Namespace) -> Path | None:
    """The same, where checkpoints are written into it."""
    return None if getattr(options, "export_only", False) else _run_of(options)


def _sentence(message: str) -> str:
    """With a full stop, so that what to do can follow it."""
    text = message.strip()
    return text if text.endswith((".", "!", "?", "”")) else f"{text}."


def _written(options: argparse.Namespace) -> Path:
    """What a command writes: where it says, else its checkpoints, or into its model's folder."""
    out: Path | None = getattr(options, "out", None)
    return out or _run_of(options) or Path(options.model)


class _Printed:
    """Progress as lines on stderr."""

    def report(self, done: float, stage: str = "") -> None:
        sys.stderr.write(f"{100 * done:5.1f} %  {stage}\n")


_COMMANDS = {
    "autoencoder": flux_cli.autoencoder,
    "latents": flux_cli.latents,
    "backbone": flux_cli.backbone,
    "adapter": flux_cli.adapter,
    "generate": fluxgen_cli.generate,
    "select": fluxgen_cli.select,
    "trajectory": trajectory_cli.trajectory,
    "distil": trajectory_cli.distil,
    "evaluate": evaluate.evaluate,
    "enlarger": enlarge_cli.enlarger,
    "expert": enlarge_cli.expert,
    "light": light_cli.light,
    "mean": weight_mean.mean,
    "ranges": ranges_cli.ranges,
    "repair": repair_cli.repair,
    "texture": texture_cli.texture,
    "drafts": texture_cli.drafts,
}


def _check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """End with code 2 where the options of the predictor's training do not go together."""
    if options.export_only and options.out is None:
        parser.error("--export-only needs --out, the folder to write to")
    if Path(options.network).name != options.network:
        parser.error(f"--network is a name without folders, not {options.network}")
    if options.onto is not None and set(options.tasks.split(",")) == {PLAIN}:
        parser.error(f"--onto trains adapters alone, and the task “{PLAIN}” has none")
    if options.onto is not None and (options.start is not None or options.network):
        parser.error("--onto leaves a network as it is; --start and --network are for one's own")


def _predictor(options: argparse.Namespace, progress: Progress) -> None:
    if options.export_only and not (options.run / "state.safetensors").exists():
        raise MissingWeights(
            f"{options.run} holds no checkpoint.", "Name the folder of a training with --run."
        )
    if options.out is not None:
        make_room(options.out / NETWORK_FILE)
    if options.threads:
        torch.set_num_threads(options.threads)
    config = TrainConfig(
        recipe=options.recipe,
        photos=options.photos,
        run=options.run,
        pace=Pace(
            steps=options.steps,
            hours=options.hours,
            learning_rate=options.learning_rate,
            warm_up=100,
            muon=options.optimiser == "muon",
            average=0.998,
        ),
        seed=options.seed,
        workers=options.workers,
        device=options.device,
        onto=options.onto,
        start=options.start,
    )
    tasks = options.tasks.split(",") if options.tasks else ()
    trainer = Trainer.prepared(debug(config) if options.debug else config, tasks)
    if options.out is not None and options.onto is None:  # now, not after hours of training
        keep_whole(options.out, trainer.average.adapters, _network(options, trainer.average))
    learner = trainer.average if options.export_only else trainer.run(progress)
    if options.out is not None:
        _write(learner, options, trainer.recipe.id)


def _write(learner: Learner, options: argparse.Namespace, recipe: str) -> None:
    """Export what was trained: a whole model, or adapters for the network they were put onto."""
    if options.onto is None:
        title = options.id.capitalize()
        spec = export(
            learner,
            options.out,
            id=options.id,
            title=title,
            recipe=recipe,
            name=_network(options, learner),
        )
        sys.stdout.write(f"{spec.folder}: {spec.bytes / 1e6:.2f} MB in {len(spec.files)} files\n")
        return
    checksum = sha256(network_file(options.onto, learner.adapters))
    for path in export_adapters(learner, options.out, checksum, recipe):
        sys.stdout.write(f"{path}\n")


def _network(options: argparse.Namespace, learner: Learner) -> str:
    """The name of the network that is written: as asked for, or that of the one that was trained
    on, where it goes back to where it came from."""
    if options.network:
        return str(options.network)
    if options.start is None or options.out.resolve() != options.start.resolve():
        return ""
    file = network_file(options.start, learner.adapters)
    return file.name.removesuffix(NETWORK_FILE).rstrip(".")


def _degrade(options: argparse.Namespace) -> None:
    make_room(options.out)
    write_sheet(options.recipe, options.photos, options.out, options.seed)
    sys.stdout.write(f"{options.out}\n")


def build_parser() -> argparse.ArgumentParser:
    """The parser of all training commands."""
    parser: argparse.ArgumentParser = Parser(prog="restorer train", description=__doc__)
    parser.add_argument("--json", action="store_true", help="progress as JSON lines on stdout")
    commands = parser.add_subparsers(dest="command", required=True)
    predictor = commands.add_parser(
        "predictor", help="train the embedded predictor and its task adapters"
    )
    _common(predictor)
    add = predictor.add_argument
    add("--run", type=Path, default=Path("runs/lite"), help="checkpoints and log; continued")
    add("--steps", type=count, default=100_000)
    add("--hours", type=amount_or_none, default=0.0, help="train this long instead of --steps")
    add("--learning-rate", type=amount, default=6e-4)
    add("--optimiser", default="muon", choices=OPTIMISERS, help="of convolutions")
    add("--workers", type=count_or_none, default=1, help="processes that make pairs")
    add("--threads", type=count_or_none, default=0, help="CPU threads of the network; 0 for all")
    add("--device", default="auto", choices=("auto", "cpu", "cuda", "mps"))
    add("--out", type=Path, help="write the model's files there at the end")
    add("--id", default="lite", help="what the model is called")
    add("--network", default="", metavar="NAME", help="put the network beside those in --out")
    add("--tasks", default="", help="only these tasks of the recipe, comma-separated")
    add("--onto", type=Path, help="model folder: train only adapters for its frozen network")
    add("--start", type=Path, help="model folder: start a new run from its weights")
    add("--export-only", action="store_true", help="write --out from the last checkpoint")
    add("--debug", action="store_true", help="a tiny network and few steps")
    degrade = commands.add_parser("degrade", help="show what a recipe does to photos, as a sheet")
    _common(degrade)
    degrade.add_argument("--out", type=Path, default=Path("degraded.png"))
    flux_cli.add_commands(commands)
    fluxgen_cli.add_commands(commands)
    texture_cli.add_commands(commands)
    trajectory_cli.add_commands(commands)
    evaluate.add_commands(commands)
    enlarge_cli.add_commands(commands)
    light_cli.add_commands(commands)
    repair_cli.add_commands(commands)
    weight_mean.add_commands(commands)
    ranges_cli.add_commands(commands)
    return parser


def _common(parser: argparse.ArgumentParser) -> None:
    recipe = resource("recipes", "lite.toml")
    parser.add_argument("--recipe", type=Path, default=recipe, help="TOML file of degradations")
    parser.add_argument("--photos", type=Path, required=True, help="folder of clean photographs")
    parser.add_argument("--seed", type=seed, default=0)
