"""FluxGen: a model paints its own training pictures, out of nothing but noise.

"Acquire and then Adapt" (arXiv 2504.15159, section 3.1): with an empty prompt, along the plain flow
of the model. Each picture follows from the order and its number alone, so that a run that was
stopped, and goes on, leaves the same files as one that was not.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from engine.diffusion.backbone import Backbone, Conditioning
from engine.diffusion.noise_field import NoiseField
from engine.diffusion.sampling import Guidance, sample_latent
from engine.errors import BadRecipe, CannotSave
from engine.fitting import SaveOptions
from engine.photo import Box, FloatArray, Photo
from engine.progress import Progress
from engine.saving import save
from engine.schedule import Schedule
from engine.trajectory import Trajectory
from engine.whole_file import UNFINISHED
from trainer.fluxgen.picture_lines import (
    MANIFEST,
    PictureLine,
    append_line,
    read_lines,
    write_lines,
)

DRAWS = 3
"""Noises that are tried for a picture before it is left out."""
_ONE_COLOUR = 0.008
"""Standard deviation of 0..1, below which in every channel there is nothing in a picture: two
levels of 255."""
_MAY_DIFFER = ("draw", "licence", "may_sell")
"""Of a line, what an order does not settle, or says only what one may do with the picture."""

_LOG = logging.getLogger(__name__)

Paint = Callable[[int, "PictureOrder"], FloatArray]
"""(number, what is asked for) -> the picture of that number, (h, w, 3), float32, 0..1. Raises
`FloatingPointError` where there are no numbers in it."""


class PaintingBackbone(Backbone, Protocol):
    """A backbone that also paints what nobody has shown it."""

    def condition_on_prompt(self, noise: Tensor) -> Conditioning:
        """What `velocity` is given to paint a picture of the shape of `noise`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureOrder:
    """What decides about one picture beside its prompt: size, the way to it, and its noise."""

    width: int
    """In pixels, whole tokens of the model."""
    height: int
    steps: int
    guidance: float | None
    seed: int
    """Of the noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaintOrder:
    """Pictures to be painted; equal orders give equal files on the same machine."""

    out: Path
    """Folder of the pictures; it is there, and no other program writes into it."""
    count: int
    words: tuple[str, ...]
    """Prompts, taken in turn."""
    like: PictureLine
    """What is said of all pictures alike; file, number, prompt and draw follow."""

    def line(self, number: int, draw: int = 0) -> PictureLine:
        """What is said of one picture."""
        return replace(
            self.like,
            file=f"{number:06}.png",
            number=number,
            prompt=self.words[number % len(self.words)],
            draw=draw,
        )

    def picture(self, number: int, draw: int) -> PictureOrder:
        """What is asked for of one; its noise depends on seed, number and draw alone."""
        like = self.like
        digest = hashlib.blake2b(f"{like.seed} {number} {draw}".encode(), digest_size=8).digest()
        return PictureOrder(
            width=like.width,
            height=like.height,
            steps=like.steps,
            guidance=like.guidance,
            seed=int.from_bytes(digest, "little"),
        )


def paint_pictures(order: PaintOrder, paint: Paint, progress: Progress) -> tuple[int, ...]:
    """Paint and write what is not there yet; gives the numbers that had to be left out.

    Each file appears whole or not at all. Raises `BadRecipe` where the folder holds pictures of
    another order, `CannotSave`, what `paint` raises, and `Cancelled` from `progress`.
    """
    lines = _resumed(order)
    missing = []
    for number in range(order.count):
        if number in lines:
            continue
        progress.report(number / order.count, f"picture {number + 1} of {order.count}")
        picture, draw = _sound(order, paint, number)
        if picture is None:
            missing.append(number)
            continue
        line = order.line(number, draw)
        save(Photo(pixels=picture), order.out / line.file, SaveOptions(overwrite=True))
        append_line(order.out, line)
        lines[number] = line
    progress.report(1.0, "painted")
    if list(lines) != sorted(lines):  # pictures from the middle that had gone
        write_lines(order.out, (lines[number] for number in sorted(lines)))
    return tuple(missing)


def painted(backbone: PaintingBackbone, asked: PictureOrder, device: torch.device) -> FloatArray:
    """One picture, (h, w, 3), float32, 0..1, out of noise along the backbone's own flow.

    Raises `FloatingPointError` if there are no numbers in it, `ValueError` for a guidance that the
    backbone does not take.
    """
    spec = backbone.spec
    size = Box(0, 0, asked.width // spec.scale, asked.height // spec.scale)
    noise = NoiseField(asked.seed, spec.channels).seen_by(size, device)
    trajectory = Trajectory(schedule=Schedule(steps=asked.steps, shift=spec.shift))
    guidance = None if asked.guidance is None else Guidance(asked.guidance)
    with torch.inference_mode():
        given = backbone.condition_on_prompt(noise(0))
        latent = sample_latent(backbone, given, trajectory, noise, guidance=guidance)
        pixels = backbone.decode(latent)[0].float().permute(1, 2, 0).cpu().numpy()
    if not np.isfinite(pixels).all():
        raise FloatingPointError("the decoded picture is not finite")
    return np.ascontiguousarray(pixels.clip(0, 1), np.float32)


def is_one_colour(pixels: FloatArray) -> bool:
    """Whether a picture (h, w, 3), 0..1, is black, or of any one colour all over."""
    return bool(pixels.std(axis=(0, 1)).max() < _ONE_COLOUR)


def _sound(order: PaintOrder, paint: Paint, number: int) -> tuple[FloatArray | None, int]:
    """A picture with something in it, and of which draw; None where none of them has."""
    for draw in range(DRAWS):
        name = order.line(number).file
        try:
            picture = paint(number, order.picture(number, draw))
        except FloatingPointError:
            _LOG.info("%s came out without numbers, of noise %d", name, draw)
            continue
        if not is_one_colour(picture):
            return picture, draw
        _LOG.info("%s came out in one colour, of noise %d", name, draw)
    _LOG.warning("%s is left out: nothing came of %d noises.", name, DRAWS)
    return None, DRAWS


def _resumed(order: PaintOrder) -> dict[int, PictureLine]:
    """Lines of the pictures that are there, by number; the manifest then holds just these, and of
    a picture that was being written when its program was killed nothing is left."""
    listed = (order.out / MANIFEST).exists()
    if not listed and next(order.out.glob("*.png"), None) is not None:
        raise CannotSave(
            f"There are pictures in {order.out} that no {MANIFEST} tells of.",
            "Name a new folder with --out.",
        )
    found = read_lines(order.out)
    for line in found:
        _check(line, order.line(line.number))
    kept = {line.number: line for line in found if (order.out / line.file).is_file()}
    for path in order.out.iterdir():
        if UNFINISHED.fullmatch(path.name):
            with suppress(OSError):
                path.unlink()
    write_lines(order.out, kept.values())  # it is there before the first picture is
    return kept


def _check(found: PictureLine, wanted: PictureLine) -> None:
    """Raises `BadRecipe` unless a picture that is there is one that the order would give."""
    names = [name for name in PictureLine.__slots__ if name not in _MAY_DIFFER]
    for name in names:
        here, asked = getattr(found, name), getattr(wanted, name)
        if here != asked:
            raise BadRecipe(
                f"{found.file} was painted otherwise: its {name} is “{here}”, not “{asked}”.",
                "Give the options it was painted with, or name another --out.",
            )
