"""Super-resolution at the small picture's own resolution: the specialist behind "Enlarge".

A plain residual network (EDSR, Lim et al. 2017, without its batch normalisation and, as in the
predictor, without bias) looks at the small picture, and a sub-pixel convolution (Shi et al. 2016)
for each factor turns what it found into the large one. It predicts what Lanczos enlargement lacks.
Working on the small picture costs a sixteenth of working on the large one at factor 4, so the
same time buys a deeper network, and the same hours of training see many more pictures. For worn
pictures it is told what the model's large network sees in them (`guide`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.diffusion.blocks import Block, BlockLayers, BlockRun, residuals
from engine.diffusion.evaluation import padded
from engine.diffusion.network import COLOURS
from engine.diffusion.runner import as_tensor, in_format, keep_freed_memory, ready_blocks
from engine.diffusion.specialists.guide import Guide, ReadyGuide
from engine.diffusion.weight_files import give_ranges, read_module, save_module
from engine.errors import WrongWeights
from engine.photo import FloatArray, floats
from engine.resize import enlarged
from engine.tiles import Tiling

TILING = Tiling(side=1024, overlap=96, align=16)
"""In pixels of the small picture; the overlap is more than the shipped network's reach, and as much
as counts of its guide's (decision 032), and tiles start on the grid of what guides it."""
_ONCE = 2
"""Factor at which a guided network looks once: seconds count there, four times as many as at 4."""

_KIND = "restorer-enlarger"


@dataclass(frozen=True, slots=True)
class EnlargerSizes:
    """Channels, residual blocks, and the factors there is a sub-pixel convolution for."""

    width: int = 64
    blocks: int = 10
    scales: tuple[int, ...] = (2, 4)
    told: int = 0
    """Channels of what it is told beside the picture, by a guide; 0 without one."""

    def __post_init__(self) -> None:
        if self.width < 1 or self.blocks < 1 or not self.scales or min(self.scales) < 2:
            raise ValueError(f"an enlarger needs channels, blocks and factors, not {self}")

    @property
    def reach(self) -> int:
        """Pixels of the small picture, to each side, that can influence an enlarged pixel, but by
        what a guide tells."""
        return 2 * self.blocks + 3

    def flops(self, pixels: int, scale: int) -> float:
        """Floating point operations (two per multiply-add) for a small picture of `pixels`, without
        the guide's."""
        inside = (2 * self.blocks + 1) * self.width**2
        ends = self.width * (self.told + COLOURS * (1 + scale**2))
        return 2 * 9 * pixels * (inside + ends)


class EnlargeNetwork(nn.Module):
    """Predicts what a Lanczos enlargement lacks."""

    def __init__(self, sizes: EnlargerSizes) -> None:
        super().__init__()
        self.sizes = sizes
        width = sizes.width
        self.head = nn.Conv2d(COLOURS, width, 3, padding=1, bias=False)
        if sizes.told:
            self.heed = nn.Conv2d(sizes.told, width, 3, padding=1, bias=False)
            nn.init.zeros_(self.heed.weight)  # at the start it does not listen
        self.blocks = nn.ModuleList(Block(width) for _ in range(sizes.blocks))
        self.merge = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.tails = nn.ModuleDict(
            {
                str(s): nn.Conv2d(width, COLOURS * s * s, 3, padding=1, bias=False)
                for s in sizes.scales
            }
        )
        with torch.no_grad():
            for weight in self.tails.parameters():
                weight.mul_(0.1)  # near plain enlargement at the start

    def plain(self) -> list[BlockLayers]:
        """The blocks' convolutions as they run."""
        return [block.plain() for block in self.blocks if isinstance(block, Block)]

    def forward(
        self,
        image: Tensor,
        scale: int,
        told: Tensor | None = None,
        blocks: Sequence[BlockRun] | None = None,
    ) -> Tensor:
        """Change (b, 3, scale h, scale w) of the enlargement of an image (b, 3, h, w), 0..1.

        `told` (b, sizes.told, h, w) is what a guide says of it, None where there is none; `blocks`
        are what runs in place of the plain blocks, in another form. Raises `KeyError` for a scale
        that is none of `sizes.scales`.
        """
        h = self.features(image, told, blocks)
        # float32, as in the predictor: in bfloat16 a tone comes in visible steps
        with torch.autocast(h.device.type, enabled=False):
            weight = self.tails[str(scale)].weight
            assert isinstance(weight, Tensor)
            return F.pixel_shuffle(F.conv2d(h.float(), weight.float(), padding=1), scale)

    def features(
        self,
        image: Tensor,
        told: Tensor | None = None,
        blocks: Sequence[BlockRun] | None = None,
    ) -> Tensor:
        """What all factors start from, (b, width, h, w), of an image (b, 3, h, w), 0..1."""
        start = self.head(image)
        if told is not None:
            start = start + self.heed(told)
        h: Tensor = start.clone()  # blocks may overwrite what they are given
        for block in residuals(self.plain()) if blocks is None else blocks:
            h = block(h)
        merged: Tensor = self.merge(h) + start
        return merged


class Enlarger:
    """The network on a device, ready to enlarge tile by tile."""

    def __init__(
        self,
        network: EnlargeNetwork,
        device: torch.device,
        dtype: torch.dtype,
        guide: Guide | None = None,
    ) -> None:
        """Raises `WrongWeights` if the network was made for another guide, or for none."""
        keep_freed_memory()
        if network.sizes.told != (0 if guide is None else guide.channels):
            raise WrongWeights("The enlarger and its guide do not belong together.")
        self._guide = None if guide is None else ReadyGuide(guide, device, dtype)
        self.device, self.dtype = device, dtype
        self._blocks = ready_blocks(network.plain(), device, dtype)
        self._network = in_format(network, device, dtype)

    @property
    def scales(self) -> tuple[int, ...]:
        """The factors it was trained for."""
        return self._network.sizes.scales

    @property
    def width(self) -> int:
        """Channels of its features."""
        return self._network.sizes.width

    @torch.inference_mode()
    def enlarge(self, pixels: FloatArray, scale: int) -> FloatArray:
        """One tile, (h, w, 3), sRGB-encoded, 0..1, at `scale` times its size, one of `scales`.

        It is the mean of a look and one upside down, two of the eight looks of the self-ensemble
        of Timofte, Rothe and Van Gool (2016): 0.03 to 0.06 dB. A guided one looks once at factor 2.
        """
        image = self._image(pixels)
        if self._guide is not None:  # upside down, too, it sees the same grid in every tile
            image = padded(image, self._guide.multiple_of)
        change = self._look(image, scale)
        if self._guide is None or scale != _ONCE:
            change = (change + self._look(image.flip(2, 3), scale).flip(2, 3)) / 2
        height, width = (scale * side for side in pixels.shape[:2])
        added = change[0, :, :height, :width].permute(1, 2, 0).cpu().numpy()
        return floats(np.clip(enlarged(pixels, scale) + added, 0, 1))

    @torch.inference_mode()
    def features(self, pixels: FloatArray) -> Tensor:
        """`EnlargeNetwork.features` of one tile, (h, w, 3), sRGB-encoded, 0..1."""
        image = self._image(pixels)
        return self._network.features(image, self._told(image), self._blocks)

    def _look(self, image: Tensor, scale: int) -> Tensor:
        change: Tensor = self._network(image, scale, self._told(image), self._blocks)
        return change

    def _told(self, image: Tensor) -> Tensor | None:
        return None if self._guide is None else self._guide.told(image)

    def _image(self, pixels: FloatArray) -> Tensor:
        image = as_tensor(pixels).permute(2, 0, 1)[None]
        return image.to(self.device, self.dtype, memory_format=torch.channels_last)


def listening(network: EnlargeNetwork, told: int) -> EnlargeNetwork:
    """A copy that heeds `told` channels of a guide: as before if it did so before, else at first
    without being moved by them."""
    copy = EnlargeNetwork(replace(network.sizes, told=told))
    same = network.sizes.told == told
    kept = {k: v for k, v in network.state_dict().items() if same or not k.startswith("heed.")}
    copy.load_state_dict(kept, strict=same)
    return copy


def save_enlarger(network: EnlargeNetwork, path: Path, licence: str) -> None:
    """Write the network, its large convolutions in 8 bits."""
    header = {"kind": _KIND, "licence": licence, **size_fields(network.sizes)}
    save_module(network, path, header, eight_bit=True)


def load_enlarger(path: Path) -> EnlargeNetwork:
    """Read an enlarger's file; raises `MissingWeights` or `WrongWeights`."""
    header, tensors = read_module(path)
    if header.get("kind") != _KIND:
        raise WrongWeights(f"{path.name} does not hold an enlarger.")
    try:
        network = EnlargeNetwork(sizes_of(header))
        network.load_state_dict(tensors)
    except (KeyError, ValueError, RuntimeError) as error:
        raise WrongWeights(f"{path.name} is not a usable enlarger.") from error
    give_ranges(network.blocks, path)
    return network.eval().requires_grad_(False)


def size_fields(sizes: EnlargerSizes) -> dict[str, str]:
    """What a file's header says about a network's sizes."""
    return {
        "width": str(sizes.width),
        "blocks": str(sizes.blocks),
        "scales": " ".join(str(scale) for scale in sizes.scales),
        "told": str(sizes.told),
    }


def sizes_of(header: Mapping[str, str]) -> EnlargerSizes:
    """The sizes that a file's header names; raises `KeyError` or `ValueError`."""
    scales = tuple(int(scale) for scale in header["scales"].split())
    told = int(header.get("told", "0"))  # which files without a guide did not use to say
    return EnlargerSizes(int(header["width"]), int(header["blocks"]), scales, told)
