"""Weights of fewer bits than the layer computes in: what GGUF, NF4 and the 8-bit formats share.

A `ShortWeight` is a matrix as it lies in a file, a `ShortLinear` the layer that keeps it so and
makes numbers of it each time it runs. Gradients pass through to the input, never to the weights;
for their way back the numbers are made once more, since kept they would be the whole model again.
"""

from __future__ import annotations

from typing import Protocol, Self

import torch
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx
from torch.nn import functional as F

_MIXING = ("cpu", "cuda", "meta")
"""Devices on which one operation reads bytes and float32 and writes a third format: the fewer bytes
go to and fro, the faster. Others are given float32 throughout."""


class ShortWeight(Protocol):
    """A matrix (rows, columns) in few bits."""

    @property
    def shape(self) -> torch.Size:
        """(rows, columns) of the numbers, not of the bytes."""

    def part(self, rows: slice) -> Self:
        """Some of the rows, in memory of their own."""

    def swapped(self) -> Self:
        """The lower half of the rows before the upper one."""

    def to(self, device: torch.device) -> Self: ...

    def numbers(self) -> Tensor:
        """(rows, columns), float32."""

    def layer(self, bias: nn.Parameter | None, dtype: torch.dtype) -> nn.Module:
        """The linear layer that runs with it, a `ShortLinear`."""


class ShortLinear(nn.Module):
    """A linear layer that unpacks its weights each time it runs."""

    def __init__(self, shape: torch.Size, bias: nn.Parameter | None, dtype: torch.dtype) -> None:
        """`shape` is (rows, columns); it computes in `dtype`."""
        super().__init__()
        self.out_features, self.in_features = shape
        self.dtype = dtype
        self.bias = bias

    def weight(self) -> Tensor:
        """The matrix (rows, columns) in the format the layer computes in."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """(..., columns) to (..., rows)."""
        if torch.is_grad_enabled() and x.requires_grad:
            out: Tensor = _Product.apply(x, self)  # type: ignore[no-untyped-call]
            return out
        return F.linear(x, self.weight(), self.bias)


class _Product(torch.autograd.Function):
    """A layer's product, of which nothing is kept for the way back but the layer."""

    @staticmethod
    def forward(context: FunctionCtx, x: Tensor, layer: ShortLinear) -> Tensor:
        context.layer = layer  # type: ignore[attr-defined]
        return F.linear(x, layer.weight(), layer.bias)

    @staticmethod
    def backward(context: FunctionCtx, gradient: Tensor) -> tuple[Tensor, None]:
        weight = context.layer.weight()  # type: ignore[attr-defined]
        return gradient @ weight.to(gradient), None


def put_short(network: nn.Module, name: str, weight: ShortWeight, dtype: torch.dtype) -> None:
    """Give a network the weight `name`; its layer computes in `dtype` from now on.

    What is not the weight of a linear layer becomes plain numbers for good.
    """
    place, _, kind = name.rpartition(".")
    layer = network.get_submodule(place)
    if isinstance(layer, nn.Linear | ShortLinear) and kind == "weight":
        network.set_submodule(place, weight.layer(layer.bias, dtype))
        return
    numbers = weight.numbers().to(dtype)
    setattr(layer, kind, nn.Parameter(numbers, requires_grad=False))


def times(scale: Tensor, codes: Tensor, dtype: torch.dtype) -> Tensor:
    """scale * codes in `dtype`, rounded once; the scales (float32) broadcast over the codes."""
    if codes.device.type not in _MIXING:
        return (scale * codes.float()).to(dtype)
    out = torch.empty(codes.shape, dtype=dtype, device=codes.device)
    return torch.mul(codes, scale, out=out)


def from_least(least: Tensor, scale: Tensor, codes: Tensor, dtype: torch.dtype) -> Tensor:
    """least + scale * codes in `dtype`, rounded once."""
    if codes.device.type not in _MIXING:
        return (least + scale * codes.float()).to(dtype)
    out = torch.empty(codes.shape, dtype=dtype, device=codes.device)
    return torch.addcmul(least, codes, scale, out=out)


def halves_swapped(tensor: Tensor) -> Tensor:
    """The lower half of the rows before the upper one."""
    return torch.cat(tensor.chunk(2)[::-1])
