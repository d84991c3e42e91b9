"""The texture prior as a backbone: DTPM's way, said in the terms of the one sampling loop.

A latent is the picture's own light, a latent pixel a pixel. On a path whose far end is the draft
under noise, far = noise * e + draft, what is diffused is clean - draft: the texture that the draft
lacks, and nothing of what it has. A trajectory says so, and how strong the noise is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from engine.diffusion.backbone import Conditioning, LatentSpec
from engine.diffusion.blocks import Block, BlockLayers, BlockRun, Convolution
from engine.diffusion.runner import ready_blocks
from engine.diffusion.texture_network import (
    LIGHT,
    SeeingGuide,
    TextureNetworks,
    TimedBlock,
    ToldBlock,
)
from engine.photo import LUMA
from engine.schedule import Schedule
from engine.trajectory import Trajectory

FAMILY = "texture"
NOISE = 0.05
"""Strength of the noise at the far end, of light 0 to 1: as what drafts lack where they lack much.
Weaker noise would not hide it, and stronger noise would spend the first steps on noise alone."""
STEPS = 4
SHIFT = -1.5
"""Of the schedule: half of the steps lie below a sigma of 0.18, where texture and noise are about
as strong as each other and the answer counts; at 0.5 there is hardly anything but noise."""
_SIGMAS = 16
"""Blocks are kept ready for so many sigmas."""


def texture_trajectory(steps: int = STEPS) -> Trajectory:
    """From noise over the draft to the picture with its texture."""
    return Trajectory(noise=NOISE, degraded=1.0, schedule=Schedule(steps=steps, shift=SHIFT))


def travels_as_trained(trajectory: Trajectory) -> bool:
    """Whether a path is that of texture priors, whatever its steps: on another one a network that
    knows noise of this strength over a draft would be asked about something else."""
    return replace(trajectory, schedule=Schedule()) == replace(
        texture_trajectory(), schedule=Schedule()
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What is the same at every step, for a structure (b, 3, h, w), 0..1."""

    structure: Tensor
    told: list[Tensor | None]
    """Before each block."""
    guides: list[SeeingGuide | None] | None
    """Behind each block; None without guidance."""


class TexturePrior:
    """`Backbone` says what the methods promise."""

    def __init__(self, id: str, networks: TextureNetworks, dtype: torch.dtype) -> None:
        """`networks` lie on a device in the format `dtype`, in which they compute."""
        self.networks, self.dtype = networks, dtype
        self.spec = LatentSpec(id=id, channels=LIGHT, scale=1, patch=networks.sizes.multiple_of)
        self._ready: dict[float, list[BlockRun]] = {}
        """Made of the weights as they were then: not to be asked while these still learn."""

    def encode(self, image: Tensor) -> Tensor:
        """Light (b, 1, h, w) of a picture (b, 3, h, w), both 0..1, as `engine.bands.luminance`."""
        luma = torch.from_numpy(LUMA).to(image)
        return (image * luma[:, None, None]).sum(1, keepdim=True)

    def decode(self, latent: Tensor) -> Tensor:
        """The gray picture (b, 3, h, w) of a light (b, 1, h, w)."""
        return latent.expand(-1, 3, -1, -1)

    def condition(self, degraded: Tensor, draft: Tensor | None = None) -> Conditioning:
        """Both pictures (b, 3, h, w), 0..1. Raises `ValueError` without a draft: it has nothing to
        build on."""
        if draft is None:
            raise ValueError("a texture prior builds on a draft, and there is none")
        structure = self._ours(draft)
        told = self.networks.denoiser.maps(self.networks.scene(structure))
        guidance = self.networks.guidance
        guides = None
        if guidance is not None:
            guides = guidance.seeing(structure, self._ours(degraded))
        light = self.encode(draft)
        return Conditioning(
            degraded=light,
            prompt=light.new_zeros(len(light), 0, 0),
            known=Known(structure, told, guides),
        )

    def velocity(self, x: Tensor, sigma: Tensor, given: Conditioning) -> Tensor:
        """See `Backbone`. Without gradients all of a batch are asked at the first one's sigma, as
        a sampling does, and by blocks that are fused where the processor can."""
        known = given.known
        assert isinstance(known, Known)
        lacking = self._ours((x - given.degraded.to(x)) / NOISE)
        blocks = self._timed(sigma) if torch.is_grad_enabled() else self._at(float(sigma[0]))
        guides = known.guides or [None] * len(blocks)
        run = [ToldBlock(*parts) for parts in zip(blocks, known.told, guides, strict=True)]
        velocity: Tensor = self.networks.denoiser(lacking, known.structure, run)
        return NOISE * velocity

    def _blocks(self) -> list[Block]:
        return [block for block in self.networks.denoiser.blocks if isinstance(block, Block)]

    def _timed(self, sigma: Tensor) -> list[BlockRun]:
        biases = self.networks.denoiser.biases(sigma)
        return [TimedBlock(*parts) for parts in zip(self._blocks(), biases, strict=True)]

    def _at(self, sigma: float) -> list[BlockRun]:
        """Blocks with the sigma in their biases: so it costs nothing."""
        if sigma not in self._ready:
            if len(self._ready) >= _SIGMAS:
                self._ready.clear()
            device = self.networks.denoiser.tail.weight.device
            biases = self.networks.denoiser.biases(torch.tensor([sigma], device=device))
            layers = [
                BlockLayers(Convolution(block.first, bias[0]), Convolution(block.second))
                for block, bias in zip(self._blocks(), biases, strict=True)
            ]
            self._ready[sigma] = ready_blocks(layers, device, self.dtype)
        return self._ready[sigma]

    def _ours(self, picture: Tensor) -> Tensor:
        """A picture where the networks are, as they take it."""
        like = self.networks.denoiser.tail.weight
        return picture.to(like.device, self.dtype, memory_format=torch.channels_last)
