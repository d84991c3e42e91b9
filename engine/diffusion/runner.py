"""Blocks and memory as this machine's processor likes them: what makes the predictor fast on CPUs.

oneDNN, the library that computes torch's convolutions on CPUs, can apply a ReLU or an addition
while a result is still in the cache, and reads weights fastest in a layout of its own. Both are
reached by the operators that torch's own compiler (Inductor) emits; unlike it they need no
compiler on the user's machine.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Sequence
from copy import deepcopy
from functools import lru_cache
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from engine.diffusion.blocks import BlockLayers, BlockRun, Convolution, residuals
from engine.diffusion.eight_bit_blocks import EightBitResidual, weight_bits
from engine.photo import FloatArray

Weights = TypeVar("Weights", bound=nn.Module)

_ONES = [1, 1]
_M_TRIM_THRESHOLD, _M_MMAP_MAX = -1, -4
_KEPT = 1 << 30


class FusedResidual:
    """`Residual` with the ReLU and the addition inside the convolutions.

    Which layout of the weights is fastest depends on the size of the picture, and weights in
    another are turned over at every call. So they are packed for the size at hand, and packed
    anew when it changes: 6 ms for the whole shipped network.
    """

    def __init__(self, layers: BlockLayers) -> None:
        self._plain = layers.first, layers.second
        self._packed, self._size = self._plain, torch.Size()

    def __call__(self, x: Tensor) -> Tensor:
        if x.shape != self._size:
            before, behind = self._plain
            self._packed = _packed(before, x.shape), _packed(behind, x.shape)
            self._size = x.shape
        first, second = self._packed
        inner = torch.ops.mkldnn._convolution_pointwise(
            x, first.weight, first.bias, _ONES, _ONES, _ONES, 1, "relu", [], ""
        )
        summed = torch.ops.mkldnn._convolution_pointwise_.binary(
            x,
            inner,
            second.weight,
            second.bias,
            _ONES,
            _ONES,
            _ONES,
            1,
            "add",
            None,
            None,
            [],
            None,
        )
        assert isinstance(summed, Tensor)
        return summed


def ready_blocks(
    layers: Sequence[BlockLayers], device: torch.device, dtype: torch.dtype
) -> list[BlockRun]:
    """The fastest blocks that compute these convolutions on `device` in `dtype`.

    Those with ranges run in 8 bits where the processor is faster so.
    """
    if device.type != "cpu" or not can_fuse(dtype):
        return residuals([_converted(one, device, dtype) for one in layers])
    bits = weight_bits()
    return [
        EightBitResidual(one, bits)
        if bits and one.ranges is not None
        else FusedResidual(_converted(one, device, dtype))
        for one in layers
    ]


@lru_cache
def can_fuse(dtype: torch.dtype) -> bool:
    """Whether this torch has oneDNN's fused convolutions in a format on this processor, and they
    agree with the plain ones."""
    try:
        weight = torch.linspace(-1, 1, 144).view(4, 4, 3, 3)
        x = torch.linspace(-1, 1, 100).view(1, 4, 5, 5)
        plain = Convolution(weight, torch.linspace(0, 1, 4))
        layers = BlockLayers(plain, plain)
        with torch.inference_mode():
            (expected,) = (block(x) for block in residuals([layers]))
            found = FusedResidual(_converted(layers, x.device, dtype))(x.to(dtype, copy=True))
            off = (found.float() - expected).abs().max() / expected.abs().max()
            return bool(off < max(1e-4, 8 * torch.finfo(dtype).eps))
    except (AttributeError, RuntimeError, NotImplementedError):
        return False


def keep_freed_memory() -> None:
    """Let this process keep the memory it frees for its next use, up to a gigabyte.

    By default glibc hands every large tensor back to the system at once and asks for it again,
    and the system zeroes each page anew: more than a third of the time of a pass (see the model
    card). Other C libraries are left as they are.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_MAX, 0)
        mallopt(_M_TRIM_THRESHOLD, _KEPT)


def _converted(layers: BlockLayers, device: torch.device, dtype: torch.dtype) -> BlockLayers:
    def converted(layer: Convolution) -> Convolution:
        weight = layer.weight.detach().to(device, dtype, memory_format=torch.channels_last)
        bias = None if layer.bias is None else layer.bias.detach().to(device, dtype)
        return Convolution(weight, bias)

    return BlockLayers(converted(layers.first), converted(layers.second))


def _packed(layer: Convolution, size: torch.Size) -> Convolution:
    """The weights as oneDNN likes them for an input of this size, (b, c, h, w)."""
    weight = torch.ops.mkldnn._reorder_convolution_weight(
        layer.weight, _ONES, _ONES, _ONES, 1, list(size)
    )
    return Convolution(weight, layer.bias)


def as_tensor(array: FloatArray) -> Tensor:
    """The array as a tensor, copied where torch could not share its memory."""
    return torch.from_numpy(np.require(array, np.float32, ["C", "W"]))


def layout(weight: Tensor) -> torch.memory_format:
    """The memory format in which a weight is run."""
    return torch.channels_last if weight.ndim == 4 else torch.contiguous_format


def in_format(module: Weights, device: torch.device, dtype: torch.dtype) -> Weights:
    """A copy of a network for running; the original stays exact, for folding adapters in."""
    copy = deepcopy(module).eval().requires_grad_(False)
    for weight in copy.parameters():
        weight.data = weight.data.to(device, dtype, memory_format=layout(weight))
    return copy
