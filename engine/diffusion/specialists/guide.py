"""What a model's large network sees in a small picture, for the enlarger to be told.

An enlarger works on the small picture at its own resolution and has a short reach: enough for a
clean one, too little to tell worn texture from noise and the traces of JPEG. The network of the
task adapters has taken such damage off millions of crops, sees farther, and runs at half of the
resolution and less. With a task adapter of its own it looks at the picture first, and what its last
convolution would be given goes to the enlarger beside the picture (decision 032).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.diffusion.blocks import BlockRun, residuals
from engine.diffusion.evaluation import padded
from engine.diffusion.network import COLOURS, HINTS, UNSHUFFLE, Network, TaskAdapter
from engine.diffusion.networks import Networks
from engine.diffusion.runner import in_format, layout, ready_blocks
from engine.diffusion.weight_files import load_adapter
from engine.errors import WrongWeights


@dataclass(frozen=True, slots=True)
class Guide:
    """A network and the adapter with which it looks."""

    base: Network
    adapter: TaskAdapter

    def __post_init__(self) -> None:
        if self.base.sizes.widths[0] % UNSHUFFLE**2:
            raise WrongWeights("This network cannot guide an enlarger.")

    @property
    def channels(self) -> int:
        """Of what it tells."""
        return self.base.sizes.widths[0] // UNSHUFFLE**2

    def on(self, device: torch.device) -> Guide:
        """The same on a device, its convolutions in the layout that they run in."""
        for weight in self.base.parameters():
            weight.data = weight.data.to(device, memory_format=layout(weight))
        return Guide(self.base, self.adapter.to(device))

    def told(self, image: Tensor, blocks: Sequence[BlockRun] | None = None) -> Tensor:
        """What it sees, (b, channels, h, w), in an image (b, 3, h, w), 0..1.

        `blocks` are the adapted ones in another form.
        """
        blocks = residuals(self.adapter.fold(self.base)) if blocks is None else blocks
        height, width = image.shape[-2:]
        both = F.pad(image, (0, 0, 0, 0, 0, HINTS))  # nothing is marked to be filled
        both = padded(both, self.base.sizes.multiple_of)
        both = both.contiguous(memory_format=torch.channels_last)
        seen = self.base.features(both[:, :COLOURS], both[:, COLOURS:], blocks)
        return F.pixel_shuffle(seen, UNSHUFFLE)[..., :height, :width]


class ReadyGuide:
    """A guide on a device, in its fastest form."""

    def __init__(self, guide: Guide, device: torch.device, dtype: torch.dtype) -> None:
        self.channels, self.multiple_of = guide.channels, guide.base.sizes.multiple_of
        self._blocks = ready_blocks(guide.adapter.fold(guide.base), device, dtype)
        self._guide = Guide(in_format(guide.base, device, dtype), guide.adapter)

    def told(self, image: Tensor) -> Tensor:
        """`Guide.told`, of an image on the device and in the format."""
        return self._guide.told(image, self._blocks)


def load_guide(path: Path, networks: Networks) -> Guide:
    """The guide whose adapter is the file TASK.guide.safetensors, for one of the `networks`.

    Raises `MissingWeights`, `WrongWeights` or `WrongAdapter`.
    """
    base, checksum = networks.of(path)
    return Guide(base, load_adapter(path, base, checksum)[0])


def guide_file(path: Path) -> Path:
    """The file of the guide beside that of its enlarger, TASK.enlarger.safetensors."""
    return path.with_name(f"{path.name.split('.')[0]}.guide.safetensors")
