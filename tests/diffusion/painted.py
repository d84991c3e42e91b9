"""Backbones that are no networks, and priors made of them: for the way of a picture through one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.backbones import BackboneSpec, SizeRules, find_backbone
from engine.diffusion.backbone import Backbone, Conditioning, LatentSpec
from engine.diffusion.prior_loading import Prior
from engine.placement import Placement
from engine.schedule import Schedule
from engine.trajectory import Trajectory

SIDE = 64
PLACED = Placement(
    device="cpu",
    variant="bf16",
    dtype="bfloat16",
    side=SIDE,
    vae_side=0,
    offload="none",
    tables=False,
    peak=0,
    why="",
)
ONE_STEP = Trajectory(start="degraded", schedule=Schedule(steps=1, start=0.5))
CHANNELS = 192
LATENTS = LatentSpec(id="double", channels=CHANNELS, scale=8, patch=2)

Aim = Callable[[Tensor, Tensor], Tensor]
"""From the degraded latent and the noise of the start to the latent it ends at."""


_TEMPLATE = find_backbone("flux1-schnell")


def spec(side: int = SIDE) -> BackboneSpec:
    """A model whose latents are its pixels."""
    return replace(
        _TEMPLATE,
        id="double",
        latent_channels=CHANNELS,
        size=SizeRules(multiple_of=16, minimum=64, native=side),
    )


@dataclass
class Aiming:
    """A `Backbone` of pixels that ends where `aim` says, if it started from the degraded latent."""

    aim: Aim
    spec: LatentSpec = LATENTS
    encoded: int = 0
    asked: list[float] = field(default_factory=list)

    def encode(self, image: Tensor) -> Tensor:
        self.encoded += 1
        return F.pixel_unshuffle(image, 8)

    def decode(self, latent: Tensor) -> Tensor:
        return F.pixel_shuffle(latent, 8)

    def condition(self, degraded: Tensor, draft: Tensor | None = None) -> Conditioning:
        return Conditioning(degraded=self.encode(degraded), prompt=torch.zeros(1, 1, 1))

    def velocity(self, x: Tensor, sigma: Tensor, given: Conditioning) -> Tensor:
        here = float(sigma[0])
        self.asked.append(here)
        noise = (x - (1 - here) * given.degraded) / here
        return (x - self.aim(given.degraded, noise)) / here


def staying(degraded: Tensor, noise: Tensor) -> Tensor:
    """Ends where it started."""
    return degraded


def prior_of(
    backbone: Backbone | Callable[[Placement], Backbone],
    *,
    trajectory: Trajectory = ONE_STEP,
    placement: Placement = PLACED,
    side: int = SIDE,
) -> Prior:
    """A prior over a double, or over what makes one for each placement."""
    give = backbone if not hasattr(backbone, "velocity") else lambda placement: backbone
    return Prior(
        spec=spec(side),
        trajectory=trajectory,
        placement=placement,
        backbone=give,  # type: ignore[arg-type]
        release=lambda placement: None,
    )
