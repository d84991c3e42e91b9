"""`restorer train ranges`: tells a model's files how large the numbers in their blocks become.

With that many processors run them in 8 bits, half as fast again; without it they run as well.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError

from engine.diffusion.networks import Networks
from engine.diffusion.specialists.enlarger import load_enlarger
from engine.diffusion.specialists.enlarger_expert import load_expert
from engine.diffusion.specialists.finder import load_reader
from engine.diffusion.specialists.guide import guide_file, load_guide
from engine.diffusion.specialists.repair import read_filler
from engine.diffusion.weight_files import AdapterHeader, add_ranges, load_adapter
from engine.errors import CannotSave, MissingWeights
from engine.photo import FloatArray
from engine.progress import Part, Progress
from engine.resources import resource
from trainer.export import list_anew, make_room
from trainer.option_values import count, count_or_none, seed
from trainer.pairs import Pairs
from trainer.recipe_files import load_recipe
from trainer.specialists.enlarge_pairs import EnlargePairs, load_enlarge_recipe
from trainer.specialists.ranges import (
    Ranges,
    adapter_ranges,
    enlarger_ranges,
    filler_ranges,
    reader_ranges,
)
from trainer.specialists.repair_fit import for_finding
from trainer.specialists.repair_pairs import RepairBatch, RepairPairs

_ENLARGERS = {"enlarger": "enlarger", "expert": "enlarger-clean"}
"""By the end of a file's name, the recipe of the pictures that it sees."""


def ranges(options: argparse.Namespace, progress: Progress) -> None:
    """Measure the ranges of a model's files, and write them there.

    Raises `MissingWeights` where there are none to measure, `NoPlace`, `CannotSave`, and the
    errors of weights and recipes.
    """
    files = _files(options.model)
    if not files:
        raise MissingWeights(f"{options.model} holds no model.", "Name the folder of one.")
    there = {_name(path) for path in files}
    unknown = set(options.only) - there
    if unknown:
        raise MissingWeights(
            f"{options.model} has no weights called {', '.join(sorted(unknown))}.",
            f"It has {', '.join(sorted(there))}.",
        )
    files = [path for path in files if not options.only or _name(path) in options.only]
    for path in files:
        make_room(path, "--model")
    source = _Source(options.model, options.photos, options.crops, options.seed)
    for index, path in enumerate(files):
        part = Part(progress, index / len(files), (index + 1) / len(files))
        part.report(0, _name(path))
        found = source.ranges(path)
        try:
            add_ranges(path, found)
        except (OSError, SafetensorError) as error:
            raise CannotSave(f"{path} cannot be written: {error}.", "Make room.") from error
        list_anew(options.model, [path])
        sys.stdout.write(f"{path}: {len(found)} blocks\n")


def _files(folder: Path) -> list[Path]:
    """The files of a model that have ranges: all but its networks, whose blocks an adapter changes,
    and its estimators of light, which are small."""
    kinds = {"", "finder", "guide", "reader", "repair", *_ENLARGERS}
    there = sorted(folder.glob("*.safetensors"))
    return [path for path in there if _kind(path) in kinds and _name(path) != "predictor"]


def _name(path: Path) -> str:
    return path.name.removesuffix(".safetensors")


def _kind(path: Path) -> str:
    return _name(path).partition(".")[2]


@dataclass(frozen=True, slots=True)
class _Source:
    """Pictures as each part of a model is shown them."""

    model: Path
    photos: Path
    crops: int
    seed: int

    def ranges(self, path: Path) -> Ranges:
        """Those of one file, on crops of its own recipe."""
        kind, networks = _kind(path), Networks(self.model)
        if kind in _ENLARGERS:
            network = load_enlarger(path) if kind == "enlarger" else load_expert(path).network
            guide = load_guide(guide_file(path), networks) if network.sizes.told else None
            return enlarger_ranges(network, guide, self._small(_ENLARGERS[kind]))
        if kind == "repair":
            return filler_ranges(read_filler(path)[0], self._worn(finding=False))
        finder = path.with_name(f"{path.name.partition('.')[0]}.finder.safetensors")
        adapter = finder if kind == "reader" else path
        base, checksum = networks.of(adapter)
        weights, header = load_adapter(adapter, base, checksum)
        if kind == "":
            return adapter_ranges(base, weights, self._degraded(header))
        if kind == "guide":
            return adapter_ranges(base, weights, self._small(_ENLARGERS["enlarger"]))
        if kind == "finder":
            worn = (batch.worn for batch in self._worn(finding=True))
            return adapter_ranges(base, weights, worn)
        return reader_ranges(base, weights, load_reader(path), self._worn(finding=True))

    def _degraded(self, header: AdapterHeader) -> Iterator[FloatArray]:
        file = resource("recipes", f"{header.recipe}.toml")
        recipe = load_recipe(file if file.exists() else resource("recipes", "lite.toml"))
        pairs = Pairs(self.photos, recipe.only([header.task]), self.seed)
        for index in range(math.ceil(self.crops / recipe.batch)):
            yield pairs.batch(index).degraded

    def _worn(self, *, finding: bool) -> Iterator[RepairBatch]:
        recipe = load_recipe(resource("recipes", "repair.toml"))
        recipe = for_finding(recipe) if finding else recipe
        pairs = RepairPairs(self.photos, recipe, self.seed)
        for index in range(math.ceil(self.crops / recipe.batch)):
            yield pairs.batch(index)

    def _small(self, name: str) -> Iterator[FloatArray]:
        recipe = load_enlarge_recipe(resource("recipes", f"{name}.toml"))
        pairs = EnlargePairs(self.photos, recipe, self.seed)
        for index in range(math.ceil(self.crops / recipe.batch)):
            yield pairs.batch(index).small


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command and its options."""
    about = "tell a model's files the ranges by which they run in 8 bits"
    parser = commands.add_parser("ranges", help=about)
    add = parser.add_argument
    add("--model", type=Path, required=True, help="folder of the model, whose files are changed")
    add("--photos", type=Path, required=True, help="folder of clean photographs")
    add("--only", nargs="+", default=(), metavar="NAME", help="files, without .safetensors")
    add("--crops", type=count, default=512, help="pictures that each is measured on")
    add("--threads", type=count_or_none, default=0, help="CPU threads; 0 for all")
    add("--seed", type=seed, default=0)
