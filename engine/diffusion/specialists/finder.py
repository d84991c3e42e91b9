"""The finder: sees in every pixel of a picture whether it is destroyed, in two readings.

Finding takes to know pictures well, so the predictor's network reads first, with a task adapter of
its own. An adapter only mixes what that network sees, though, and scanners draw marks softer than
anything it was made for. So a small network, the *reader*, made for marks and nothing else, looks
at the picture again, is told what the first reading said, and has the last word.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from engine.diffusion.network import Network, TaskAdapter
from engine.diffusion.networks import Networks
from engine.diffusion.specialists.finding import Sight, looked
from engine.diffusion.specialists.tile_network import TileNetwork
from engine.diffusion.tiled import Read, Work, in_tiles, smaller_reads
from engine.diffusion.weight_files import load_adapter, load_noted, save_network
from engine.photo import FloatArray
from engine.progress import Part, Progress
from engine.tiles import Tiling

READER_KIND = "restorer-reader"
TILING = Tiling(side=2256, overlap=128, align=16)
SUREST = 8.0
"""Log odds of the first reading beyond which the reader is not told any difference."""


class Finder:
    """Both readings on a device; safe to keep, not safe to share by threads."""

    def __init__(
        self,
        base: Network,
        adapter: TaskAdapter,
        reader: Network,
        device: torch.device,
        dtype: torch.dtype,
    ) -> None:
        """`adapter` is one for `base`."""
        self._first = TileNetwork(base, adapter.fold(base), device, dtype)
        self._second = TileNetwork(reader, reader.plain(), device, dtype)

    def look(self, pixels: FloatArray) -> FloatArray:
        """The logits (h, w, 1) that each pixel of a tile (h, w, 3), sRGB 0..1, is destroyed.

        As they are in the training's pictures; the first reading is one look, the second several
        (`finding.looked`).
        """
        return looked(self._read(pixels), self._read_again)

    def glance(self, pixels: FloatArray) -> FloatArray:
        """The same by a single look of both, in half of the time: enough to tell whether a picture
        has marks at all, not where each of them ends."""
        return self._read_again(self._read(pixels))[..., None]

    def _read(self, pixels: FloatArray) -> FloatArray:
        """Pixels and what the reader is told of them, (h, w, 4)."""
        said = self._first.damage(pixels, np.zeros(pixels.shape[:2], np.float32))
        told = np.clip(said / np.float32(SUREST), -1, 1)
        return np.concatenate((pixels, told[..., None]), 2)

    def _read_again(self, both: FloatArray) -> FloatArray:
        """What the reader says, (h, w), of pixels and what it is told of them, (h, w, 4)."""
        return self._second.damage(np.ascontiguousarray(both[..., :3]), both[..., 3].copy())


def seen(look: Work, size: tuple[int, int], read: Read, times: int, progress: Progress) -> Sight:
    """What `look` (`Finder.look`) sees of a picture of `size` (width, height), made so many `times`
    smaller, and of the half of that."""
    sight, smaller = Sight(size, times), smaller_reads(read, size, times)
    coarse, half = Sight(sight.size, 2), smaller_reads(smaller, sight.size, 2)
    for one, source, part in (
        (sight, smaller, Part(progress, 0, 0.8)),
        (coarse, half, Part(progress, 0.8, 1)),
    ):
        in_tiles(one.size, source, one.write, look, tiling=TILING, progress=part)
    sight.join(coarse)
    return sight


def load_finder(
    adapter_file: Path, networks: Networks, device: torch.device, dtype: torch.dtype
) -> Finder:
    """The finder whose adapter is the file TASK.finder.safetensors, for one of the `networks`.

    Its reader lies beside it. Raises `MissingWeights` or `WrongWeights`.
    """
    base, checksum = networks.of(adapter_file)
    adapter, _ = load_adapter(adapter_file, base, checksum)
    return Finder(base, adapter, load_reader(reader_file(adapter_file)), device, dtype)


def finder_file(path: Path) -> Path:
    """The file of the finder's adapter, beside the filler's, TASK.repair.safetensors."""
    return path.with_name(f"{path.name.split('.')[0]}.finder.safetensors")


def reader_file(path: Path) -> Path:
    """The reader's file, beside either."""
    return path.with_name(f"{path.name.split('.')[0]}.reader.safetensors")


def load_reader(path: Path) -> Network:
    """The reader of a file; raises `MissingWeights` or `WrongWeights`."""
    return load_noted(path, READER_KIND)[0]


def save_reader(reader: Network, path: Path, licence: str) -> None:
    """Write a reader, its large convolutions in 8 bits."""
    save_network(reader, path, licence, kind=READER_KIND, eight_bit=True)
