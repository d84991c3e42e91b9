"""The networks of the texture prior: one that takes noise away, one that tells it what it sees, and
what steers it towards one degraded picture (DTPM, "Learning Diffusion Texture Priors for Image
Restoration", CVPR 2024).

Only texture is diffused: the light that a picture lacks of its sharp self, for colours and shapes
are told by the structure. The denoiser is a U-Net of the predictor's kind, small, since it runs
once a step. What does not change from step to step is computed once a picture: the scene, as
the encoder of a predictor sees it, which stays frozen, and what the guidance adapters see.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.diffusion.blocks import Block, BlockRun
from engine.diffusion.network import COLOURS, HINTS, UNSHUFFLE, Network, NetworkSizes, walked

LIGHT = 1
"""Channels of a texture: luminance alone."""
_WAVES = 16
"""Sines, and as many cosines, that a sigma is told by."""
_FASTEST = 64.0
"""Of them, in half periods over the range of sigma."""
_HIDDEN = 128
"""Width between the waves and the blocks."""


@dataclass(frozen=True, slots=True)
class TextureSizes:
    """A texture prior: its denoiser, and the predictor whose encoder tells it the scene."""

    denoiser: NetworkSizes = field(default_factory=lambda: NetworkSizes((32, 64, 128)))
    scene: NetworkSizes = field(default_factory=NetworkSizes)

    @property
    def multiple_of(self) -> int:
        """Sides of what is seen are multiples of this many pixels."""
        return math.lcm(self.denoiser.multiple_of, self.scene.multiple_of)

    @property
    def scene_width(self) -> int:
        """Channels that the scene is told in."""
        return self.scene.widths[-1]


class SceneEncoder(nn.Module):
    """The encoder of a predictor: from a picture to what is in it, coarsely."""

    def __init__(self, sizes: NetworkSizes) -> None:
        super().__init__()
        self.sizes = sizes
        whole = Network(sizes)
        half = len(sizes.widths) * sizes.blocks
        self.head, self.down = whole.head, whole.down
        self.blocks = nn.ModuleList(list(whole.blocks)[:half])

    def take(self, network: Network) -> None:
        """Take over the weights of a predictor's network of the same sizes."""
        known = network.state_dict()
        self.load_state_dict({name: known[name] for name in self.state_dict()})

    def forward(self, picture: Tensor) -> Tensor:
        """(b, 3, h, w), 0..1, to (b, scene_width, h / n, w / n), n being `sizes.multiple_of`."""
        no_hint = picture.new_zeros(len(picture), HINTS, *picture.shape[-2:])
        h: Tensor = self.head(F.pixel_unshuffle(torch.cat((picture, no_hint), 1), UNSHUFFLE))
        for index, block in enumerate(self.blocks):
            assert isinstance(block, Block)
            layers = block.plain()
            h = h + layers.second(F.relu(layers.first(h)))
            level, last = divmod(index + 1, self.sizes.blocks)
            if not last and level < len(self.sizes.widths):
                h = self.down[level - 1](h)
        return h


class Denoiser(nn.Module):
    """Predicts the velocity of a texture on its way from noise."""

    def __init__(self, sizes: TextureSizes) -> None:
        super().__init__()
        self.sizes = sizes
        widths, grain = sizes.denoiser.widths, UNSHUFFLE**2
        u_net = Network(sizes.denoiser)
        self.head = nn.Conv2d((LIGHT + COLOURS) * grain, widths[0], 3, padding=1, bias=False)
        self.blocks, self.down, self.up = u_net.blocks, u_net.down, u_net.up
        self.tail = nn.Conv2d(widths[0], LIGHT * grain, 3, padding=1, bias=False)
        self.time = nn.Sequential(
            nn.Linear(2 * _WAVES, _HIDDEN), nn.SiLU(), nn.Linear(_HIDDEN, sum(self.block_widths))
        )
        # What the scene tells: to the deepest level, and to each on the way up.
        self.told = nn.ModuleList(nn.Conv2d(sizes.scene_width, w, 1, bias=False) for w in widths)
        for layer in self.told:
            assert isinstance(layer, nn.Conv2d)
            nn.init.zeros_(layer.weight)

    @property
    def block_widths(self) -> list[int]:
        return self.sizes.denoiser.block_widths

    def biases(self, sigma: Tensor) -> list[Tensor]:
        """What a sigma (b,) adds behind the first convolution of each block, (b, width)."""
        waves = torch.logspace(0, math.log10(_FASTEST), _WAVES, device=sigma.device)
        angles = math.pi * sigma.float()[:, None] * waves
        told = self.time(torch.cat((angles.sin(), angles.cos()), 1).to(self.tail.weight.dtype))
        return list(told.split(self.block_widths, 1))

    def maps(self, scene: Tensor) -> list[Tensor | None]:
        """What a scene (b, scene_width, h, w) adds before each block, (b, width, h, w), or None."""
        sizes = self.sizes.denoiser
        per_level, levels = sizes.blocks, len(sizes.widths)
        found: list[Tensor | None] = [None] * len(self.block_widths)
        for level, layer in enumerate(self.told):
            up = self.sizes.scene.multiple_of / (UNSHUFFLE << level)
            # Few channels before many pixels: both are linear, and in this order it costs little.
            wide = F.interpolate(layer(scene), scale_factor=up, mode="bilinear")
            found[(2 * (levels - 1) - level) * per_level] = wide
        return found

    def forward(self, noisy: Tensor, structure: Tensor, run: Sequence[BlockRun]) -> Tensor:
        """Velocity (b, 1, h, w), float32, of a texture `noisy` (b, 1, h, w), over the structure
        (b, 3, h, w), 0..1; `run` are the blocks with all that they are told."""
        seen = torch.cat((noisy, structure * 2 - 1), 1)
        h = walked(self.head(F.pixel_unshuffle(seen, UNSHUFFLE)), run, self.down, self.up)
        # In float32, as the predictor's last: what it answers is a difference of large numbers.
        with torch.autocast(h.device.type, enabled=False):
            last = F.conv2d(h.float(), self.tail.weight.float(), padding=1)
        return F.pixel_shuffle(last, UNSHUFFLE)


class Guide(nn.Module):
    """DTPM's conditional guidance adapter behind one block:
    h + MLP_out(GELU(MLP_in(h)) + GELU(Conv(y))), y the pictures that guide."""

    def __init__(self, width: int, guides: int) -> None:
        super().__init__()
        inner = width // 2
        self.inside = nn.Conv2d(width, inner, 1)
        self.seen = nn.Conv2d(guides, inner, 3, padding=1)
        self.out = nn.Conv2d(inner, width, 1)
        nn.init.zeros_(self.out.weight)  # at the start it changes nothing
        assert self.out.bias is not None
        nn.init.zeros_(self.out.bias)

    def forward(self, h: Tensor, seen: Tensor) -> Tensor:
        """`h` (b, width, h, w), steered by GELU(Conv(y)), `seen` (b, width / 2, h, w)."""
        change: Tensor = self.out(F.gelu(self.inside(h)) + seen)
        return h + change


@dataclass(frozen=True, slots=True)
class SeeingGuide:
    """An adapter, and what it sees of the pictures: the same at each step."""

    guide: Guide
    seen: Tensor

    def __call__(self, h: Tensor) -> Tensor:
        steered: Tensor = self.guide(h, self.seen)
        return steered


class GuidanceAdapters(nn.Module):
    """The adapters of all blocks: what makes a prior of textures restore this picture."""

    def __init__(self, sizes: NetworkSizes) -> None:
        super().__init__()
        self.sizes = sizes
        guides = 2 * COLOURS * UNSHUFFLE**2
        self.guides = nn.ModuleList(Guide(width, guides) for width in sizes.block_widths)

    def seeing(self, structure: Tensor, degraded: Tensor) -> list[SeeingGuide | None]:
        """The adapters in the order of the blocks, with both pictures (b, 3, h, w), 0..1."""
        both = F.pixel_unshuffle(torch.cat((structure, degraded), 1) * 2 - 1, UNSHUFFLE)
        levels = len(self.sizes.widths)
        views = [both] + [F.avg_pool2d(both, 2**level) for level in range(1, levels)]
        passed = [*range(levels), *reversed(range(levels - 1))]
        places = [level for level in passed for _ in range(self.sizes.blocks)]
        found: list[SeeingGuide | None] = []
        for guide, level in zip(self.guides, places, strict=True):
            assert isinstance(guide, Guide)
            found.append(SeeingGuide(guide, F.gelu(guide.seen(views[level]))))
        return found


class TextureNetworks(nn.Module):
    """All networks of a prior; `guidance` is None for one that knows no degraded pictures."""

    def __init__(self, sizes: TextureSizes, *, guided: bool = False) -> None:
        super().__init__()
        self.sizes = sizes
        self.denoiser, self.scene = Denoiser(sizes), SceneEncoder(sizes.scene)
        self.guidance = GuidanceAdapters(sizes.denoiser) if guided else None


@dataclass(frozen=True, slots=True)
class ToldBlock:
    """A block with what it is told of the scene before, and steered by behind."""

    block: BlockRun
    told: Tensor | None
    guide: SeeingGuide | None

    def __call__(self, x: Tensor) -> Tensor:
        x = self.block(x if self.told is None else x + self.told)
        return x if self.guide is None else self.guide(x)


@dataclass(frozen=True, slots=True)
class TimedBlock:
    """A block at the sigma of each picture of a batch; gradients pass."""

    block: Block
    bias: Tensor
    """(b, width)."""

    def __call__(self, x: Tensor) -> Tensor:
        layers = self.block.plain()
        inner = F.relu(layers.first(x) + self.bias[:, :, None, None])
        return x + layers.second(inner)
