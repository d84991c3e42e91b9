"""The predictor: one deterministic pass from a degraded picture to a restored one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor

from engine.diffusion.devices import compute_dtype, pick_device
from engine.diffusion.evaluation import padded
from engine.diffusion.network import BlockRun, Network
from engine.diffusion.runner import keep_freed_memory, ready_blocks
from engine.diffusion.weight_files import load_adapter, load_network
from engine.errors import MissingWeights, OutOfMemory
from engine.photo import Box, FloatArray
from engine.progress import Progress, Silent
from engine.tiles import Canvas, Tiling, tiles
from engine.weights import find_model, sha256

NETWORK_FILE = "predictor.safetensors"
TILING = Tiling(side=2048, overlap=96, align=16)
SMALLEST_SIDE = 256

_DAMAGED = 0.5
"""Probability above which a pixel counts as destroyed."""
_MARGIN_OF_DAMAGE = 3
"""Side, in pixels, of the square by which found damage is widened: its rim is mixed with what is
beside it and looks intact."""

Read = Callable[[Box], FloatArray]
Write = Callable[[int, FloatArray], None]


@dataclass(frozen=True, slots=True)
class Pass:
    """What to do with each tile: the blocks of the task, and whether damage is filled."""

    blocks: list[BlockRun]
    repairs: bool


class Predictor:
    """A network with its task adapters on a device; safe to keep, not safe to share by threads."""

    def __init__(self, network: Network, folder: Path, checksum: str, device: torch.device) -> None:
        """`folder` holds an adapter file for each task; `checksum` is the network file's sha256."""
        keep_freed_memory()
        self.device, self.dtype = device, compute_dtype(device)
        self.folder, self.checksum = folder, checksum
        self._plain = network
        self._network = network.to(device)
        self._runner = _in_format(network, device, self.dtype)
        self._passes: dict[str, list[BlockRun]] = {}

    @property
    def tasks(self) -> list[str]:
        """The tasks there is an adapter for."""
        files = self.folder.glob("*.safetensors")
        return sorted(path.stem for path in files if path.name != NETWORK_FILE)

    def restore(
        self,
        srgb: FloatArray,
        task: str,
        mask: FloatArray | None = None,
        *,
        repairs: bool = False,
        adapter: Path | None = None,
        progress: Progress | None = None,
        tiling: Tiling = TILING,
    ) -> FloatArray:
        """Restore a whole picture: (h, w, 3) float32, sRGB-encoded, 0..1, to the same.

        `mask` (h, w), 0..1, marks places to fill; with `repairs` more are looked for. Task "" is
        the network without an adapter. Raises `MissingWeights`, `WrongAdapter`, `OutOfMemory`.
        """
        height, width = srgb.shape[:2]
        out = np.empty((height, width, 3), np.float32)

        def write(top: int, rows: FloatArray) -> None:
            out[top : top + len(rows)] = rows

        self.predict(
            (width, height),
            lambda box: srgb[box.slices],
            write,
            task,
            read_mask=None if mask is None else lambda box: mask[box.slices],
            repairs=repairs,
            adapter=adapter,
            progress=progress or Silent(),
            tiling=tiling,
        )
        return out

    def predict(
        self,
        size: tuple[int, int],
        read: Read,
        write: Write,
        task: str,
        *,
        read_mask: Read | None = None,
        repairs: bool = False,
        adapter: Path | None = None,
        progress: Progress,
        tiling: Tiling = TILING,
    ) -> None:
        """Restore a picture of `size` (width, height) that is read and written piece by piece.

        `read` gives the pixels of a box, (h, w, 3); `write` gets (top row, finished rows). When
        memory runs out the tile is halved, down to `SMALLEST_SIDE`, before `OutOfMemory`.
        """
        work = Pass(self._blocks(task, adapter), repairs)
        canvas = Canvas(*size, tiling, write)
        plan = list(tiles(*size, tiling))
        for index, tile in enumerate(plan):
            progress.report(index / len(plan), "restoring")
            pixels = read(tile.seen)
            mask = None if read_mask is None else read_mask(tile.seen)
            canvas.add(tile, self._tile(pixels, mask, work))
        canvas.finish()
        progress.report(1.0, "restoring")

    def scratch_mask(self, srgb: FloatArray, task: str = "old-photo") -> FloatArray:
        """Where a picture (h, w, 3) is damaged: probabilities (h, w), 0..1."""
        height, width = srgb.shape[:2]
        out = np.empty((height, width), np.float32)

        def write(top: int, rows: FloatArray) -> None:
            out[top : top + len(rows)] = rows[..., 0]

        canvas = Canvas(width, height, TILING, write)
        blocks = self._blocks(task, None)
        for tile in tiles(width, height, TILING):
            _, logits = self._run(srgb[tile.seen.slices], None, blocks)
            canvas.add(tile, _probability(logits)[..., None])
        canvas.finish()
        return out

    def _tile(self, pixels: FloatArray, mask: FloatArray | None, work: Pass) -> FloatArray:
        """Restore one tile, in quarters if memory does not allow the whole."""
        try:
            if work.repairs:
                _, logits = self._run(pixels, mask, work.blocks)
                found = _with_margin(_probability(logits))
                mask = found if mask is None else np.maximum(mask, found)
            restored, _ = self._run(pixels, mask, work.blocks)
            return restored
        except (torch.OutOfMemoryError, MemoryError) as error:
            if max(pixels.shape[:2]) <= SMALLEST_SIDE:
                raise OutOfMemory("Even a small part of this picture does not fit.") from error
            return self._in_quarters(pixels, mask, work)

    def _in_quarters(self, pixels: FloatArray, mask: FloatArray | None, work: Pass) -> FloatArray:
        height, width = pixels.shape[:2]
        half = max(SMALLEST_SIDE, max(height, width) // 2 + TILING.overlap)
        tiling = replace(TILING, side=half, overlap=min(TILING.overlap, half // 8))
        out = np.empty_like(pixels)

        def write(top: int, rows: FloatArray) -> None:
            out[top : top + len(rows)] = rows

        canvas = Canvas(width, height, tiling, write)
        for tile in tiles(width, height, tiling):
            part = None if mask is None else mask[tile.seen.slices]
            canvas.add(tile, self._tile(pixels[tile.seen.slices], part, work))
        canvas.finish()
        return out

    @torch.inference_mode()
    def _run(
        self, pixels: FloatArray, mask: FloatArray | None, blocks: list[BlockRun]
    ) -> tuple[FloatArray, FloatArray]:
        """Restored pixels (h, w, 3), 0..1, and logits of damage (h, w) of one tile."""
        height, width = pixels.shape[:2]
        image = _tensor(pixels).permute(2, 0, 1)[None]
        hint = np.zeros((height, width), np.float32) if mask is None else mask
        holes = _tensor(hint)[None, None]
        both = padded(torch.cat((image, holes), 1), self._network.sizes.multiple_of)
        both = both.to(self.device, self.dtype, memory_format=torch.channels_last)
        change, logits = self._runner(both[:, :3], both[:, 3:], blocks)
        change = change[..., :height, :width].float().cpu()
        logits = logits[..., :height, :width].float().cpu()
        restored = (image + change).clamp_(0, 1)[0].permute(1, 2, 0)
        return np.ascontiguousarray(restored.numpy()), logits[0, 0].numpy()

    def _blocks(self, task: str, adapter: Path | None) -> list[BlockRun]:
        """The network's blocks with an adapter folded in, as this device runs them."""
        key = str(adapter) if adapter else task
        if key not in self._passes:
            folded = self._plain.plain()
            if key:
                path = adapter or self.folder / f"{task}.safetensors"
                if adapter is None and not path.exists():
                    raise MissingWeights(f"The model has no adapter for the task “{task}”.")
                loaded, _ = load_adapter(path, self._plain, self.checksum)
                folded = loaded.to(self.device).fold(self._plain)
            self._passes[key] = ready_blocks(folded, self.device, self.dtype)
        return self._passes[key]


def load_predictor(
    device: str = "cpu", model: str = "lite", folder: Path | None = None
) -> Predictor:
    """The embedded predictor, or one from `folder`; raises `MissingWeights`, `WrongWeights`."""
    place = find_model(model).folder if folder is None else folder
    path = place / NETWORK_FILE
    network = load_network(path)
    return Predictor(network, place, sha256(path), pick_device(device))


def _in_format(network: Network, device: torch.device, dtype: torch.dtype) -> Network:
    """A copy of the network for running; the original stays exact for folding adapters in."""
    copy = Network(network.sizes)
    copy.load_state_dict(network.state_dict())
    copy = copy.eval().requires_grad_(False)
    for weight in copy.parameters():
        weight.data = weight.data.to(device, dtype, memory_format=_layout(weight))
    return copy


def _tensor(array: FloatArray) -> Tensor:
    """The array as a tensor, copied where torch could not share its memory."""
    return torch.from_numpy(np.require(array, np.float32, ["C", "W"]))


def _probability(logits: FloatArray) -> FloatArray:
    return np.asarray(torch.sigmoid(_tensor(logits)).numpy(), np.float32)


def _layout(weight: Tensor) -> torch.memory_format:
    return torch.channels_last if weight.ndim == 4 else torch.contiguous_format


def _with_margin(damage: FloatArray) -> FloatArray:
    kernel = np.ones((_MARGIN_OF_DAMAGE, _MARGIN_OF_DAMAGE), np.uint8)
    return np.asarray(cv2.dilate((damage > _DAMAGED).astype(np.float32), kernel), np.float32)
