"""What a device can do at best with matrix products, in each number format it multiplies in."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

from engine.diffusion.quantised.eight_bit_layers import DTYPES, EightBits, can_multiply_short

PLAIN = "plain"
"""The format that everything else is computed in: bfloat16, or float32 where that is faster."""

Shape = tuple[int, int, int]
"""Rows, columns, and what is summed over."""


def wait(device: torch.device) -> None:
    """Until the device has done all it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def shapes_of(tokens: int, width: int, device: torch.device) -> tuple[Shape, ...]:
    """The network's own largest products, and a square one that suits the device."""
    side = 1024 if device.type == "cpu" else 8192
    return (tokens, 4 * width, width), (tokens, width, 5 * width), (side, side, side)


def matrix_ceilings(
    device: torch.device, dtype: torch.dtype, shapes: Sequence[Shape], seconds: float = 0.5
) -> Mapping[str, float]:
    """FLOP/s of the best shape by format: `PLAIN`, and those of eight bits that the device has."""
    found = {
        PLAIN: max(_rate(_plain_product(s, device, dtype), s, device, seconds) for s in shapes)
    }
    kinds: tuple[EightBits, ...] = ("int8", "fp8")
    for kind in kinds:
        if can_multiply_short(device, kind):
            products = ((_short_product(s, device, kind), s) for s in shapes)
            found[kind] = max(_rate(product, s, device, seconds) for product, s in products)
    return found


def _rate(
    product: Callable[[], Tensor], shape: Shape, device: torch.device, seconds: float
) -> float:
    """FLOP/s of a product, repeated for about that long; the best of three tries."""
    product()
    wait(device)
    start = time.perf_counter()
    product()
    wait(device)
    count = max(1, min(200, round(seconds / 3 / max(time.perf_counter() - start, 1e-6))))
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        for _ in range(count):
            product()
        wait(device)
        best = min(best, (time.perf_counter() - start) / count)
    rows, columns, inner = shape
    return 2.0 * rows * columns * inner / best


def _plain_product(shape: Shape, device: torch.device, dtype: torch.dtype) -> Callable[[], Tensor]:
    rows, columns, inner = shape
    left = torch.ones(rows, inner, device=device, dtype=dtype)
    right = torch.ones(columns, inner, device=device, dtype=dtype)
    return lambda: left @ right.t()


def _short_product(shape: Shape, device: torch.device, kind: EightBits) -> Callable[[], Tensor]:
    rows, columns, inner = shape
    left = torch.ones(rows, inner, device=device).to(DTYPES[kind])
    right = torch.ones(columns, inner, device=device).to(DTYPES[kind])
    if kind == "int8":
        return lambda: torch._int_mm(left, right.t())
    scales = torch.ones(rows, 1, device=device), torch.ones(1, columns, device=device)
    return lambda: torch._scaled_mm(
        left, right.t(), scale_a=scales[0], scale_b=scales[1], out_dtype=torch.bfloat16
    )
