"""Weights of eight bits, whole numbers or FP8, with a scale for each row or one for all.

Four ways to store them are read, all with torch alone: `weight` beside `weight_scale` (Black Forest
Labs' FP8, and our own int8), FP8 without a scale, and what torchao writes to safetensors, a
symmetric `_weight_qdata` beside `_weight_scale`. Weights of 16 bits can be shortened on loading.

A layer may also round its input to eight bits, a scale for each token, and multiply in them: GPUs
do that about twice as fast as in bfloat16 (int8: LLM.int8(), Dettmers et al., arXiv 2208.07339).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from engine.diffusion.quantised.short_weights import ShortLinear, halves_swapped, times
from engine.diffusion.tensor_files import TensorFiles
from engine.errors import WrongWeights

EightBits = Literal["int8", "fp8"]

DTYPES: dict[EightBits, torch.dtype] = {"int8": torch.int8, "fp8": torch.float8_e4m3fn}
_LARGEST: dict[torch.dtype, float] = {torch.int8: 127.0, torch.float8_e4m3fn: 448.0}
_SCALE, _INPUT_SCALE = ".weight_scale", ".input_scale"
_AO_VALUES, _AO_SCALE, _AO_OFFSET = "._weight_qdata", "._weight_scale", "._weight_zero_point"
_ROWS, _ALIGN = 17, 16
"""The least rows, and what sides are multiples of, where a GPU multiplies in eight bits."""


@dataclass(frozen=True, slots=True)
class EightBitWeight:
    """A matrix whose numbers are values times scale; see `ShortWeight`."""

    values: Tensor
    """(rows, columns), int8 or float8_e4m3fn."""
    scale: Tensor
    """(rows, 1), float32."""

    @property
    def shape(self) -> torch.Size:
        return self.values.shape

    def part(self, rows: slice) -> EightBitWeight:
        return EightBitWeight(self.values[rows].clone(), self.scale[rows].clone())

    def swapped(self) -> EightBitWeight:
        # Bytes are moved: not every device can join FP8.
        values = halves_swapped(self.values.view(torch.uint8)).view(self.values.dtype)
        return EightBitWeight(values, halves_swapped(self.scale))

    def to(self, device: torch.device) -> EightBitWeight:
        return EightBitWeight(self.values.to(device), self.scale.to(device))

    def numbers(self) -> Tensor:
        return self.values.float() * self.scale

    def layer(self, bias: nn.Parameter | None, dtype: torch.dtype) -> EightBitLinear:
        return EightBitLinear(self, bias, dtype)


class EightBitLinear(ShortLinear):
    """A linear layer whose weights stay in eight bits."""

    values: Tensor
    scale: Tensor

    def __init__(
        self, weight: EightBitWeight, bias: nn.Parameter | None, dtype: torch.dtype
    ) -> None:
        super().__init__(weight.shape, bias, dtype)
        self.register_buffer("values", weight.values, persistent=False)
        self.register_buffer("scale", weight.scale, persistent=False)
        self.multiplies_short = False
        """Whether the input is rounded to eight bits too; see `multiply_short`."""

    def weight(self) -> Tensor:
        """The matrix (rows, columns) in the format the layer computes in."""
        # FP8 meets no other format in an operation; the plain one holds its numbers exactly.
        values = self.values if self.values.dtype == torch.int8 else self.values.to(self.dtype)
        return times(self.scale, values, self.dtype)

    def forward(self, x: Tensor) -> Tensor:
        """(..., columns) to (..., rows)."""
        tokens = x.numel() // self.in_features
        if not self.multiplies_short or tokens < _ROWS:
            return super().forward(x)
        short, scale = shortened(x.reshape(-1, self.in_features), self.values.dtype)
        if self.values.dtype == torch.int8:
            out = torch._int_mm(short, self.values.t()).float() * scale * self.scale.t()
        else:
            out = torch._scaled_mm(
                short,
                self.values.t(),
                scale_a=scale,
                scale_b=self.scale.t().contiguous(),
                out_dtype=torch.bfloat16,
            )
        if self.bias is not None:
            out = out + self.bias
        return out.to(x.dtype).reshape(*x.shape[:-1], self.out_features)


def shortened(numbers: Tensor, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """Rows rounded to int8 or FP8, and their scales (rows, 1), float32."""
    largest = _LARGEST[dtype]
    scale = numbers.abs().amax(1, keepdim=True).float().clamp(min=1e-12) / largest
    values = numbers.float() / scale
    if dtype == torch.int8:
        values = values.round()
    return values.clamp(-largest, largest).to(dtype), scale


def eight_bit_weight(numbers: Tensor, kind: EightBits) -> EightBitWeight:
    """A matrix (rows, columns) of any format in eight bits, each row with its own scale."""
    return EightBitWeight(*shortened(numbers, DTYPES[kind]))


def multiply_short(network: nn.Module, kind: EightBits) -> int:
    """Let all layers of this kind whose sides allow it multiply in eight bits; returns how many."""
    count = 0
    for layer in network.modules():
        if isinstance(layer, EightBitLinear) and layer.values.dtype == DTYPES[kind]:
            aligned = layer.in_features % _ALIGN == 0 and layer.out_features % _ALIGN == 0
            layer.multiplies_short = aligned
            count += aligned
    return count


def can_multiply_short(device: torch.device, kind: EightBits) -> bool:
    """Whether a device multiplies in eight bits, found out by a small product."""
    numbers = torch.ones(32, 32, device=device)
    try:
        layer = eight_bit_weight(numbers, kind).layer(None, torch.bfloat16)
        layer.multiplies_short = True
        out = layer(numbers.to(torch.bfloat16))
    except (RuntimeError, NotImplementedError, TypeError):
        return False
    return bool((out == 32).all())


def companions(name: str) -> list[str]:
    """Names of what may lie beside the weight `name` in eight bits."""
    stem = name.removesuffix(".weight")
    return [stem + part for part in (_SCALE, _INPUT_SCALE, _AO_VALUES, _AO_SCALE, _AO_OFFSET)]


def is_torchao(files: TensorFiles, name: str) -> bool:
    """Whether torchao wrote the weight `name` in parts."""
    return name.endswith(".weight") and name.removesuffix(".weight") + _AO_VALUES in files.names


def eight_bit_values(files: TensorFiles, name: str) -> str:
    """Where the values of the weight `name` lie if it is a matrix of eight bits, or else empty."""
    if not name.endswith(".weight"):
        return ""
    if is_torchao(files, name):
        return name.removesuffix(".weight") + _AO_VALUES
    return name if files.dtype(name) in _LARGEST and files.axes(name) == 2 else ""


def read_eight_bit(files: TensorFiles, name: str, rows: slice) -> EightBitWeight:
    """Some rows of the weight `name`; raises `WrongWeights` if it is stored in an unknown way."""
    stem = name.removesuffix(".weight")
    parted = is_torchao(files, name)
    values = files.read(eight_bit_values(files, name), rows)
    scale_name = stem + (_AO_SCALE if parted else _SCALE)
    if values.ndim != 2 or values.dtype not in _LARGEST:
        raise _unknown(files, name)
    if scale_name not in files.names:
        if values.dtype == torch.int8:
            raise WrongWeights(f"{files.label} lacks {scale_name}: it is not a complete model.")
        return EightBitWeight(values, torch.ones(len(values), 1))
    if parted and stem + _AO_OFFSET in files.names and bool(files.read(stem + _AO_OFFSET).any()):
        raise _unknown(files, name)
    single = files.rows(scale_name) == 1
    scale = files.read(scale_name, slice(None) if single else rows).float()
    if scale.numel() not in (1, len(values)):
        raise _unknown(files, name)
    return EightBitWeight(values, scale.reshape(-1, 1).expand(len(values), 1).contiguous())


def _unknown(files: TensorFiles, name: str) -> WrongWeights:
    return WrongWeights(
        f"{files.label} stores {name} in an unknown form of eight bits.",
        "Choose the model in another precision.",
    )
