"""A network that is told something of every pixel, ready to run on tiles of a picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from engine.diffusion.blocks import BlockLayers, BlockRun
from engine.diffusion.evaluation import padded
from engine.diffusion.network import Network
from engine.diffusion.runner import as_tensor, in_format, ready_blocks
from engine.photo import FloatArray


class TileNetwork:
    """A network on a device, with the blocks it is run with."""

    def __init__(
        self,
        network: Network,
        layers: Sequence[BlockLayers],
        device: torch.device,
        dtype: torch.dtype,
    ) -> None:
        self.device, self.dtype, self.sizes = device, dtype, network.sizes
        self._blocks: list[BlockRun] = ready_blocks(layers, device, dtype)
        self._network = in_format(network, device, dtype)

    @torch.inference_mode()
    def restored(self, pixels: FloatArray, hint: FloatArray) -> FloatArray:
        """New pixels (h, w, 3), 0..1, of a tile.

        `pixels` (h, w, 3), 0..1; `hint` (h, w) is what the network is told, -1..1.
        """
        height, width = hint.shape
        change, _ = self._network(*self._told(pixels, hint), self._blocks)
        change = change[..., :height, :width].float().cpu()
        image = as_tensor(pixels).permute(2, 0, 1)[None]
        changed = (image + change).clamp_(0, 1)[0].permute(1, 2, 0)
        return np.ascontiguousarray(changed.numpy())

    @torch.inference_mode()
    def damage(self, pixels: FloatArray, hint: FloatArray) -> FloatArray:
        """Logits of damage (h, w) of a tile, for the same."""
        height, width = hint.shape
        logits = self._network.damage(*self._told(pixels, hint), self._blocks)
        found: FloatArray = logits[0, 0, :height, :width].float().cpu().numpy()
        return found

    def _told(self, pixels: FloatArray, hint: FloatArray) -> tuple[Tensor, Tensor]:
        """Both as the network takes them, (1, 3, h, w) and (1, 1, h, w), in whole multiples."""
        image, told = as_tensor(pixels).permute(2, 0, 1), as_tensor(hint)
        both = padded(torch.cat((image, told[None]))[None], self.sizes.multiple_of)
        both = both.to(self.device, self.dtype, memory_format=torch.channels_last)
        return both[:, :3], both[:, 3:]
