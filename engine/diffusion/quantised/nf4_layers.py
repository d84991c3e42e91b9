"""Weights in NF4, four bits each, as bitsandbytes writes them; read and run with torch alone.

"QLoRA" (Dettmers et al., arXiv 2305.14314): blocks of 64 weights share their largest magnitude, a
weight is one of 16 quantiles of the normal distribution times that. The magnitudes may themselves
be stored in 8 bits, in blocks of 256 with a scale each and one common offset. Two weights share a
byte, the first in its upper half.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from engine.diffusion.quantised.short_weights import ShortLinear, halves_swapped, times
from engine.diffusion.tensor_files import EVERY, TensorFiles
from engine.errors import WrongWeights

_STATE = ".quant_state.bitsandbytes__nf4"
_PARTS = (_STATE, ".absmax", ".quant_map", ".nested_absmax", ".nested_quant_map")


@dataclass(frozen=True, slots=True)
class Nf4Weight:
    """A matrix of (rows, columns) weights; see `ShortWeight`."""

    packed: Tensor
    """(rows, columns / 2), uint8."""
    largest: Tensor
    """Magnitudes (rows, columns / block), float32."""
    codes: Tensor
    """What each of the 16 codes stands for, -1 to 1."""

    @property
    def shape(self) -> torch.Size:
        return torch.Size((self.packed.shape[0], 2 * self.packed.shape[1]))

    def part(self, rows: slice) -> Nf4Weight:
        return Nf4Weight(self.packed[rows].clone(), self.largest[rows].clone(), self.codes)

    def to(self, device: torch.device) -> Nf4Weight:
        parts = (self.packed, self.largest, self.codes)
        return Nf4Weight(*(part.to(device) for part in parts))

    def swapped(self) -> Nf4Weight:
        return Nf4Weight(halves_swapped(self.packed), halves_swapped(self.largest), self.codes)

    def numbers(self) -> Tensor:
        return _numbers(self.packed, self.largest, _pairs(self.codes), torch.float32)

    def layer(self, bias: nn.Parameter | None, dtype: torch.dtype) -> Nf4Linear:
        return Nf4Linear(self, bias, dtype)


class Nf4Linear(ShortLinear):
    """A linear layer whose weights stay in four bits."""

    packed: Tensor
    largest: Tensor
    pairs: Tensor

    def __init__(self, weight: Nf4Weight, bias: nn.Parameter | None, dtype: torch.dtype) -> None:
        super().__init__(weight.shape, bias, dtype)
        self.register_buffer("packed", weight.packed, persistent=False)
        self.register_buffer("largest", weight.largest, persistent=False)
        self.register_buffer("pairs", _pairs(weight.codes), persistent=False)

    def weight(self) -> Tensor:
        """The matrix (rows, columns) in the format the layer computes in."""
        return _numbers(self.packed, self.largest, self.pairs, self.dtype)


def companions(name: str) -> list[str]:
    """Names of what may lie beside a weight in NF4."""
    return [name + part for part in _PARTS]


def is_nf4(files: TensorFiles, name: str) -> bool:
    """Whether the weight `name` is stored in NF4."""
    return name + _STATE in files.names


def read_nf4(files: TensorFiles, name: str) -> Nf4Weight:
    """The whole weight `name`; raises `WrongWeights` if it is stored in an unknown way."""
    try:
        state = json.loads(bytes(files.read(name + _STATE).tolist()))
        rows, columns = state["shape"]
        block = int(state["blocksize"])
        largest = files.read(name + ".absmax")
        if name + ".nested_absmax" in files.names:
            codes = files.read(name + ".nested_quant_map").float()
            scales = files.read(name + ".nested_absmax").float()
            spread = scales.repeat_interleave(int(state["nested_blocksize"]))[: len(largest)]
            largest = codes[largest.int()] * spread + float(state["nested_offset"])
        return Nf4Weight(
            files.read(name, EVERY).reshape(rows, columns // 2),
            largest.float().reshape(rows, columns // block),
            files.read(name + ".quant_map").float(),
        )
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise WrongWeights(f"{files.label} stores {name} in an unknown form of NF4.") from error


def nf4_codes() -> Tensor:
    """The 16 codes, float32: quantiles of the normal distribution, 8 up to 1 and 7 from -1 (QLoRA).

    0 is one of them. The offset makes the outer quantiles bound equal shares.
    """
    offset = 0.9677083

    def quantiles(count: int) -> Tensor:
        shares = torch.linspace(offset, 0.5, count + 1, dtype=torch.float64)[:-1]
        return torch.erfinv(2 * shares - 1)

    codes = torch.cat((quantiles(8), torch.zeros(1), -quantiles(7)))
    return (codes / codes.max()).sort().values.float()


def _numbers(packed: Tensor, largest: Tensor, pairs: Tensor, dtype: torch.dtype) -> Tensor:
    """(rows, columns), rounded once to `dtype`."""
    values = pairs[packed.int()].reshape(*largest.shape, -1)
    return times(largest[..., None], values, dtype).flatten(1)


def _pairs(codes: Tensor) -> Tensor:
    """What both halves of every byte stand for, (256, 2): one look-up for two weights."""
    byte = torch.arange(256, device=codes.device)
    return torch.stack((codes[byte >> 4], codes[byte & 15]), -1)
