"""The repairer: finds what lies on a scanned print, and fills it from what is around.

Finding takes to know pictures well, so the predictor's network does it, with a task adapter of its
own (the *finder*). Filling takes less: a small network of the same kind (the *filler*) sees the
picture with the holes blanked, and their mask. Only the holes and a soft rim are taken over:
anywhere else the source comes through as it is, to the bit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from engine.diffusion.evaluation import padded
from engine.diffusion.network import BlockRun, Convolution, Network, TaskAdapter
from engine.diffusion.runner import as_tensor, in_format, keep_freed_memory, ready_blocks
from engine.diffusion.weight_files import load_adapter, load_network, load_noted, save_network
from engine.errors import WrongWeights
from engine.photo import FloatArray, floats
from engine.tiles import Tiling
from engine.weights import sha256

KIND = "restorer-repairer"
TILING = Tiling(side=2048, overlap=128, align=16)
BASE_FILE = "predictor.safetensors"
"""The network that the finder's adapter is for, in the same folder."""
_CUT = "cut"
_MARGIN = 3
"""Side, in pixels, of the square by which found damage is widened: its rim is mixed with what is
beside it and looks intact."""
_LIKELY = 0.25
"""Probability from which on a pixel beside a destroyed one is filled with it."""
_RIM = 4
"""Pixels, at most, by which the soft rim goes beyond the hole."""
_SMALLEST = 4
"""Side below which a picture is not halved any more to find colours for a hole."""


class _Runner:
    """A network on a device, with the blocks it is run with."""

    def __init__(
        self,
        network: Network,
        layers: Sequence[tuple[Convolution, Convolution]],
        device: torch.device,
        dtype: torch.dtype,
    ) -> None:
        self.device, self.dtype, self.sizes = device, dtype, network.sizes
        self._blocks: list[BlockRun] = ready_blocks(layers, device, dtype)
        self._network = in_format(network, device, dtype)

    @torch.inference_mode()
    def __call__(self, pixels: FloatArray, hole: FloatArray) -> tuple[FloatArray, FloatArray]:
        """New pixels (h, w, 3), 0..1, and logits of damage (h, w) of a tile with this mask."""
        height, width = hole.shape
        image = as_tensor(pixels).permute(2, 0, 1)[None]
        both = torch.cat((image, as_tensor(hole)[None, None]), 1)
        both = padded(both, self.sizes.multiple_of)
        both = both.to(self.device, self.dtype, memory_format=torch.channels_last)
        change, logits = self._network(both[:, :3], both[:, 3:], self._blocks)
        change = change[..., :height, :width].float().cpu()
        logits = logits[..., :height, :width].float().cpu()
        changed = (image + change).clamp_(0, 1)[0].permute(1, 2, 0)
        return np.ascontiguousarray(changed.numpy()), logits[0, 0].numpy()


class Repairer:
    """Finder and filler on a device; safe to keep, not safe to share by threads."""

    def __init__(
        self,
        filler: Network,
        base: Network,
        finder: TaskAdapter,
        cut: float,
        device: torch.device,
        dtype: torch.dtype,
    ) -> None:
        """`finder` is an adapter for `base`; from its probability `cut` on a pixel is destroyed."""
        keep_freed_memory()
        self._shift = math.log(cut / (1 - cut))
        self._fill = _Runner(filler, filler.plain(), device, dtype)
        self._find = _Runner(base, finder.fold(base), device, dtype)

    @property
    def reach(self) -> int:
        """Pixels of context, to each side, that can influence what is found or filled."""
        return max(self._find.sizes.reach, self._fill.sizes.reach)

    def damage(self, pixels: FloatArray) -> FloatArray:
        """How surely each pixel of a tile (h, w, 3) is destroyed: (h, w), 0..1, cut at 0.5."""
        _, logits = self._find(pixels, np.zeros(pixels.shape[:2], np.float32))
        return floats(1 / (1 + np.exp(self._shift - logits)))

    def fill(self, pixels: FloatArray, mask: FloatArray | None, *, find: bool) -> FloatArray:
        """A tile (h, w, 3), sRGB 0..1, with its holes filled.

        `mask` (h, w), 0..1, tells holes and how far each is to be filled, whatever lies in them;
        with `find` more are looked for. Outside the mask, and what was found with a rim of `_RIM`
        pixels around it, the tile comes back exactly as it was.
        """
        share = np.zeros(pixels.shape[:2], np.float32) if mask is None else mask
        hole = floats(share > 0)
        if find:
            found = widened(whole_marks(self.damage(pixels)))
            hole, share = np.maximum(hole, found), np.maximum(share, soft_rim(found))
        if not hole.any():
            return pixels
        filled, _ = self._fill(blanked(pixels, hole), hole)
        mixed = pixels + share[..., None] * (filled - pixels)
        return floats(np.where(share[..., None] > 0, mixed, pixels))


def load_repairer(path: Path, device: torch.device, dtype: torch.dtype) -> Repairer:
    """The repairer whose filler is the file TASK.repair.safetensors.

    Its finder is TASK.finder.safetensors and `BASE_FILE`, in the same folder. Raises
    `MissingWeights`, `WrongWeights`, or `WrongAdapter` if the finder is for another network.
    """
    filler, cut = read_filler(path)
    base_file = path.with_name(BASE_FILE)
    base = load_network(base_file)
    finder, _ = load_adapter(finder_file(path), base, sha256(base_file))
    return Repairer(filler, base, finder, cut, device, dtype)


def finder_file(path: Path) -> Path:
    """The finder's file beside the filler's, TASK.repair.safetensors."""
    return path.with_name(f"{path.name.split('.')[0]}.finder.safetensors")


def read_filler(path: Path) -> tuple[Network, float]:
    """The filler of a file, and the finder's cut; raises `MissingWeights` or `WrongWeights`."""
    network, notes = load_noted(path, KIND)
    try:
        cut = float(notes[_CUT])
        if not 0 < cut < 1:
            raise ValueError(cut)
    except (KeyError, ValueError) as error:
        raise WrongWeights(f"{path.name} is not a usable repairer.") from error
    return network, cut


def save_filler(filler: Network, cut: float, path: Path, licence: str) -> None:
    """Write a filler in half precision; `cut` as in `Repairer`."""
    save_network(filler, path, licence, kind=KIND, notes={_CUT: repr(cut)})


def whole_marks(damage: FloatArray) -> NDArray[np.bool_]:
    """Where marks lie, by probabilities (h, w): sure pixels, and likely ones that touch them.

    Hysteresis after Canny (1986): a scratch half filled spoils its own filling.
    """
    _, marks = cv2.connectedComponents((damage > _LIKELY).astype(np.uint8), connectivity=8)
    sure = np.zeros(int(marks.max()) + 1, np.bool_)
    sure[np.unique(marks[damage > 0.5])] = True
    return np.asarray(sure[marks], np.bool_)


def widened(found: NDArray[np.bool_], side: int = _MARGIN) -> FloatArray:
    """Found damage (h, w), true or false, grown by a square of `side` pixels; 0 or 1."""
    return floats(cv2.dilate(found.astype(np.uint8), np.ones((side, side), np.uint8)))


def soft_rim(hole: FloatArray) -> FloatArray:
    """How much of the filling is taken (h, w): 1 in the hole, falling to exactly 0 around it."""
    wider = cv2.GaussianBlur(widened(hole > 0), (2 * _RIM - 1, 2 * _RIM - 1), 0.8)
    return np.maximum(hole, floats(np.where(wider > 1e-3, wider, 0)))


def blanked(pixels: FloatArray, hole: FloatArray) -> FloatArray:
    """The picture (h, w, 3) with its holes (h, w), 0 or 1, painted over from around them.

    Pull-push (Gortler et al. 1996): the known pixels are halved until they cover all, then what
    is missing at each size is taken from the size below.
    """
    known = 1 - hole[..., None]
    return floats(np.where(known > 0, pixels, _pulled(pixels * known, known)))


def _pulled(light: FloatArray, known: FloatArray) -> FloatArray:
    """`light` is colour times `known`, (h, w, 3) and (h, w, 1); gives colour everywhere."""
    colour = floats(np.where(known > 1e-6, light / np.maximum(known, 1e-6), 0.5))
    if known.min() > 0.999 or min(known.shape[:2]) < _SMALLEST:
        return colour
    height, width = known.shape[:2]
    small = _pulled(floats(cv2.pyrDown(light)), floats(cv2.pyrDown(known))[..., None])
    below = floats(cv2.pyrUp(small, dstsize=(width, height)))
    # where a quarter of what the filter reaches is known, the colour at this size is
    sure = np.minimum(1, 4 * known)
    return floats(below + sure * (colour - below))
