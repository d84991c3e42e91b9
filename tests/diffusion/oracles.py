"""Networks whose answers are known, for exact tests of everything that uses a network."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.diffusion.backbone import Conditioning, Guided, LatentSpec
from engine.diffusion.sampling import Velocity


class OracleBackbone:
    """A `Backbone` that knows the clean picture: its velocity leads straight to its latent.

    Its latents are the pixels themselves, sorted into channels, so nothing is lost on the way.
    The mean of the prompt embedding is added to the velocity: it tells prompts apart.
    """

    def __init__(self, clean: Tensor, guided: Guided = "none") -> None:
        """clean (b, 3, h, w), sides multiples of 16."""
        self.clean = self.encode(clean)
        self.spec = LatentSpec(id="oracle", channels=192, scale=8, patch=2, guided=guided)
        self.asked: list[float] = []
        self.told: list[Conditioning] = []

    def encode(self, image: Tensor) -> Tensor:
        return F.pixel_unshuffle(image, 8)

    def decode(self, latent: Tensor) -> Tensor:
        return F.pixel_shuffle(latent, 8)

    def condition(self, degraded: Tensor, draft: Tensor | None = None) -> Conditioning:
        prompt = torch.zeros(len(degraded), 1, 1, dtype=degraded.dtype)
        return Conditioning(degraded=self.encode(degraded), prompt=prompt)

    def velocity(self, x: Tensor, sigma: Tensor, given: Conditioning) -> Tensor:
        self.asked.append(float(sigma[0]))
        self.told.append(given)
        spread = sigma.reshape(-1, 1, 1, 1)
        return (x - self.clean) / spread + given.prompt.mean()


def leading_to(clean: Tensor) -> Velocity:
    """The velocity that ends at `clean` from anywhere: (x - clean) / sigma."""

    def velocity(x: Tensor, sigma: float) -> Tensor:
        return (x - clean) / sigma

    return velocity


def smooth(x: Tensor, sigma: float) -> Tensor:
    """An arbitrary smooth network: neighbours and sigma mixed, nothing known about its answer."""
    near = torch.roll(x, 1, -1) - 0.5 * torch.roll(x, 2, -2)
    return torch.tanh(1.3 * x + near * math.cos(3 * sigma)) * 1.7 - 0.4 * sigma * x + 0.2


class GaussianFlow:
    """The exact network for clean latents drawn from N(mean, spread^2), and its exact solution."""

    def __init__(self, mean: float, spread: float) -> None:
        self.mean, self.spread = mean, spread

    def __call__(self, x: Tensor, sigma: float) -> Tensor:
        """E[far - clean | x], by the conditioning of jointly normal variables."""
        share = sigma - (1 - sigma) * self.spread**2
        return (x - (1 - sigma) * self.mean) * share / self._variance(sigma) - self.mean

    def solution(self, noise: Tensor, sigma: float) -> Tensor:
        """Where the flow from `noise` (at sigma 1) is at `sigma`."""
        return (1 - sigma) * self.mean + math.sqrt(self._variance(sigma)) * noise

    def _variance(self, sigma: float) -> float:
        return (1 - sigma) ** 2 * self.spread**2 + sigma**2
