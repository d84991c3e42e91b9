"""Makes the sample photos that ship with the program from their clean originals.

    python -m trainer.samples CLEAN_FOLDER OUT_FOLDER

CLEAN_FOLDER holds the pictures that `resources/samples/samples.toml` names; equal originals give
equal pixels. `resources/samples/CREDITS.md` says where they come from.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from engine.photo import FloatArray
from engine.resources import resource
from trainer.recipe import Recipe
from trainer.recipe_files import load_recipe

_JPEG_QUALITY = 92


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One entry of `samples.toml`."""

    file: str
    preset: str
    """The one to restore it with."""
    clean: str
    """Name of the original."""
    degradation: str
    """A task of the recipe."""
    seed: int


def load_samples(path: Path) -> list[Sample]:
    """The entries of `samples.toml`."""
    return [Sample(**entry) for entry in tomllib.loads(path.read_text("utf-8"))["samples"]]


def degraded(sample: Sample, clean: FloatArray, recipe: Recipe) -> FloatArray:
    """What becomes of `clean` (h, w, 3), 0 to 1; raises `StopIteration` for an unknown task."""
    task = next(task for task in recipe.tasks if task.id == sample.degradation)
    rng = np.random.default_rng(sample.seed)
    scene = task.clean(clean, rng)
    return np.clip(task.degraded(scene, rng).pixels, 0, 1)


def make_samples(clean_folder: Path, out_folder: Path) -> list[Path]:
    """Write every sample; gives their paths."""
    recipe = load_recipe(resource("recipes", "samples.toml"))
    out_folder.mkdir(parents=True, exist_ok=True)
    made = []
    for sample in load_samples(resource("samples", "samples.toml")):
        with Image.open(clean_folder / sample.clean) as original:
            clean = np.asarray(original.convert("RGB"), np.float32) / np.float32(255)
        pixels = np.rint(degraded(sample, clean, recipe) * 255).astype(np.uint8)
        made.append(out_folder / sample.file)
        picture = Image.fromarray(pixels)
        picture.save(made[-1], quality=_JPEG_QUALITY, subsampling=0, optimize=True)
    return made


def main(argv: Sequence[str]) -> int:
    """Make the samples and print where they are."""
    parser = argparse.ArgumentParser(prog="python -m trainer.samples", description=__doc__)
    parser.add_argument("clean", type=Path, help="folder of the originals")
    parser.add_argument("out", type=Path, help="folder for the degraded pictures")
    options = parser.parse_args(argv)
    for path in make_samples(options.clean, options.out):
        sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
