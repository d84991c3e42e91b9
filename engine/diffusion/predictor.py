"""The predictor: one deterministic pass from a degraded picture to a restored one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from engine.diffusion.devices import compute_dtype, pick_device
from engine.diffusion.evaluation import padded
from engine.diffusion.network import COLOURS, HINTS, BlockRun, Network
from engine.diffusion.runner import as_tensor, in_format, keep_freed_memory, ready_blocks
from engine.diffusion.specialists import Specialists
from engine.diffusion.tiled import Read, Write, in_tiles, whole
from engine.diffusion.weight_files import load_adapter, load_network
from engine.errors import MissingWeights
from engine.photo import FloatArray
from engine.progress import Progress, Silent
from engine.tiles import Tiling
from engine.weights import find_model, sha256

NETWORK_FILE = "predictor.safetensors"
TILING = Tiling(side=2048, overlap=112, align=16)


class Predictor:
    """A network with its task adapters on a device; safe to keep, not safe to share by threads."""

    def __init__(self, network: Network, folder: Path, checksum: str, device: torch.device) -> None:
        """`folder` holds an adapter file for each task; `checksum` is the network file's sha256."""
        keep_freed_memory()
        self.device, self.dtype = device, compute_dtype(device)
        self.folder, self.checksum = folder, checksum
        self._plain = network
        self._network = network.to(device)
        self._runner = in_format(network, device, self.dtype)
        self.specialists = Specialists(folder, (network, checksum), device, self.dtype)
        self._passes: dict[str, list[BlockRun]] = {}

    @property
    def tasks(self) -> list[str]:
        """The tasks there is an adapter for."""
        names = [path.stem for path in self.folder.glob("*.safetensors")]
        return sorted(n for n in names if "." not in n and f"{n}.safetensors" != NETWORK_FILE)

    def restore(
        self,
        srgb: FloatArray,
        task: str,
        *,
        adapter: Path | None = None,
        progress: Progress | None = None,
        tiling: Tiling = TILING,
    ) -> FloatArray:
        """Restore a whole picture: (h, w, 3) float32, sRGB-encoded, 0..1, to the same.

        Task "" is the network without an adapter. Raises `MissingWeights`, `WrongAdapter`,
        `OutOfMemory`.
        """
        blocks = self._blocks(task, adapter)
        return whole(
            srgb,
            lambda pixels: self._run(pixels, blocks),
            tiling=tiling,
            progress=progress or Silent(),
        )

    def predict(
        self,
        size: tuple[int, int],
        read: Read,
        write: Write,
        task: str,
        *,
        adapter: Path | None = None,
        progress: Progress,
        tiling: Tiling = TILING,
    ) -> None:
        """`restore` for a picture of `size` (width, height) that is read and written in pieces.

        `read` gives the pixels of a box, (h, w, 3); `write` gets (top row, finished rows).
        """
        blocks = self._blocks(task, adapter)
        in_tiles(
            size,
            read,
            write,
            lambda pixels: self._run(pixels, blocks),
            tiling=tiling,
            progress=progress,
        )

    @torch.inference_mode()
    def _run(self, pixels: FloatArray, blocks: list[BlockRun]) -> FloatArray:
        """One tile restored, (h, w, 3), 0..1."""
        height, width = pixels.shape[:2]
        image = as_tensor(pixels).permute(2, 0, 1)[None]
        both = F.pad(image, (0, 0, 0, 0, 0, HINTS))  # nothing is marked to be filled
        both = padded(both, self._network.sizes.multiple_of)
        both = both.to(self.device, self.dtype, memory_format=torch.channels_last)
        change, _ = self._runner(both[:, :COLOURS], both[:, COLOURS:], blocks)
        change = change[..., :height, :width].float().cpu()
        restored = (image + change).clamp_(0, 1)[0].permute(1, 2, 0)
        return np.ascontiguousarray(restored.numpy())

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
