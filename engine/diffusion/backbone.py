"""What the sampler, the trainer and the adapters know of a generative network: nothing else.

Latents are (b, channels, h, w), normalised as the network was trained on them (shift and scale of
its autoencoder already applied), one latent pixel for `scale` x `scale` pixels of the picture.
Packing into tokens happens inside a backbone and is nobody else's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from torch import Tensor

Guided = Literal["none", "distilled", "classifier-free"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LatentSpec:
    """The facts of a backbone that sampling, tiling and training ask for."""

    id: str
    """As in the catalogue of backbones and in the header of adapters."""
    channels: int
    """Of a latent: 16 for FLUX.1."""
    scale: int
    """Pixels to one latent pixel, along each side: 8 for FLUX.1."""
    patch: int
    """Latent pixels to one token, along each side: 2 for FLUX.1."""
    guided: Guided = "none"
    """none: one evaluation a step, no strength to choose. distilled: the strength is an input of
    the network. classifier-free: a second evaluation with the negative prompt."""
    shift: str | float = 0.0
    """The schedule's shift this network expects; see `engine.schedule.Schedule.shift`."""

    def __post_init__(self) -> None:
        if min(self.channels, self.scale, self.patch) < 1:
            raise ValueError(f"channels, scale and patch are 1 or more: {self}")

    @property
    def multiple_of(self) -> int:
        """Sides of a picture must be multiples of this, in pixels."""
        return self.scale * self.patch

    def tokens(self, height: int, width: int) -> int:
        """Image tokens of a latent of that many latent pixels."""
        return (height // self.patch) * (width // self.patch)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditioning:
    """What a backbone is given besides the noisy latent; stays the same over all steps."""

    degraded: Tensor
    """Latent of the degraded picture, (b, channels, h, w), as `encode` makes it; of the draft for
    a network that builds on it."""
    prompt: Tensor
    """Stored text embedding, (b, tokens, width); of no tokens for a network that reads none."""
    pooled: Tensor | None = None
    """Stored pooled text embedding, (b, width), where the network takes one."""
    guidance: float | None = None
    """The strength a distilled network takes as an input."""
    negative: Conditioning | None = None
    """For classifier-free guidance: the same with the prompt to move away from."""
    shown: bool = True
    """Whether the network sees `degraded`; else it paints from its prompt alone, and that is 0."""
    known: object = None
    """What else a backbone has worked out beforehand, and nobody else reads."""


class Backbone(Protocol):
    """A generative network with its autoencoder, and whatever adapter is attached to it."""

    @property
    def spec(self) -> LatentSpec: ...

    def encode(self, image: Tensor) -> Tensor:
        """Latent of a picture (b, 3, h, w), sRGB-encoded, 0..1, sides multiples of
        `spec.multiple_of`."""

    def decode(self, latent: Tensor) -> Tensor:
        """The picture of a latent, (b, 3, h, w); values may lie a little outside 0..1."""

    def condition(self, degraded: Tensor, draft: Tensor | None = None) -> Conditioning:
        """What `velocity` is given to restore the picture `degraded`, as `encode` takes it.

        `draft` is likewise what was made of it so far, for networks that build on that."""

    def velocity(self, x: Tensor, sigma: Tensor, given: Conditioning) -> Tensor:
        """Predicted far end minus clean at the state `x`, of the shape of `x`.

        sigma (b,) in 0..1: 1 at the far end of the path, 0 at the clean picture. The state comes
        in float32; in which precision the network computes is the backbone's business.
        """
