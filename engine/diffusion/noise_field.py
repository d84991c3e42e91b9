"""Noise for a whole picture, of which any part can be had without making the rest.

Two tiles that overlap see the same noise there, so they start from the same picture of it and
agree. It is made on the CPU: every device gets the same numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import torch
from torch import Tensor

from engine.photo import Box

_BLOCK = 64
"""Side of the squares, in latent pixels, that are drawn at once."""


class NoiseField:
    """Endless standard normal noise, fixed by a seed; cheap to make, safe to share."""

    def __init__(self, seed: int, channels: int) -> None:
        self._seed, self._channels = seed, channels

    def part(self, box: Box, draw: int) -> Tensor:
        """The noise of a box in latent pixels, (1, channels, height, width), float32, on the CPU.

        Draws of different numbers are independent.
        """
        out = torch.empty(1, self._channels, box.height, box.width)
        for row in range(box.top // _BLOCK, (box.bottom - 1) // _BLOCK + 1):
            for column in range(box.left // _BLOCK, (box.right - 1) // _BLOCK + 1):
                here = Box(
                    max(box.left, column * _BLOCK),
                    max(box.top, row * _BLOCK),
                    min(box.right, (column + 1) * _BLOCK),
                    min(box.bottom, (row + 1) * _BLOCK),
                )
                source = self._block(draw, row, column)
                out[:, :, *_slices(here, box.left, box.top)] = source[
                    :, *_slices(here, column * _BLOCK, row * _BLOCK)
                ]
        return out

    def seen_by(self, box: Box, device: torch.device) -> Callable[[int], Tensor]:
        """The noise of one tile, as the sampling loop asks for it: by the number of the draw."""
        return lambda draw: self.part(box, draw).to(device)

    def _block(self, draw: int, row: int, column: int) -> Tensor:
        key = f"{self._seed} {draw} {row} {column}".encode()
        digest = hashlib.blake2b(key, digest_size=8).digest()
        rng = torch.Generator().manual_seed(int.from_bytes(digest, "little") >> 1)
        return torch.randn(self._channels, _BLOCK, _BLOCK, generator=rng)


def _slices(box: Box, left: int, top: int) -> tuple[slice, slice]:
    """Rows and columns of a box in an array whose corner lies at (left, top)."""
    return slice(box.top - top, box.bottom - top), slice(box.left - left, box.right - left)
