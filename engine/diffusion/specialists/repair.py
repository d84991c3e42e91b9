"""The repairer: finds what lies on a scanned print, and fills it from what is around.

What the *finder* saw of every pixel is judged for the whole picture (`finding`). Filling takes
less: a small network (the *filler*) sees the picture with the holes blanked, and their mask. Only
the holes and a soft rim are taken over: anywhere else the source comes through as it is, to the
bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from engine import effort
from engine.diffusion.network import Network
from engine.diffusion.networks import Networks
from engine.diffusion.runner import keep_freed_memory
from engine.diffusion.specialists.finder import TILING, Finder, finder_file, load_finder, seen
from engine.diffusion.specialists.finding import Sight, probability, whole_marks
from engine.diffusion.specialists.grain import with_grain
from engine.diffusion.specialists.holes import blanked, grown, soft_rim, widened
from engine.diffusion.specialists.tile_network import TileNetwork
from engine.diffusion.tiled import Read, Write, in_tiles
from engine.diffusion.weight_files import load_noted, save_network
from engine.errors import WrongWeights
from engine.photo import Box, FloatArray, floats
from engine.progress import Part, Progress, Silent
from engine.resize import times_smaller

Found = Callable[[Box], FloatArray]
"""How surely each pixel of a box is destroyed, (h, w), 0..1, cut at 0.5."""
Holes = Callable[[Box], FloatArray]
"""The mask of a box, (h, w): how far each pixel is to be filled, 0..1."""

KIND = "restorer-repairer"
_CUT, _PRIOR = "cut", "prior"
_AS_CALIBRATED = 0.5
_LEAN = 5.0
"""What is added to every log odds where all that may be a mark is taken for one, and taken away
where only the surest is."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Where the line is drawn between intact and destroyed."""

    at: float
    """The probability from which on a pixel counts as destroyed, in 0..1."""
    prior: float
    """The share of a picture that the finder expects to be, in 0..1: its mean answer over the
    pairs it was trained on."""

    def __post_init__(self) -> None:
        if not (0 < self.at < 1 and 0 < self.prior < 1):
            raise ValueError(f"both are probabilities: {self}")


class Repairer:
    """Finder and filler on a device; safe to keep, not safe to share by threads."""

    def __init__(
        self,
        filler: Network,
        finder: Finder,
        cut: Cut,
        device: torch.device,
        dtype: torch.dtype,
    ) -> None:
        keep_freed_memory()
        self._threshold = math.log(cut.at / (1 - cut.at))
        self._prior = cut.prior
        self._fill = TileNetwork(filler, filler.plain(), device, dtype)
        self._finder = finder

    def look(self, pixels: FloatArray) -> FloatArray:
        """The logits (h, w, 1) that each pixel of a tile (h, w, 3), sRGB 0..1, is destroyed.

        As they are in the training's pictures, for `judge` to set right for this one.
        """
        return self._finder.look(pixels)

    def judge(self, sight: Sight, sensitivity: float = _AS_CALIBRATED) -> Found:
        """What counts as destroyed in a picture that was looked at as a whole.

        `sensitivity`, 0..1, is how readily something is taken for a mark. The function gives how
        surely each pixel of a box is destroyed: (h, w), 0..1, cut at 0.5.
        """
        lean = _LEAN * (sensitivity - _AS_CALIBRATED) / _AS_CALIBRATED
        shift = np.float32(sight.shift(self._prior) - self._threshold + lean)
        return lambda box: probability(sight.logits(box) + shift)

    def damage(self, pixels: FloatArray) -> FloatArray:
        """How surely each pixel of a picture is destroyed: (h, w), 0..1, cut at 0.5.

        For a picture (h, w, 3) in memory, which is looked at as it is however large.
        """
        height, width = pixels.shape[:2]
        size = width, height
        sight = seen(self.look, size, lambda box: pixels[box.slices], 1, Silent())
        return self.judge(sight)(Box(0, 0, *size))

    def glance(self, pixels: FloatArray) -> FloatArray:
        """The logits (h, w) that each pixel of a picture (h, w, 3), sRGB 0..1, is destroyed, by a
        single look at its own size: not judged as a whole, and in half of the time."""
        return self._finder.glance(pixels)[..., 0]

    def fill(
        self,
        pixels: FloatArray,
        mask: FloatArray | None,
        damage: FloatArray | None,
        times: int = 1,
    ) -> FloatArray:
        """A tile (h, w, 3), sRGB 0..1, with its holes filled.

        `mask` (h, w), 0..1, tells holes and how far each is to be filled, whatever lies in them;
        `damage` (h, w) is what was found, on a picture so many `times` smaller. Outside the mask,
        and what was found with a rim of a few pixels around it, the tile comes back exactly as it
        was.
        """
        share = np.zeros(pixels.shape[:2], np.float32) if mask is None else mask
        hole = floats(share > 0)
        if damage is not None:
            found = grown(whole_marks(damage, times), pixels, times)
            hole = np.maximum(hole, widened(found, times))
            # the margin may be intact: it is blanked, but not replaced in full
            share = np.maximum(share, soft_rim(floats(found)))
        if not hole.any():
            return pixels
        filled = with_grain(self._fill.restored(blanked(pixels, hole), hole), pixels, hole)
        mixed = pixels + share[..., None] * (filled - pixels)
        return floats(np.where(share[..., None] > 0, mixed, pixels))


def repair(
    repairer: Repairer,
    size: tuple[int, int],
    read: Read,
    holes: Holes,
    write: Write,
    progress: Progress,
    *,
    sensitivity: float | None,
) -> None:
    """Fill the holes of a picture of `size` (width, height) that is read and written in pieces.

    `holes` gives the mask of a box, (h, w). What is destroyed besides is found in a pass of its own
    over the whole picture, as readily as `sensitivity` says, 0..1; where that is None, it is not.
    """
    filling, found, times = progress, None, times_smaller(size[0] * size[1], effort.FOUND_ON)
    if sensitivity is not None:
        share = 1 - effort.FILLING / work_of_repair(size, find=True)
        filling, finding = Part(progress, share, 1), Part(progress, 0, share)
        sight = seen(repairer.look, size, read, times, finding)
        found = repairer.judge(sight, sensitivity)

    def with_marks(box: Box) -> FloatArray:
        layers = [read(box), holes(box)[..., None]]
        if found is not None:
            layers.append(found(box)[..., None])
        return np.concatenate(layers, 2)

    def fill(part: FloatArray) -> FloatArray:
        damage = None if found is None else part[..., 4]
        return repairer.fill(np.ascontiguousarray(part[..., :3]), part[..., 3], damage, times)

    in_tiles(size, with_marks, write, fill, tiling=TILING, progress=filling)


def work_of_repair(size: tuple[int, int], *, find: bool) -> float:
    """About how long it takes to `repair` a picture of `size`, over a pass of the predictor."""
    return effort.FILLING + (effort.finding(size[0] * size[1]) if find else 0)


def load_repairer(
    path: Path,
    device: torch.device,
    dtype: torch.dtype,
    networks: Networks | None = None,
) -> Repairer:
    """The repairer whose filler is the file TASK.repair.safetensors.

    Its finder is that of the same task in the same folder, for one of the `networks` there, which
    are read where they are not at hand. Raises `MissingWeights` or `WrongWeights`.
    """
    filler, cut = read_filler(path)
    networks = networks or Networks(path.parent)
    finder = load_finder(finder_file(path), networks, device, dtype)
    return Repairer(filler, finder, cut, device, dtype)


def read_filler(path: Path) -> tuple[Network, Cut]:
    """The filler of a file, and the finder's cut; raises `MissingWeights` or `WrongWeights`."""
    network, notes = load_noted(path, KIND)
    try:
        cut = Cut(at=float(notes[_CUT]), prior=float(notes[_PRIOR]))
    except (KeyError, ValueError) as error:
        raise WrongWeights(f"{path.name} is not a usable repairer.") from error
    return network, cut


def save_filler(filler: Network, cut: Cut, path: Path, licence: str) -> None:
    """Write a filler, its large convolutions in 8 bits, and where its finder's cut is."""
    notes = {_CUT: repr(cut.at), _PRIOR: repr(cut.prior)}
    save_network(filler, path, licence, kind=KIND, notes=notes, eight_bit=True)
