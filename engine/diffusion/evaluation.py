"""One evaluation of a FLUX transformer: what goes in, and how pictures become tokens.

FLUX walks over a sequence of tokens: text first, then the picture, each token with its place. The
layouts are those of Black Forest Labs' reference code, as diffusers' pipelines have them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional as F

PATCH = 2
"""A token of FLUX is a square of this many latent pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The inputs of one evaluation of the transformer; tensors in the network's own format."""

    image: Tensor
    """Tokens (b, n, channels)."""
    text: Tensor
    """Prompt embedding (b, m, text width)."""
    pooled: Tensor | None
    """Pooled prompt embedding (b, pooled width), where the family has one."""
    sigma: Tensor
    """(b), 1 noise to 0 clean; what the network calls time."""
    guidance: Tensor | None
    """(b), where the network takes it as input."""
    image_places: Tensor
    """(n, axes)."""
    text_places: Tensor
    """(m, axes)."""


class Control(Protocol):
    """What an adapter adds to both streams behind each block."""

    def add(self, block: int, image: Tensor, text: Tensor) -> tuple[Tensor, Tensor]:
        """Image (b, n, width) and text (b, m, width) behind block number `block`, steered."""


def pack(latent: Tensor) -> Tensor:
    """(b, c, h, w) to (b, h/2 * w/2, 4c): squares of 2x2 in rows, channels c, dy, dx."""
    b, c, h, w = latent.shape
    squares = latent.reshape(b, c, h // PATCH, PATCH, w // PATCH, PATCH)
    return squares.permute(0, 2, 4, 1, 3, 5).reshape(b, -1, c * PATCH**2)


def unpack(tokens: Tensor, height: int, width: int) -> Tensor:
    """The inverse of `pack` for a latent of this height and width."""
    b, _, channels = tokens.shape
    c = channels // PATCH**2
    squares = tokens.reshape(b, height // PATCH, width // PATCH, c, PATCH, PATCH)
    return squares.permute(0, 3, 1, 4, 2, 5).reshape(b, c, height, width)


def grid(height: int, width: int, axes: int, device: torch.device, moment: int = 0) -> Tensor:
    """Places (height * width, axes) of tokens in rows: moment, row, column, and zeros."""
    places = torch.zeros(height, width, axes, device=device)
    places[..., 0] = moment
    places[..., 1] = torch.arange(height, device=device)[:, None]
    places[..., 2] = torch.arange(width, device=device)[None]
    return places.reshape(-1, axes)


def padded(image: Tensor, multiple: int) -> Tensor:
    """(b, c, h, w) extended to whole multiples by mirroring, or by its edge where it is tiny."""
    height, width = image.shape[-2:]
    down, right = -height % multiple, -width % multiple
    if not (down or right):
        return image
    mode = "reflect" if down < height and right < width else "replicate"
    return F.pad(image, (0, right, 0, down), mode)


def per_picture(value: float | Tensor, count: int, like: Tensor) -> Tensor:
    """One number for all, or one each, as (count) beside the tensor `like`."""
    return torch.as_tensor(value, device=like.device, dtype=torch.float32).reshape(-1).expand(count)
