"""The enlarger's expert for clean pictures, and the gate that says when to ask it.

One network for all small pictures must hedge: what it does not know to be detail it leaves soft,
for it may be noise or the trace of a JPEG. A second one that was taught on pictures that were
reduced and little else goes further, and makes damaged ones worse. A gate (a mixture of experts,
after Jacobs et al. 1991, "Adaptive mixtures of local experts") looks at what the first network sees
in the most detailed places of a picture, and chooses once for all of it: one of the two, for that
takes half the time, or where it is in doubt both.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from engine.diffusion.specialists.enlarger import (
    EnlargeNetwork,
    Enlarger,
    EnlargerSizes,
    size_fields,
    sizes_of,
)
from engine.diffusion.tiled import Read
from engine.diffusion.weight_files import give_ranges, read_module, save_module
from engine.errors import WrongWeights
from engine.measures.slopes import squared_slopes
from engine.photo import LUMA, Box, FloatArray, floats

PLACE = 64
"""Side in pixels of the places that the gate looks at."""
_ACROSS = 8
"""Places that are compared, along each side at most."""
_SEEN = 12
"""Of these the most detailed are looked at: a flat place says nothing about detail."""
_DOUBT = {2: (-1.0, -0.4)}
_DOUBT_BEYOND = -0.75, -0.25
"""Log odds up to which the enlarger is asked alone, and from which its expert is, by factor (model
card, "what was tried")."""
_DIM = 1e-3
"""Added to a feature's mean, so that its logarithm is finite."""
_NEVER = -100.0
"""Log odds at which the expert is not asked."""
_KIND = "restorer-enlarger-expert"


class Expert(nn.Module):
    """An enlarging network for clean pictures, and its gates, one for each factor."""

    def __init__(self, sizes: EnlargerSizes) -> None:
        super().__init__()
        self.network = EnlargeNetwork(sizes)
        self.gates = nn.ModuleDict({str(s): nn.Linear(sizes.width, 1) for s in sizes.scales})
        for gate in self.gates.values():  # until it is fitted it never asks
            assert isinstance(gate, nn.Linear)
            nn.init.zeros_(gate.weight)
            nn.init.constant_(gate.bias, _NEVER)

    def odds(self, features: Tensor, scale: int) -> Tensor:
        """Log odds (b) that this network does better than the one that saw `features` (b, width, h,
        w), where a picture becomes `scale` times as large. Raises `KeyError` for other factors."""
        odds: Tensor = self.gates[str(scale)](levels(features))
        return odds[:, 0]


def levels(features: Tensor) -> Tensor:
    """What the gate goes by: the logarithm of each feature's mean size, (b, width)."""
    return (features.float().abs().mean((2, 3)) + _DIM).log()


class Enlargers:
    """The enlarger for any picture, and the expert if there is one, on a device."""

    def __init__(self, general: Enlarger, expert: Expert | None) -> None:
        """Raises `WrongWeights` if the expert's gate was fitted to another enlarger's width."""
        self.general = general
        self._gate, self._expert = None, None
        if expert is not None:
            if expert.network.sizes.width != general.width:
                raise WrongWeights("The enlarger and its expert do not belong together.")
            self._gate = expert.to(general.device)
            self._expert = Enlarger(expert.network, general.device, general.dtype)

    def of(self, size: tuple[int, int], read: Read, scale: int) -> Enlarger | Both:
        """What enlarges a picture of `size` (width, height), which `read` gives in boxes, to
        `scale` times that."""
        if self._gate is None or self._expert is None:
            return self.general
        seen = (self.general.features(read(box)) for box in places(size, read))
        odds = torch.cat([self._gate.odds(features, scale) for features in seen])
        share = expert_share(float(odds.mean()), scale)
        if 0 < share < 1:
            return Both(self.general, self._expert, share)
        return self._expert if share else self.general


@dataclass(frozen=True, slots=True)
class Both:
    """A mean of two enlargers: where it is uncertain which of them is right it keeps most of what
    the better one gains, and little of what the other costs."""

    general: Enlarger
    expert: Enlarger
    share: float
    """What the expert counts, 0 to 1."""

    def enlarge(self, pixels: FloatArray, scale: int) -> FloatArray:
        """As `Enlarger.enlarge`."""
        one, other = (each.enlarge(pixels, scale) for each in (self.general, self.expert))
        return floats(one + np.float32(self.share) * (other - one))


def expert_share(odds: float, scale: int) -> float:
    """What an expert with these log odds counts, 0 to 1, where a picture becomes `scale` times as
    large."""
    none, all_of_it = _DOUBT.get(scale, _DOUBT_BEYOND)
    return min(1.0, max(0.0, (odds - none) / (all_of_it - none)))


def places(size: tuple[int, int], read: Read) -> Iterator[Box]:
    """The most detailed of an even grid of boxes; the whole of a picture smaller than one."""
    boxes = list(_grid(size))
    if len(boxes) > _SEEN:
        detail = [float(squared_slopes(read(box) @ LUMA).mean()) for box in boxes]
        boxes = [boxes[index] for index in np.argsort(detail)[-_SEEN:]]
    yield from boxes


def _grid(size: tuple[int, int]) -> Iterator[Box]:
    width, height = size
    wide, high = min(width, PLACE), min(height, PLACE)
    for top in _spread(height - high):
        for left in _spread(width - wide):
            yield Box(left, top, left + wide, top + high)


def _spread(room: int) -> list[int]:
    """Evenly spread starts from 0 to `room`, overlapping as little as it allows."""
    count = min(_ACROSS, 1 + math.ceil(room / PLACE))
    return sorted({round(n) for n in np.linspace(0, room, count)})


def save_expert(expert: Expert, path: Path, licence: str) -> None:
    """Write expert and gate, the large convolutions in 8 bits."""
    header = {"kind": _KIND, "licence": licence, **size_fields(expert.network.sizes)}
    save_module(expert, path, header, eight_bit=True)


def load_expert(path: Path) -> Expert:
    """Read an expert's file; raises `MissingWeights` or `WrongWeights`."""
    header, tensors = read_module(path)
    if header.get("kind") != _KIND:
        raise WrongWeights(f"{path.name} does not hold an enlarger's expert.")
    try:
        expert = Expert(sizes_of(header))
        expert.load_state_dict(tensors)
    except (KeyError, ValueError, RuntimeError) as error:
        raise WrongWeights(f"{path.name} is not a usable expert.") from error
    give_ranges(expert.network.blocks, path)
    return expert.eval().requires_grad_(False)
