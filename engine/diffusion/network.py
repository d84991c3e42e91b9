"""The network of the embedded predictor, and the task adapters that specialise it.

A residual U-Net of plain 3x3 convolutions at half resolution (pixel unshuffle by 2), without
normalisation and without bias, after the study in DRUNet (Zhang et al. 2021): what CPUs compute
fastest, and by its homogeneity blind to the strength of a degradation it has not met.

A task adapter holds a low-rank "SE" layer per convolution, in the form of FluxIR (Deng et al.
2025): h + W_e (W_s h) + b_e per pixel, W_e and b_e zero at the start. (FluxIR's inner bias B_s adds
nothing here, since W_e B_s is a constant that b_e already holds.) Because it follows a convolution
directly it folds into that convolution's weights: an adapter costs no time at all when it runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.diffusion.blocks import (
    Block,
    BlockLayers,
    BlockRanges,
    BlockRun,
    Convolution,
    residuals,
)

COLOURS = 3
UNSHUFFLE = 2
HINTS = 1
"""Channels beside the colours: the mask of places to fill."""


@dataclass(frozen=True, slots=True)
class NetworkSizes:
    """Channels per level, and residual blocks per level on each side of the U."""

    widths: tuple[int, ...] = (48, 96, 192, 256)
    blocks: int = 2

    def __post_init__(self) -> None:
        if not self.widths or min(self.widths) < 1 or self.blocks < 1:
            raise ValueError(f"a network needs channels and blocks, not {self}")

    @property
    def multiple_of(self) -> int:
        """Height and width of what the network sees are whole multiples of this many pixels."""
        levels: int = len(self.widths)
        return UNSHUFFLE << (levels - 1)

    @property
    def reach(self) -> int:
        """Pixels, to each side, beyond which the input cannot influence an output pixel."""
        levels = len(self.widths)
        per_level = [(4 if i < levels - 1 else 2) * self.blocks for i in range(levels)]
        inside = sum(n * (UNSHUFFLE << i) for i, n in enumerate(per_level))
        return inside + 2 * UNSHUFFLE + self.multiple_of

    @property
    def coarse(self) -> range:
        """The blocks, in the order of `Network.blocks`, that are not of the finest level."""
        return range(self.blocks, len(self.block_widths) - self.blocks)

    @property
    def block_widths(self) -> list[int]:
        """Channels of every block, in the order of `Network.blocks`."""
        return [self.widths[level] for level in self._block_levels]

    @property
    def _block_levels(self) -> list[int]:
        """The level of every block, 0 for the finest."""
        outer = [level for level in range(len(self.widths) - 1) for _ in range(self.blocks)]
        return outer + [len(self.widths) - 1] * self.blocks + outer[::-1]

    def flops(self, pixels: int) -> float:
        """Floating point operations (two per multiply-add) for an input of `pixels` pixels."""
        level = pixels / UNSHUFFLE**2
        channels = (COLOURS + HINTS) * UNSHUFFLE**2
        total = 2 * 9 * self.widths[0] * (channels + channels) * level
        for i, (finer, width) in enumerate(pairwise(self.widths), 1):
            # down and up, each a 2x2 convolution over this level's positions
            total += 2 * 2 * 4 * width * finer * level / 4**i
        return total + sum(self.block_flops(i, pixels) for i in range(len(self._block_levels)))

    def block_flops(self, index: int, pixels: int) -> float:
        """Those of one block's two convolutions."""
        level = self._block_levels[index]
        positions: float = pixels / UNSHUFFLE**2 / 4**level
        return 2 * 2 * 9 * self.widths[level] ** 2 * positions


class Network(nn.Module):
    """Predicts the change of a picture, and where it is damaged."""

    def __init__(self, sizes: NetworkSizes) -> None:
        super().__init__()
        self.sizes = sizes
        widths, channels = sizes.widths, (COLOURS + HINTS) * UNSHUFFLE**2
        self.head = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.blocks = nn.ModuleList(Block(width) for width in sizes.block_widths)
        steps = list(pairwise(widths))
        self.down = nn.ModuleList(nn.Conv2d(a, b, 2, 2, bias=False) for a, b in steps)
        self.up = nn.ModuleList(nn.ConvTranspose2d(b, a, 2, 2, bias=False) for a, b in steps)
        self.tail = nn.Conv2d(widths[0], channels, 3, padding=1, bias=False)

    def plain(self) -> list[BlockLayers]:
        """The blocks' own convolutions, as they run without an adapter."""
        return [block.plain() for block in self._blocks()]

    def forward(
        self, image: Tensor, mask: Tensor, blocks: Sequence[BlockRun] | None = None
    ) -> tuple[Tensor, Tensor]:
        """Change (b, 3, h, w) and damage logits (b, 1, h, w) for an image 0..1 and a mask 0..1.

        `blocks` are what runs in place of the plain blocks, such as an adapter's. h and w are
        multiples of `sizes.multiple_of`.
        """
        out = F.pixel_shuffle(self._exactly(self.features(image, mask, blocks)), UNSHUFFLE)
        return out[:, :COLOURS], out[:, COLOURS:]

    def damage(
        self, image: Tensor, mask: Tensor, blocks: Sequence[BlockRun] | None = None
    ) -> Tensor:
        """The damage logits (b, 1, h, w) of `forward` alone, in the format of its features."""
        last = self.tail.weight[COLOURS * UNSHUFFLE**2 :]
        features = self.features(image, mask, blocks)
        return F.pixel_shuffle(F.conv2d(features, last, padding=1), UNSHUFFLE)

    def features(
        self, image: Tensor, mask: Tensor, blocks: Sequence[BlockRun] | None = None
    ) -> Tensor:
        """What the last convolution of `forward` sees, (b, c, h / 2, w / 2)."""
        run = residuals(self.plain()) if blocks is None else list(blocks)
        h = self.head(F.pixel_unshuffle(torch.cat((image, mask), 1), UNSHUFFLE))
        return walked(h, run, self.down, self.up)

    def _exactly(self, h: Tensor) -> Tensor:
        """The last convolution, always in float32.

        In bfloat16 a change of tone by 0.5 comes in steps of half an 8-bit level, seen as bands.
        """
        with torch.autocast(h.device.type, enabled=False):
            return F.conv2d(h.float(), self.tail.weight.float(), padding=1)

    def _blocks(self) -> list[Block]:
        return [block for block in self.blocks if isinstance(block, Block)]


def walked(h: Tensor, run: Sequence[BlockRun], down: nn.ModuleList, up: nn.ModuleList) -> Tensor:
    """The features `h` (b, c, h, w) led through the blocks of a U, and what comes out at its end.

    `down` and `up` lead from a level to the next and back; `run` are the blocks, as many on each
    level and side, in the order in which they are passed.
    """
    levels = len(down)
    per_level = len(run) // (2 * levels + 1)
    kept: list[Tensor] = []
    for level in range(levels + 1):
        for block in run[level * per_level : (level + 1) * per_level]:
            h = block(h)
        if level < levels:
            kept.append(h)
            h = down[level](h)
    for level in reversed(range(levels)):
        h = up[level](h).add_(kept.pop())
        start = (2 * levels - level) * per_level
        for block in run[start : start + per_level]:
            h = block(h)
    if h.requires_grad:  # the last convolution's answer would be laid out otherwise, and all before
        h.register_hook(_channels_last)  # type: ignore[no-untyped-call]
    return h


def _channels_last(grad: Tensor) -> Tensor:
    """A gradient in the layout of the pass it answers."""
    return grad.contiguous(memory_format=torch.channels_last)


class SqueezeExpand(nn.Module):
    """One low-rank layer on `width` channels."""

    def __init__(self, width: int, rank: int) -> None:
        super().__init__()
        self.squeeze = nn.Parameter(torch.empty(rank, width))
        self.expand = nn.Parameter(torch.zeros(width, rank))
        self.bias = nn.Parameter(torch.zeros(width))
        nn.init.kaiming_uniform_(self.squeeze, a=5**0.5)

    def fold(self, weight: Tensor) -> Convolution:
        """The convolution `weight` followed by this layer, as one convolution."""
        flat = weight.permute(0, 2, 3, 1)  # as it lies in memory, channels last
        change = (self.expand @ (self.squeeze @ flat.flatten(1))).view(flat.shape)
        return Convolution(weight + change.permute(0, 3, 1, 2), self.bias)


class TaskAdapter(nn.Module):
    """What specialises a network for one task: 1 to 5 % of its weights."""

    def __init__(self, sizes: NetworkSizes, rank: int) -> None:
        super().__init__()
        self.rank = rank
        self.ranges: Mapping[int, BlockRanges] = {}
        """How large the numbers between the convolutions become with it, by block."""
        self.first = nn.ModuleList(SqueezeExpand(width, rank) for width in sizes.block_widths)
        self.second = nn.ModuleList(SqueezeExpand(width, rank) for width in sizes.block_widths)

    @property
    def layers(self) -> list[tuple[SqueezeExpand, SqueezeExpand]]:
        """For every block, the layers behind its first and its second convolution."""
        return [
            (first, second)
            for first, second in zip(self.first, self.second, strict=True)
            if isinstance(first, SqueezeExpand) and isinstance(second, SqueezeExpand)
        ]

    def fold(self, network: Network) -> list[BlockLayers]:
        """The convolutions of `network`'s blocks with this adapter in them."""
        return [
            BlockLayers(
                before.fold(block.first.weight),
                behind.fold(block.second.weight),
                self.ranges.get(index),
            )
            for index, (block, (before, behind)) in enumerate(
                zip(network.plain(), self.layers, strict=True)
            )
        ]
