"""How large the numbers in a network's blocks become: what running them in 8 bits goes by.

The ranges are the largest sizes of each channel over crops that were degraded as in the training
(static calibration, Jacob et al. 2018). Blocks of a U-Net's finest level get none and stay in the
format of the pass: they are a third of the work, and most of what rounding would cost is theirs
(model card, "what was tried").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.diffusion.blocks import BlockLayers, BlockRanges, BlockRun
from engine.diffusion.network import Network, TaskAdapter
from engine.diffusion.specialists.enlarger import EnlargeNetwork
from engine.diffusion.specialists.finder import SUREST
from engine.diffusion.specialists.guide import Guide
from engine.photo import FloatArray
from trainer.specialists.repair_pairs import RepairBatch

Ranges = dict[int, BlockRanges]
"""Those of a network's blocks, by number."""


def adapter_ranges(
    network: Network, adapter: TaskAdapter, pictures: Iterable[FloatArray]
) -> Ranges:
    """Of a network with a task's adapter, on batches of degraded pictures (b, 3, h, w), 0..1."""

    def run(blocks: Sequence[BlockRun]) -> None:
        for picture in pictures:
            image = torch.from_numpy(picture)
            network.damage(image, torch.zeros_like(image[:, :1]), blocks)

    return measured(adapter.fold(network), run, network.sizes.coarse)


def reader_ranges(
    base: Network, finder: TaskAdapter, reader: Network, batches: Iterable[RepairBatch]
) -> Ranges:
    """Of a reader, told what `base` with `finder` says of worn pictures."""
    first = [_Rehearsed(layers) for layers in finder.fold(base)]

    def run(blocks: Sequence[BlockRun]) -> None:
        for batch in batches:
            worn = torch.from_numpy(batch.worn)
            said = base.damage(worn, torch.zeros_like(worn[:, :1]), first)
            reader.damage(worn, (said / SUREST).clamp(-1, 1), blocks)

    return measured(reader.plain(), run, reader.sizes.coarse)


def filler_ranges(filler: Network, batches: Iterable[RepairBatch]) -> Ranges:
    """Of a filler, on pictures with holes."""

    def run(blocks: Sequence[BlockRun]) -> None:
        for batch in batches:
            filler(torch.from_numpy(batch.holed), torch.from_numpy(batch.hole), blocks)

    return measured(filler.plain(), run, filler.sizes.coarse)


def enlarger_ranges(
    network: EnlargeNetwork, guide: Guide | None, pictures: Iterable[FloatArray]
) -> Ranges:
    """Of an enlarger with its guide, on batches of small pictures (b, 3, h, w), 0..1: of all its
    blocks, which have one level."""

    def run(blocks: Sequence[BlockRun]) -> None:
        for picture in pictures:
            image = torch.from_numpy(picture)
            told = None if guide is None else guide.told(image)
            network.features(image, told, blocks)

    return measured(network.plain(), run, range(network.sizes.blocks))


@torch.inference_mode()
def measured(
    layers: Sequence[BlockLayers],
    run: Callable[[Sequence[BlockRun]], None],
    wanted: Iterable[int],
) -> Ranges:
    """The ranges of the blocks with the `wanted` numbers while `run` runs them all on pictures.

    Raises `ValueError` if it never does.
    """
    blocks = [_Rehearsed(one) for one in layers]
    run(blocks)
    return {index: blocks[index].ranges for index in wanted}


class _Rehearsed:
    """A block that is watched while it runs, in float32."""

    def __init__(self, layers: BlockLayers) -> None:
        self._layers = layers
        self._before: Tensor | None = None
        self._inside: Tensor | None = None

    @property
    def ranges(self) -> BlockRanges:
        """The largest sizes up to now; raises `ValueError` before it ran."""
        if self._before is None or self._inside is None:
            raise ValueError("no picture has run through these blocks")
        return BlockRanges(self._before, self._inside)

    def __call__(self, x: Tensor) -> Tensor:
        inner = F.relu(self._layers.first(x))
        self._before = _larger(self._before, x.abs().amax((0, 2, 3)))
        self._inside = _larger(self._inside, inner.amax((0, 2, 3)))
        return x + self._layers.second(inner)


def _larger(known: Tensor | None, new: Tensor) -> Tensor:
    return new if known is None else torch.maximum(known, new)
