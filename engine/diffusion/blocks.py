"""Residual blocks of two 3x3 convolutions around a ReLU: what the shipped networks are made of.

A `Block` holds weights, `BlockLayers` are its convolutions as one pass uses them (with an adapter
folded in, for example), and a `BlockRun` computes them in whatever form suits the processor
(`runner`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True, slots=True)
class Convolution:
    """A 3x3 convolution as it runs: weight (c, c, 3, 3) and bias (c) or none."""

    weight: Tensor
    bias: Tensor | None = None

    def __call__(self, x: Tensor) -> Tensor:
        return F.conv2d(x, self.weight, self.bias, padding=1)


@dataclass(frozen=True, slots=True)
class BlockRanges:
    """The largest sizes of the numbers in a block, of each channel (c), 0 or more."""

    before: Tensor
    """Of what the block is given, and its first convolution with it."""
    inside: Tensor
    """Of what the ReLU leaves for the second convolution."""


@dataclass(frozen=True, slots=True)
class BlockLayers:
    """The convolutions of a block, and how large the numbers become that they are given.

    Without `ranges` the block cannot run in 8 bits.
    """

    first: Convolution
    second: Convolution
    ranges: BlockRanges | None = None


class BlockRun(Protocol):
    """A block in whatever form it runs. It may overwrite what it is given."""

    def __call__(self, x: Tensor, /) -> Tensor:
        """(b, c, h, w) to the same shape."""


@dataclass(frozen=True, slots=True)
class Residual:
    """Two convolutions around a ReLU, added to the input."""

    layers: BlockLayers

    def __call__(self, x: Tensor) -> Tensor:
        inner = F.relu(self.layers.first(x), inplace=True)
        return self.layers.second(inner).add_(x)


def residuals(layers: Sequence[BlockLayers]) -> list[BlockRun]:
    """Blocks that run these layers as they are."""
    return [Residual(one) for one in layers]


class Block(nn.Module):
    """The weights of two convolutions around a ReLU."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.ranges: BlockRanges | None = None
        """Of its own layers; known for weights that were read from a file that tells."""
        self.first = nn.Parameter(torch.empty(width, width, 3, 3))
        self.second = nn.Parameter(torch.empty(width, width, 3, 3))
        for weight in (self.first, self.second):
            nn.init.kaiming_uniform_(weight, nonlinearity="relu")
        with torch.no_grad():
            self.second.mul_(0.2)  # near identity at the start, so that depth does no harm

    def plain(self) -> BlockLayers:
        """Its convolutions as they are."""
        return BlockLayers(Convolution(self.first), Convolution(self.second), self.ranges)
