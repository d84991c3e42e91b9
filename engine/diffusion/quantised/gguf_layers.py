"""Linear layers that keep GGUF's short formats and unpack them each time they run."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from engine.diffusion.quantised.gguf_formats import columns, unpacked
from engine.diffusion.quantised.short_weights import ShortLinear, halves_swapped


@dataclass(frozen=True, slots=True)
class GgufWeight:
    """A matrix in one of GGUF's formats; see `ShortWeight`."""

    packed: Tensor
    """(rows, bytes), uint8."""
    kind: str
    """The format, one of `gguf_formats.FORMATS`."""

    @property
    def shape(self) -> torch.Size:
        rows, wide = self.packed.shape
        return torch.Size((rows, columns(self.kind, wide)))

    def part(self, rows: slice) -> GgufWeight:
        return GgufWeight(self.packed[rows].clone(), self.kind)

    def swapped(self) -> GgufWeight:
        return GgufWeight(halves_swapped(self.packed), self.kind)

    def to(self, device: torch.device) -> GgufWeight:
        return GgufWeight(self.packed.to(device), self.kind)

    def numbers(self) -> Tensor:
        return unpacked(self.packed, self.kind)

    def layer(self, bias: nn.Parameter | None, dtype: torch.dtype) -> GgufLinear:
        return GgufLinear(self, bias, dtype)


class GgufLinear(ShortLinear):
    """A linear layer whose weights stay in GGUF's blocks."""

    packed: Tensor

    def __init__(self, weight: GgufWeight, bias: nn.Parameter | None, dtype: torch.dtype) -> None:
        super().__init__(weight.shape, bias, dtype)
        self.kind = weight.kind
        self.register_buffer("packed", weight.packed, persistent=False)

    def weight(self) -> Tensor:
        """The matrix (rows, columns) in the format the layer computes in."""
        return unpacked(self.packed, self.kind, self.dtype)
