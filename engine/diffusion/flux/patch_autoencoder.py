"""A small autoencoder with FLUX.1's latent layout, for processors: 16 channels, 8 x 8 pixels each.

Convolutions at full size cost most and see least, so here none works above a quarter of it: space
goes to channels first (pixel unshuffle, Shi et al. 2016). Beside the layers a linear map of whole
8 x 8 squares runs from end to end, as in the deep compression autoencoder's shortcuts (Chen et al.
2025, arXiv 2410.10733). It starts as the squares' principal components, the best that a linear map
can do, and the layers learn what is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from engine.diffusion.evaluation import padded
from engine.errors import MissingWeights, WrongWeights

SQUARE = 8
"""Pixels to one latent pixel, along each side."""
_NEAR = 4
"""Pixels to one pixel of the finer stage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchSizes:
    """What the layers' shapes follow from."""

    latent_channels: int = 16
    near: int = 64
    """Channels at a quarter of the size."""
    far: int = 128
    """Channels at an eighth."""
    near_blocks: int = 2
    far_blocks: int = 4
    scale: float = 1.0
    """latent = (encoded - shift) * scale."""
    shift: float = 0.0

    def __post_init__(self) -> None:
        counts = (self.latent_channels, self.near, self.far, self.near_blocks, self.far_blocks)
        if min(counts) < 1 or self.scale <= 0:
            raise ValueError(f"an autoencoder needs layers and a scale, not {self}")


class _Block(nn.Module):
    """x + W2 relu(W1 x), with W2 = 0 at the start."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)  # type: ignore[arg-type]  # it has one

    def forward(self, x: Tensor) -> Tensor:
        change: Tensor = self.second(torch.relu(self.first(x)))
        return x + change


class PatchNetwork(nn.Module):
    """The weights; pictures (b, 3, h, w) in -1..1, sides multiples of 8."""

    def __init__(self, sizes: PatchSizes) -> None:
        super().__init__()
        self.sizes = sizes
        pixels, step = 3 * _NEAR**2, SQUARE // _NEAR
        near, far, latent = sizes.near, sizes.far, sizes.latent_channels
        self.encoder = nn.Sequential(
            nn.PixelUnshuffle(_NEAR),
            nn.Conv2d(pixels, near, 3, padding=1),
            *(_Block(near) for _ in range(sizes.near_blocks)),
            nn.PixelUnshuffle(step),
            nn.Conv2d(near * step**2, far, 1),
            *(_Block(far) for _ in range(sizes.far_blocks)),
            nn.Conv2d(far, latent, 3, padding=1),
        )
        self.decoder = nn.Sequential(
            nn.Conv2d(latent, far, 3, padding=1),
            *(_Block(far) for _ in range(sizes.far_blocks)),
            nn.Conv2d(far, near * step**2, 1),
            nn.PixelShuffle(step),
            *(_Block(near) for _ in range(sizes.near_blocks)),
            nn.Conv2d(near, pixels, 3, padding=1),
            nn.PixelShuffle(_NEAR),
        )
        self.squares_in = nn.Conv2d(3, latent, SQUARE, stride=SQUARE)
        self.squares_out = nn.ConvTranspose2d(latent, 3, SQUARE, stride=SQUARE)

    def encode(self, image: Tensor) -> Tensor:
        """Latent (b, channels, h/8, w/8), not yet shifted and scaled."""
        latent: Tensor = self.squares_in(image) + self.encoder(image)
        return latent

    def decode(self, latent: Tensor) -> Tensor:
        """The picture of what `encode` gave."""
        image: Tensor = self.squares_out(latent) + self.decoder(latent)
        return image

    @torch.no_grad()
    def start_from(self, squares: Tensor) -> None:
        """Set the linear maps to the principal components of squares (n, 3, 8, 8) in -1..1.

        Latents then have mean 0 and variance 1 in every channel. The layers' last convolutions
        become small, so that they begin by changing little.
        """
        flat = squares.flatten(1).double()
        mean = flat.mean(0)
        _, spread, parts = torch.linalg.svd(flat - mean, full_matrices=False)
        count = self.sizes.latent_channels
        deviation = (spread[:count] / (len(flat) - 1) ** 0.5).clamp(min=1e-6)
        shape = (count, 3, SQUARE, SQUARE)
        inward = parts[:count] / deviation[:, None]
        outward = parts[:count] * deviation[:, None]
        self.squares_in.weight.copy_(inward.reshape(shape))
        self.squares_out.weight.copy_(outward.reshape(shape))
        assert self.squares_in.bias is not None
        assert self.squares_out.bias is not None
        self.squares_in.bias.copy_(-(inward @ mean))
        # One number for each colour is all a bias holds; the rest of the mean is very nearly that.
        self.squares_out.bias.copy_(mean.reshape(3, -1).mean(1))
        for last in (self.encoder[-1], self.decoder[-2]):
            assert isinstance(last, nn.Conv2d)
            last.weight.mul_(0.1)
            assert last.bias is not None
            last.bias.zero_()


class PatchAutoencoder:
    """`PatchNetwork` as a backbone's autoencoder; see `Autoencoder`."""

    def __init__(self, network: PatchNetwork, dtype: torch.dtype = torch.float32) -> None:
        """`dtype` is the format the network computes in."""
        self.network, self.dtype = network, dtype

    def encode(self, image: Tensor, multiple_of: int) -> Tensor:
        """The latent of a picture (b, 3, h, w), 0..1, extended to multiples of `multiple_of`."""
        sizes = self.network.sizes
        whole = padded(image, multiple_of) * 2 - 1
        return (self.network.encode(whole.to(self.dtype)).float() - sizes.shift) * sizes.scale

    def decode(self, latent: Tensor) -> Tensor:
        """The picture of a latent; values may lie a little outside 0..1."""
        sizes = self.network.sizes
        plain = latent / sizes.scale + sizes.shift
        return (self.network.decode(plain.to(self.dtype)).float() + 1) / 2


def load_patch_autoencoder(
    path: Path, sizes: PatchSizes, *, device: torch.device, dtype: torch.dtype
) -> PatchAutoencoder:
    """Read a file of its weights; raises `MissingWeights` or `WrongWeights`."""
    if not path.exists():
        raise MissingWeights(f"The file {path.name} is missing.")
    with torch.device("meta"):
        network = PatchNetwork(sizes)
    try:
        tensors = {name: value.to(device, dtype) for name, value in load_file(path).items()}
        network.load_state_dict(tensors, assign=True)
    except (SafetensorError, OSError, RuntimeError) as error:
        raise WrongWeights(f"{path.name} is damaged, or holds another autoencoder.") from error
    return PatchAutoencoder(network.eval().requires_grad_(False), dtype)
