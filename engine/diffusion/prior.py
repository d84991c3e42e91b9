"""The prior: encode, condition, sample, decode; what a generative network would change in a draft.

What comes back is a difference of two decoded latents, of the sampled one and of the draft's own.
What the autoencoder loses is in both and cancels, and a sampling that ends where the draft was
changes nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.diffusion.backbone import Backbone
from engine.diffusion.noise_field import NoiseField
from engine.diffusion.sampling import Noise, Visited, sample_latent
from engine.photo import Box, FloatArray
from engine.progress import Progress
from engine.trajectory import Trajectory


@dataclass(frozen=True, slots=True)
class Painter:
    """A backbone on its way along a trajectory, for one tile at a time."""

    backbone: Backbone
    trajectory: Trajectory
    sampler: str = "euler"
    device: torch.device = torch.device("cpu")  # noqa: RUF009  # it cannot be altered
    """Where pictures are handed to the backbone."""
    least: int = 1
    """Sides of what the backbone sees, in pixels, at least; smaller tiles are mirrored further."""
    watch: Callable[[Visited], None] | None = None
    """Hears of each step."""

    def paint(
        self, degraded: FloatArray, draft: FloatArray, noise: Noise, progress: Progress
    ) -> FloatArray:
        """The change of `draft`, (h, w, 3), float32; both pictures so, sRGB-encoded, 0..1.

        `noise` has the shape of the latent, `latent_size`. Raises `Cancelled` from `progress`
        after each step, and `FloatingPointError` as soon as a latent is not finite.
        """
        height, width = draft.shape[:2]
        with torch.inference_mode():
            drafted = self._tensor(draft)
            origin = self.backbone.encode(drafted)
            given = self.backbone.condition(self._tensor(degraded), drafted)
            # A bridge's far end holds the degraded latent itself; a draft would be another bridge.
            start = origin if self.trajectory.start == "degraded" else None
            sampled = sample_latent(
                self.backbone,
                given,
                self.trajectory,
                noise,
                progress,
                sampler=self.sampler,
                draft=start,
                watch=self.watch,
            )
            change = self.backbone.decode(sampled) - self.backbone.decode(origin.to(sampled))
            pixels = change[0, :, :height, :width].float().permute(1, 2, 0).cpu()
        return np.ascontiguousarray(pixels.numpy())

    def noise_of(self, field: NoiseField, box: Box) -> Noise:
        """The part of the picture's noise that belongs to a tile, whose box begins on the grid of
        tokens: neighbours find the same noise where they overlap."""
        scale = self.backbone.spec.scale
        left, top = box.left // scale, box.top // scale
        height, width = self.latent_size(box.height, box.width)
        return field.seen_by(Box(left, top, left + width, top + height), self.device)

    def latent_size(self, height: int, width: int) -> tuple[int, int]:
        """Height and width of the latent of a picture of these pixels."""
        spec = self.backbone.spec
        tall, wide = (
            -(-max(side, self.least) // spec.multiple_of) * spec.multiple_of
            for side in (height, width)
        )
        return tall // spec.scale, wide // spec.scale

    def _tensor(self, pixels: FloatArray) -> Tensor:
        """(1, 3, h, w) on the device, extended by mirroring to whole tokens."""
        height, width = pixels.shape[:2]
        rows, columns = self.latent_size(height, width)
        scale = self.backbone.spec.scale
        more = ((0, rows * scale - height), (0, columns * scale - width), (0, 0))
        whole = np.pad(pixels, more, "symmetric").astype(np.float32)
        return torch.from_numpy(whole).permute(2, 0, 1)[None].contiguous().to(self.device)
