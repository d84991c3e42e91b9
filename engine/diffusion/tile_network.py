"""A network that is told something of every pixel, ready to run on tiles of a picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from engine.diffusion.evaluation import padded
from engine.diffusion.network import BlockRun, Convolution, Network
from engine.diffusion.runner import as_tensor, in_format, ready_blocks
from engine.photo import FloatArray


class TileNetwork:
    """A network on a device, with the blocks it is run with."""

    def __init__(
        self,
        network: Network,
        layers: Sequence[tuple[Convolution, Convolution]],
        device: torch.device,
        dtype: torch.dtype,
    ) -> None:
        self.device, self.dtype, self.sizes = device, dtype, network.sizes
        self._blocks: list[BlockRun] = ready_blocks(layers, device, dtype)
        self._network = in_format(network, device, dtype)

    @torch.inference_mode()
    def __call__(self, pixels: FloatArray, hint: FloatArray) -> tuple[FloatArray, FloatArray]:
        """New pixels (h, w, 3), 0..1, and logits of damage (h, w) of a tile.

        `pixels` (h, w, 3), 0..1; `hint` (h, w) is what the network is told, -1..1.
        """
        height, width = hint.shape
        image = as_tensor(pixels).permute(2, 0, 1)[None]
        both = torch.cat((image, as_tensor(hint)[None, None]), 1)
        both = padded(both, self.sizes.multiple_of)
        both = both.to(self.device, self.dtype, memory_format=torch.channels_last)
        change, logits = self._network(both[:, :3], both[:, 3:], self._blocks)
        change = change[..., :height, :width].float().cpu()
        logits = logits[..., :height, :width].float().cpu()
        changed = (image + change).clamp_(0, 1)[0].permute(1, 2, 0)
        return np.ascontiguousarray(changed.numpy()), logits[0, 0].numpy()
