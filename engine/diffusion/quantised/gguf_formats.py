"""GGUF's short formats unpacked with torch, on whatever device the bytes lie.

Written from the layout of ggml's blocks: 32 or 256 weights share their scales, and what is left of
each is 2 to 8 bits. All is computed in float32, as the package gguf does it in numpy, and written
in the format that is asked for: the codes stay bytes up to the last operation, since on a GPU what
counts is how many bytes go to and fro.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.diffusion.quantised.short_weights import from_least, times

Unpack = Callable[[Tensor, torch.dtype], Tensor]
"""Bytes (blocks, bytes of a block) to numbers (blocks, weights of a block) in a format."""

_LEVELS = (-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113)
"""What the 16 codes of IQ4 stand for."""


@dataclass(frozen=True, slots=True)
class Format:
    """How one of GGUF's types stores a block."""

    weights: int
    bytes: int
    unpack: Unpack


def unpacked(packed: Tensor, kind: str, dtype: torch.dtype = torch.float32) -> Tensor:
    """The numbers (rows, columns), in `dtype`, of bytes (rows, columns / weights * bytes), uint8.

    `kind` is one of `FORMATS`.
    """
    form = FORMATS[kind]
    blocks = packed.reshape(-1, form.bytes)
    return form.unpack(blocks, dtype).reshape(*packed.shape[:-1], -1)


def columns(kind: str, bytes_in_row: int) -> int:
    """How many weights a row of that many bytes holds."""
    form = FORMATS[kind]
    return bytes_in_row // form.bytes * form.weights


def _half(blocks: Tensor, start: int) -> Tensor:
    """The half-precision number at byte `start` of each block, (blocks, 1), float32."""
    return blocks[:, start : start + 2].contiguous().view(torch.float16).float()


def _signed(bytes: Tensor) -> Tensor:
    """Bytes as whole numbers -128 to 127."""
    return bytes.contiguous().view(torch.int8)


def _nibbles(bytes: Tensor) -> Tensor:
    """(..., n) bytes to (..., 2, n): all lower halves, then all upper ones."""
    return torch.stack((bytes & 15, bytes >> 4), -2)


def _pairs_of_bits(bytes: Tensor) -> Tensor:
    """(..., n) bytes to (..., 4, n): two bits each, the lowest first."""
    return torch.stack([bytes >> shift & 3 for shift in (0, 2, 4, 6)], -2)


def _bits(bytes: Tensor) -> Tensor:
    """(..., n) bytes to (..., 8, n): single bits, the lowest first."""
    return torch.stack([bytes >> shift & 1 for shift in range(8)], -2)


def _q4_0(b: Tensor, dtype: torch.dtype) -> Tensor:
    return times(_half(b, 0), _signed(_nibbles(b[:, 2:]).flatten(1)) - 8, dtype)


def _q4_1(b: Tensor, dtype: torch.dtype) -> Tensor:
    return from_least(_half(b, 2), _half(b, 0), _nibbles(b[:, 4:]).flatten(1), dtype)


def _fifth(b: Tensor) -> Tensor:
    """The 32 highest bits in four bytes, each moved to its place above a nibble."""
    return _bits(b).transpose(-1, -2).flatten(1) << 4


def _q5_0(b: Tensor, dtype: torch.dtype) -> Tensor:
    codes = _nibbles(b[:, 6:]).flatten(1) | _fifth(b[:, 2:6])
    return times(_half(b, 0), _signed(codes) - 16, dtype)


def _q5_1(b: Tensor, dtype: torch.dtype) -> Tensor:
    codes = _nibbles(b[:, 8:]).flatten(1) | _fifth(b[:, 4:8])
    return from_least(_half(b, 2), _half(b, 0), codes, dtype)


def _q8_0(b: Tensor, dtype: torch.dtype) -> Tensor:
    return times(_half(b, 0), _signed(b[:, 2:]), dtype)


def _q2_k(b: Tensor, dtype: torch.dtype) -> Tensor:
    shares, codes = b[:, :16], _pairs_of_bits(b[:, 16:80].reshape(-1, 2, 32))
    scales, least = _half(b, 80) * (shares & 15), _half(b, 82) * (shares >> 4)
    return from_least(-least[..., None], scales[..., None], codes.reshape(-1, 16, 16), dtype)


def _q3_k(b: Tensor, dtype: torch.dtype) -> Tensor:
    low = _pairs_of_bits(b[:, 32:96].reshape(-1, 2, 32)).reshape(-1, 16, 16)
    high = _bits(b[:, :32]).reshape(-1, 16, 16)
    shares = _nibbles(b[:, 96:104]).flatten(1) | _pairs_of_bits(b[:, 104:108]).flatten(1) << 4
    scales = _half(b, 108) * (_signed(shares) - 32)
    return times(scales[..., None], _signed(low | high << 2) - 4, dtype)


def _shares(bytes: Tensor) -> tuple[Tensor, Tensor]:
    """Eight scales and eight offsets of six bits each, out of twelve bytes."""
    first, second, third = bytes.reshape(-1, 3, 4).unbind(1)
    scales = torch.cat((first & 63, third & 15 | first >> 6 << 4), 1)
    least = torch.cat((second & 63, third >> 4 | second >> 6 << 4), 1)
    return scales, least


def _by_eights(b: Tensor, codes: Tensor, dtype: torch.dtype) -> Tensor:
    """The K formats of 4 and 5 bits: codes (blocks, 8, 32) with their eight scales and offsets."""
    shares, offsets = _shares(b[:, 4:16])
    scales, least = _half(b, 0) * shares, _half(b, 2) * offsets
    return from_least(-least[..., None], scales[..., None], codes, dtype)


def _q4_k(b: Tensor, dtype: torch.dtype) -> Tensor:
    return _by_eights(b, _nibbles(b[:, 16:].reshape(-1, 4, 32)).flatten(1, 2), dtype)


def _q5_k(b: Tensor, dtype: torch.dtype) -> Tensor:
    low = _nibbles(b[:, 48:].reshape(-1, 4, 32)).flatten(1, 2)
    return _by_eights(b, low | _bits(b[:, 16:48]) << 4, dtype)


def _q6_k(b: Tensor, dtype: torch.dtype) -> Tensor:
    low = _nibbles(b[:, :128].reshape(-1, 2, 64)).reshape(-1, 16, 16)
    high = _pairs_of_bits(b[:, 128:192].reshape(-1, 2, 32)).reshape(-1, 16, 16)
    scales = _half(b, 208) * _signed(b[:, 192:208])
    return times(scales[..., None], _signed(low | high << 4) - 32, dtype)


def _of_levels(codes: Tensor) -> Tensor:
    return torch.tensor(_LEVELS, dtype=torch.int8, device=codes.device)[codes.int()]


def _iq4_nl(b: Tensor, dtype: torch.dtype) -> Tensor:
    return times(_half(b, 0), _of_levels(_nibbles(b[:, 2:]).flatten(1)), dtype)


def _iq4_xs(b: Tensor, dtype: torch.dtype) -> Tensor:
    high = _pairs_of_bits(b[:, 2:4]).transpose(1, 2).flatten(1)
    low = _nibbles(b[:, 4:8]).transpose(1, 2).flatten(1)
    scales = _half(b, 0) * (_signed(low | high << 4) - 32)
    codes = _of_levels(_nibbles(b[:, 8:].reshape(-1, 8, 16)).flatten(2))
    return times(scales[..., None], codes, dtype)


FORMATS: dict[str, Format] = {
    "Q4_0": Format(32, 18, _q4_0),
    "Q4_1": Format(32, 20, _q4_1),
    "Q5_0": Format(32, 22, _q5_0),
    "Q5_1": Format(32, 24, _q5_1),
    "Q8_0": Format(32, 34, _q8_0),
    "Q2_K": Format(256, 84, _q2_k),
    "Q3_K": Format(256, 110, _q3_k),
    "Q4_K": Format(256, 144, _q4_k),
    "Q5_K": Format(256, 176, _q5_k),
    "Q6_K": Format(256, 210, _q6_k),
    "IQ4_NL": Format(32, 18, _iq4_nl),
    "IQ4_XS": Format(256, 136, _iq4_xs),
}
"""By the names that GGUF files use."""
