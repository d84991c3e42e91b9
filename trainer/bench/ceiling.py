"""What this machine's processor can do at best with convolutions, the predictor's only real work.

The share of this ceiling that the program reaches tells slow code from a slow computer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import torch
from torch.nn import functional as F

from engine.diffusion.eight_bit_blocks import EightBitConvolution, weight_bits


@dataclass(frozen=True, slots=True)
class ConvolutionShape:
    """A 3x3 convolution from `channels` to as many, over `side` x `side` places."""

    channels: int
    side: int

    @property
    def flops(self) -> float:
        """Two for each multiply-add."""
        return 2.0 * 9 * self.channels**2 * self.side**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Operations, two for each multiply-add, of a network for a megapixel."""

    total: float
    eight_bit: float = 0.0
    """Of these the ones that run in 8 bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """The best GFLOP/s over all of `SHAPES`, in each number format."""

    float32: float
    bfloat16: float
    int8: float = 0.0
    """0 where the program takes no use of it."""

    @property
    def best(self) -> float:
        """Of the formats for numbers with a point."""
        return max(self.float32, self.bfloat16)

    def least_seconds(self, work: Work) -> float:
        """For a megapixel, if all of it went at its format's best."""
        seconds = (work.total - work.eight_bit) / self.best
        if work.eight_bit:
            seconds += work.eight_bit / self.int8
        return seconds / 1e9

    def at_least(self, other: Ceiling) -> Ceiling:
        """The better of two measurements: neighbours on the machine only ever slow one down."""
        return Ceiling(
            float32=max(self.float32, other.float32),
            bfloat16=max(self.bfloat16, other.bfloat16),
            int8=max(self.int8, other.int8),
        )


def convolution_ceiling(repeats: int = 7) -> Ceiling:
    """Measure it, in a few seconds, with the threads that torch would use."""
    with torch.inference_mode():
        plain = max(_gflops(shape, torch.float32, repeats) for shape in SHAPES)
        short = max(_gflops(shape, torch.bfloat16, repeats) for shape in SHAPES)
        bits = weight_bits()
        whole = max(_eight_bit_gflops(shape, bits, repeats) for shape in SHAPES) if bits else 0.0
    return Ceiling(float32=plain, bfloat16=short, int8=whole)


def median_seconds(action: Callable[[], object], repeats: int) -> float:
    """The median duration of `repeats` calls."""
    times: list[float] = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return median(times)


def _gflops(shape: ConvolutionShape, dtype: torch.dtype, repeats: int) -> float:
    size = (1, shape.channels, shape.side, shape.side)
    image = torch.ones(size, dtype=dtype).contiguous(memory_format=torch.channels_last)
    weight = torch.ones((shape.channels, shape.channels, 3, 3), dtype=dtype)
    weight = weight.contiguous(memory_format=torch.channels_last)

    def convolve() -> object:
        return F.conv2d(image, weight, padding=1)

    convolve()  # the first call chooses and compiles a kernel
    return shape.flops / median_seconds(convolve, repeats) / 1e9


def _eight_bit_gflops(shape: ConvolutionShape, bits: int, repeats: int) -> float:
    size = (1, shape.channels, shape.side, shape.side)
    image = torch.ones(size, dtype=torch.uint8).contiguous(memory_format=torch.channels_last)
    weight = torch.ones((shape.channels, shape.channels, 3, 3))
    layer = EightBitConvolution(weight, torch.zeros(shape.channels), 0, bits)
    layer.rectified(image)
    return shape.flops / median_seconds(lambda: layer.rectified(image), repeats) / 1e9


SHAPES = (
    ConvolutionShape(32, 256),
    ConvolutionShape(48, 256),
    ConvolutionShape(64, 256),
    ConvolutionShape(96, 128),
    ConvolutionShape(128, 128),
    ConvolutionShape(192, 64),
    ConvolutionShape(256, 64),
    ConvolutionShape(256, 32),
)
