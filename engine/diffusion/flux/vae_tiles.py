"""An autoencoder that works in overlapping tiles, for devices where it is what needs most memory.

Each tile is normalised by its own statistics (the networks' group norms), so neighbours differ a
little in tone; wide overlaps that fade into each other keep that from showing as a seam.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from engine.diffusion.evaluation import PATCH, padded
from engine.diffusion.flux.autoencoder import Autoencoder

LATENT_PIXEL = 8
"""Pixels to one latent pixel, along each side, in both families."""
_ALIGN = LATENT_PIXEL * PATCH
_SHARE = 4
"""Neighbours share one part in this many of their side."""


class TiledAutoencoder:
    """Another autoencoder, never given more than `side` x `side` pixels at once."""

    def __init__(self, whole: Autoencoder, side: int) -> None:
        """`side` in pixels, 64 or more; rounded down to whole tokens."""
        if side < _SHARE * _ALIGN:
            raise ValueError(f"tiles of {side} pixels are too small for an autoencoder")
        self.whole, self.side = whole, side // _ALIGN * _ALIGN

    def encode(self, image: Tensor, multiple_of: int) -> Tensor:
        """The latent of a picture; see `Autoencoder`."""
        image = padded(image, multiple_of)

        def encode(tile: Tensor) -> Tensor:
            return self.whole.encode(tile, multiple_of)

        return in_tiles(encode, image, self.side, _ALIGN, 1 / LATENT_PIXEL)

    def decode(self, latent: Tensor) -> Tensor:
        """The picture of a latent; see `Autoencoder`."""
        side = self.side // LATENT_PIXEL
        return in_tiles(self.whole.decode, latent, side, PATCH, LATENT_PIXEL)


def in_tiles(
    compute: Callable[[Tensor], Tensor], x: Tensor, side: int, align: int, scale: float
) -> Tensor:
    """compute(x) put together from tiles of (b, c, h, w) that fade into each other.

    `compute` multiplies height and width by `scale`. Tiles begin at multiples of `align`.
    """
    height, width = x.shape[-2:]
    if height <= side and width <= side:
        return compute(x)
    overlap = side // _SHARE // align * align
    total: Tensor | None = None
    weights: Tensor | None = None
    for top in _starts(height, side, overlap):
        for left in _starts(width, side, overlap):
            tile = compute(x[..., top : top + side, left : left + side])
            if total is None or weights is None:
                size = round(height * scale), round(width * scale)
                total = tile.new_zeros(*tile.shape[:2], *size)
                weights = tile.new_zeros(*size)
            rows, columns = tile.shape[-2:]
            fade = _fade(rows, overlap * scale, tile)[:, None] * _fade(
                columns, overlap * scale, tile
            )
            down, right = round(top * scale), round(left * scale)
            total[..., down : down + rows, right : right + columns] += tile * fade
            weights[down : down + rows, right : right + columns] += fade
    assert total is not None
    assert weights is not None
    return total / weights


def _starts(length: int, side: int, overlap: int) -> list[int]:
    """Where tiles begin, so that they cover the length and the last one ends with it."""
    if length <= side:
        return [0]
    return [*range(0, length - side, side - overlap), length - side]


def _fade(length: int, overlap: float, like: Tensor) -> Tensor:
    """Weights (length) that rise from one end, and fall to the other, over the overlap."""
    here = torch.arange(length, device=like.device, dtype=torch.float32) + 0.5
    return (torch.minimum(here, length - here) / overlap).clamp(max=1.0)
