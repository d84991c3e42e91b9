"""FLUX's autoencoders: pictures to normalised latents and back.

FLUX.1 normalises by one shift and one scale; FLUX.2 by the running means and variances, a pair for
each channel, of the 2x2 squares its transformer works on.
"""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor, nn

from engine.diffusion.evaluation import PATCH, padded


class Autoencoder(Protocol):
    """Pictures (b, 3, h, w), sRGB-encoded, 0..1, to latents and back; both are float32."""

    def encode(self, image: Tensor, multiple_of: int) -> Tensor:
        """The latent of a picture, extended by mirroring to multiples of `multiple_of` pixels."""

    def decode(self, latent: Tensor) -> Tensor:
        """The picture of a latent; values may lie a little outside 0..1."""


class Flux1Autoencoder:
    """`AutoencoderKL`: latents of 16 channels, one latent pixel for 8x8 pixels."""

    def __init__(
        self, network: nn.Module, scale: float, shift: float, dtype: torch.dtype = torch.float32
    ) -> None:
        """latent = (encoded - shift) * scale; `dtype` is the format the network computes in."""
        self.network, self.scale, self.shift, self.dtype = network, scale, shift, dtype

    def encode(self, image: Tensor, multiple_of: int) -> Tensor:
        encoded = _encoded(self.network, padded(image, multiple_of), self.dtype)
        return (encoded - self.shift) * self.scale

    def decode(self, latent: Tensor) -> Tensor:
        return _decoded(self.network, latent / self.scale + self.shift, self.dtype)


class Flux2Autoencoder:
    """`AutoencoderKLFlux2`: latents of 32 channels, one latent pixel for 8x8 pixels."""

    def __init__(self, network: nn.Module, dtype: torch.dtype = torch.float32) -> None:
        """`dtype` is the format the network computes in."""
        self.network, self.dtype = network, dtype

    def encode(self, image: Tensor, multiple_of: int) -> Tensor:
        encoded = squeezed(_encoded(self.network, padded(image, multiple_of), self.dtype))
        mean, spread = self._statistics()
        return unsqueezed((encoded - mean) / spread)

    def decode(self, latent: Tensor) -> Tensor:
        mean, spread = self._statistics()
        plain = unsqueezed(squeezed(latent) * spread + mean)
        return _decoded(self.network, plain, self.dtype)

    def _statistics(self) -> tuple[Tensor, Tensor]:
        """Mean and standard deviation of each channel, (1, c, 1, 1), float32."""
        norm = self.network.get_submodule("bn")
        mean = norm.get_buffer("running_mean").float()
        variance = norm.get_buffer("running_var").float()
        assert isinstance(norm, nn.BatchNorm2d)
        spread = torch.sqrt(variance + norm.eps)
        return mean.reshape(1, -1, 1, 1), spread.reshape(1, -1, 1, 1)


def squeezed(latent: Tensor) -> Tensor:
    """(b, c, h, w) to (b, 4c, h/2, w/2): squares of 2x2, channels c, dy, dx."""
    b, c, h, w = latent.shape
    squares = latent.reshape(b, c, h // PATCH, PATCH, w // PATCH, PATCH)
    return squares.permute(0, 1, 3, 5, 2, 4).reshape(b, c * PATCH**2, h // PATCH, w // PATCH)


def unsqueezed(latent: Tensor) -> Tensor:
    """The inverse of `squeezed`."""
    b, c, h, w = latent.shape
    squares = latent.reshape(b, c // PATCH**2, PATCH, PATCH, h, w)
    return squares.permute(0, 1, 4, 2, 5, 3).reshape(b, c // PATCH**2, h * PATCH, w * PATCH)


def _encoded(network: nn.Module, image: Tensor, dtype: torch.dtype) -> Tensor:
    """The most likely latent, without the chance that training adds."""
    encode = getattr(network, "encode")  # noqa: B009  # nn.Module does not promise it
    mode: Tensor = encode((image * 2 - 1).to(dtype)).latent_dist.mode()
    return mode.float()


def _decoded(network: nn.Module, latent: Tensor, dtype: torch.dtype) -> Tensor:
    decode = getattr(network, "decode")  # noqa: B009
    image: Tensor = decode(latent.to(dtype), return_dict=False)[0]
    return (image.float() + 1) / 2
