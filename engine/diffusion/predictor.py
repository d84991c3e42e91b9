"""The predictor: one deterministic pass from a degraded picture to a restored one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from engine.diffusion.blocks import BlockRun
from engine.diffusion.devices import compute_dtype, pick_device
from engine.diffusion.evaluation import padded
from engine.diffusion.network import COLOURS, HINTS, Network
from engine.diffusion.networks import NETWORK_FILE, Networks
from engine.diffusion.runner import as_tensor, in_format, keep_freed_memory, ready_blocks
from engine.diffusion.specialists.roster import Specialists
from engine.diffusion.tiled import Work, whole
from engine.diffusion.weight_files import load_adapter
from engine.errors import MissingWeights
from engine.photo import FloatArray
from engine.progress import Progress, Silent
from engine.stamps import Stamp
from engine.tiles import Tiling
from engine.weights import find_model

TILING = Tiling(side=2256, overlap=128, align=16)
"""Two by two for 12 megapixels, three by two for 24, four by three for 48, as cameras have them."""


class Predictor:
    """A network with its task adapters on a device; safe to keep, not safe to share by threads."""

    def __init__(self, networks: Networks, device: torch.device) -> None:
        """Beside the networks lies an adapter file for each task."""
        keep_freed_memory()
        self.device, self.dtype = device, compute_dtype(device)
        self.folder = networks.folder
        self._networks = networks
        self.specialists = Specialists(networks, device, self.dtype)
        self._runners: dict[str, Network] = {}
        self._passes: dict[str, tuple[Stamp | None, _Pass]] = {}
        """By task, or by the adapter's path; with that file's stamp."""

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
        work = self.work(task, adapter)
        return whole(srgb, work, tiling=tiling, progress=progress or Silent())

    def work(self, task: str, adapter: Path | None = None) -> Work:
        """What restores a tile (h, w, 3), as `restore` does a picture that is one; raises
        `MissingWeights` or `WrongAdapter`."""
        ready = self._ready(task, adapter)
        return lambda pixels: self._run(pixels, ready)

    @torch.inference_mode()
    def _run(self, pixels: FloatArray, ready: _Pass) -> FloatArray:
        """One tile restored, (h, w, 3), 0..1."""
        height, width = pixels.shape[:2]
        image = as_tensor(pixels).permute(2, 0, 1)[None]
        both = F.pad(image, (0, 0, 0, 0, 0, HINTS))  # nothing is marked to be filled
        both = padded(both, ready.runner.sizes.multiple_of)
        both = both.to(self.device, self.dtype, memory_format=torch.channels_last)
        change, _ = ready.runner(both[:, :COLOURS], both[:, COLOURS:], ready.blocks)
        change = change[..., :height, :width].float().cpu()
        restored = (image + change).clamp_(0, 1)[0].permute(1, 2, 0)
        return np.ascontiguousarray(restored.numpy())

    def _ready(self, task: str, adapter: Path | None) -> _Pass:
        """The task's network with an adapter folded in, as this device runs it."""
        key, stamp = str(adapter) if adapter else task, Stamp.of(adapter)
        held = self._passes.pop(key, None)
        if held is None or held[0] != stamp:
            held = stamp, self._folded(task, adapter)
        self._passes[key] = held
        return held[1]

    def _folded(self, task: str, adapter: Path | None) -> _Pass:
        if not (task or adapter):
            network, checksum = self._networks.main
            folded = network.plain()
        else:
            path = adapter or self.folder / f"{task}.safetensors"
            if adapter is None and not path.exists():
                raise MissingWeights(f"The model has no adapter for the task “{task}”.")
            network, checksum = self._networks.of(path)
            folded = load_adapter(path, network, checksum)[0].fold(network)
        if checksum not in self._runners:
            self._runners[checksum] = in_format(network, self.device, self.dtype)
        blocks = ready_blocks(folded, self.device, self.dtype)
        return _Pass(self._runners[checksum], blocks)


@dataclass(frozen=True, slots=True)
class _Pass:
    """A network and the blocks that run in place of its own."""

    runner: Network
    blocks: list[BlockRun]


def load_predictor(
    device: str = "cpu", model: str = "lite", folder: Path | None = None
) -> Predictor:
    """The embedded predictor, or one from `folder`; raises `MissingWeights`.

    What is wrong with a file shows when it is first needed.
    """
    networks = Networks(find_model(model).folder if folder is None else folder)
    if not (networks.folder / NETWORK_FILE).exists():
        raise MissingWeights(f"The weights file {NETWORK_FILE} is missing.")
    return Predictor(networks, pick_device(device))
