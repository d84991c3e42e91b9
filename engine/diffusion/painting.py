"""A prior's way over a whole picture: tile by tile, over a draft that is there already.

Tiles are of the size the network was trained at, on one grid of tokens, in one noise field; of each
only the texture is taken (`engine.texture`), so that the draft is the common reference of all.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from engine.diffusion.drafting import writer
from engine.diffusion.noise_field import NoiseField
from engine.diffusion.out_of_memory import Descent, tiling_for
from engine.diffusion.picture_files import copy_picture
from engine.diffusion.prior import Painter
from engine.diffusion.prior_loading import Prior
from engine.diffusion.step_times import StepClock
from engine.diffusion.tiled import Read, Write
from engine.photo import Box, FloatArray, floats
from engine.placement import Placement
from engine.progress import Part, Progress, Silent
from engine.texture import textured
from engine.tiles import Canvas, Tile, tiles

_SMALLEST = 64
"""Side of a tile, in pixels, below which there is nothing left between its overlaps."""
_FULL = 0.8
"""Share of a placed tile's pixels from which on a tile counts as one of that size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The picture that is painted on, as large as the output."""

    width: int
    height: int
    degraded: Read
    """A box of the degraded picture, (h, w, 3), sRGB-encoded, 0..1."""
    draft: NDArray[np.uint16]
    """(height, width, 3), sRGB-encoded, 0..65535; may lie in a file."""

    def drafted(self, box: Box) -> FloatArray:
        """A box of the draft, (h, w, 3), 0..1."""
        return floats(self.draft[box.slices]) / np.float32(65535)


class Painting:
    """One picture under a prior's hands. `notes` are sentences about what went otherwise than
    placed."""

    def __init__(self, prior: Prior, subject: Subject, seed: int) -> None:
        self._prior, self._subject = prior, subject
        self._brush = _Brush(prior, subject, NoiseField(seed, prior.spec.latent_channels))
        self._descent = Descent(
            prior.placement,
            self._brush,
            prior.release,
            smallest=min(max(prior.spec.size.minimum, _SMALLEST), prior.placement.side),
            finish=lambda draft, painted: textured(draft, painted - draft),
        )

    @property
    def notes(self) -> tuple[str, ...]:
        return (*self._prior.notes, *self._descent.notes)

    @property
    def device(self) -> str:
        """Where the last tile was painted."""
        return self._descent.placement.device

    def paint(self, write: Write, progress: Progress) -> None:
        """Paint all tiles; `write` gets (top row, finished rows), (n, width, 3), 0..1.

        Raises `OutOfMemory` only when even the last resort did not fit, and `Cancelled`, within a
        step of the sampling.
        """
        subject, tiling = self._subject, tiling_for(self._prior.placement.side)
        canvas = Canvas(subject.width, subject.height, tiling, write)
        plan = self.plan()
        try:
            for index, tile in enumerate(plan):
                part = Part(progress, index / len(plan), (index + 1) / len(plan))
                canvas.add(tile, self.tile(tile.seen, part))
            canvas.finish()
        finally:
            self._keep_what_was_learnt()

    def plan(self) -> list[Tile]:
        """The tiles, in the order in which they are painted."""
        tiling = tiling_for(self._prior.placement.side)
        return list(tiles(self._subject.width, self._subject.height, tiling))

    def tile(self, box: Box, progress: Progress | None = None) -> FloatArray:
        """The draft with texture in a box, (h, w, 3), 0..1; it depends on the box alone."""
        self._brush.progress = _Onward(progress or Silent())
        return self._descent.restore(box, self._subject.drafted(box))

    def _keep_what_was_learnt(self) -> None:
        """What was too large for this picture would be for the next; a retreat to the processor
        is another matter, for what was in the way may be gone by then."""
        if self._descent.placement.device == self._prior.placement.device:
            self._prior.placement = self._descent.placement


@dataclass(frozen=True, slots=True, kw_only=True)
class Painted:
    """How a painting ended: on which device, and what to tell the user."""

    device: str
    notes: tuple[str, ...]


def paint_over(
    prior: Prior,
    target: Path,
    degraded: Read,
    seed: int,
    progress: Progress,
    painted: Callable[[int], None] = lambda rows: None,
) -> Painted:
    """Paint over the draft in the file `target`, a uint16 `.npy`, in that file.

    It holds the draft, and what is finished of the painting, at any time; `painted` hears how
    many rows are. Raises as `Painting.paint` does, the file is then partly painted; and `NoSpace`.
    """
    copy = target.with_name(f"{target.stem}-draft.npy")
    try:
        copy_picture(target, copy)
        return _painted(prior, target, copy, degraded, seed, progress, painted)
    finally:
        with suppress(OSError):  # Windows keeps it while an error holds on to it
            copy.unlink(missing_ok=True)


def _painted(
    prior: Prior,
    target: Path,
    copy: Path,
    degraded: Read,
    seed: int,
    progress: Progress,
    painted: Callable[[int], None],
) -> Painted:
    draft: NDArray[np.uint16] = np.load(copy, mmap_mode="r")
    out: NDArray[np.uint16] = np.load(target, mmap_mode="r+")
    height, width = draft.shape[:2]
    subject = Subject(width=width, height=height, degraded=degraded, draft=draft)
    painting = Painting(prior, subject, seed)
    write = writer(out)

    def show(top: int, rows: FloatArray) -> None:
        write(top, rows)
        painted(top + len(rows))

    painting.paint(show, progress)
    return Painted(device=painting.device, notes=painting.notes)


@dataclass(slots=True)
class _Brush:
    """Paints a tile as placed: what the prior would make of a draft, all of it, for what is taken
    comes later.

    Apart from `Painting`: a circle of references would keep the photo in memory, and the draft's
    file open, until Python finds it.
    """

    prior: Prior
    subject: Subject
    field: NoiseField
    progress: Progress = Silent()  # noqa: RUF009  # it has no state

    def __call__(self, box: Box, draft: FloatArray, placement: Placement) -> FloatArray:
        prior = self.prior
        painter = Painter(
            prior.backbone(placement),
            prior.trajectory,
            device=torch.device(placement.device),
            least=prior.spec.size.minimum,
        )
        noise = painter.noise_of(self.field, box)
        clock = StepClock(self.progress)
        painted = draft + painter.paint(self.subject.degraded(box), draft, noise, clock)
        if prior.times is not None and clock.seconds is not None and _is_full(box, placement):
            where, name = torch.device(placement.device), placement.variant
            prior.times.keep(where, prior.spec.id, name, placement.side, clock.seconds)
        return painted


def _is_full(box: Box, placement: Placement) -> bool:
    """Whether a tile is nearly as large as placed: the time of a small one says nothing of it."""
    return box.width * box.height >= _FULL * placement.side**2


@dataclass(slots=True)
class _Onward:
    """Progress of a painting: never goes back, where a tile is made in pieces or once more."""

    whole: Progress
    furthest: float = 0.0

    def report(self, done: float, stage: str = "") -> None:
        self.furthest = max(self.furthest, done)
        self.whole.report(self.furthest, "painting")
