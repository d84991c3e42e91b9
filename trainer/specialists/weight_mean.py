"""`restorer train mean`: the mean of what several trainings of the same network arrived at.

Weights that come from one start often have a mean that is better than each of them (Wortsman et
al. 2022, "Model soups").
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from engine.diffusion.weight_files import holds_eight_bits, read_module, save_weights
from engine.errors import WrongWeights
from engine.progress import Progress
from trainer.export import list_anew, written_to

_SAME = (
    *("kind", "task", "network", "backbone", "rank"),
    *("widths", "width", "blocks", "hidden", "veil", "scales"),
)
"""What the headers of files have to agree on; all else is taken from the first."""
_ALIKE = "Name files of one network, task and size."


@dataclass(frozen=True, slots=True)
class Part:
    """A file of weights, and its share of the mean."""

    path: Path
    share: float


def save_mean(parts: Sequence[Part], out: Path) -> None:
    """Write the mean of files of one kind and size, in the precision and with the header of the
    first; shares are made to add up to 1.

    Raises `ValueError` for shares that do not, `MissingWeights`, or `WrongWeights` for files that
    do not belong together.
    """
    total = sum(part.share for part in parts)
    if not math.isfinite(total) or total <= 0:
        raise ValueError(f"shares add up to more than 0, not to {total:g}")
    first_name, (first, names) = parts[0].path.name, read_module(parts[0].path)
    summed = {name: torch.zeros_like(weight) for name, weight in names.items()}
    for part in parts:
        header, weights = read_module(part.path)
        if any(header.get(key) != first.get(key) for key in _SAME):
            raise WrongWeights(f"{part.path.name} is of another kind than {first_name}.", _ALIKE)
        if {n: w.shape for n, w in weights.items()} != {n: w.shape for n, w in summed.items()}:
            raise WrongWeights(f"{part.path.name} is of another size than {first_name}.", _ALIKE)
        for name, weight in weights.items():
            summed[name] += part.share / total * weight
    save_weights(summed, out, first, eight_bit=holds_eight_bits(parts[0].path))


def mean(options: argparse.Namespace, progress: Progress) -> None:
    """Write the mean of the named files."""
    del progress
    with written_to(options.out):
        save_mean(options.parts, options.out)
    list_anew(options.out.parent, [options.out])
    sys.stdout.write(f"{options.out}\n")


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command and its options."""
    parser = commands.add_parser("mean", help="the mean of several files of the same network")
    about = "a file of weights, and its share where that is not 1"
    parser.add_argument("parts", type=_part, nargs="+", metavar="FILE[=SHARE]", help=about)
    parser.add_argument("--out", type=Path, required=True, help="file to write")
    parser.set_defaults(threads=0)


def _part(text: str) -> Part:
    path, _, named = text.rpartition("=")
    try:
        share = float(named) if path else 1.0
    except ValueError:  # a name with an equals sign in it
        return Part(Path(text), 1.0)
    if not 0 < share < math.inf:
        raise argparse.ArgumentTypeError(f"a share is above 0, not {named}")
    return Part(Path(path or text), share)
