"""Checks that need no rival: `auto` leaves good pictures alone, and tiles leave no seams."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np

from engine.errors import BadPhoto
from engine.photo import FloatArray
from trainer import metrics
from trainer.bench.damage import white_noise
from trainer.bench.pictures import picture, pictures
from trainer.bench.report import table
from trainer.bench.trial import Model, eight_bit, rng_for

HARMLESS = 40.0
"""dB to the source that `auto` keeps on a clean picture; above it nobody sees a difference."""

CLEAN = ("kodak24", "mcmaster", "urban100", "set5")
MARGIN = 208
"""Pixels at the rim of a crop in which it may differ from the whole: context is missing there."""

MOSAIC = (6, 4)
"""Test pictures across and down that make one larger than any tile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Harm:
    """What `auto` did to a clean picture."""

    picture: str
    preset: str
    """The preset that `auto` chose."""
    psnr: float
    colour: float
    """Mean CIEDE2000 in flat regions."""
    grid: float


Auto = Callable[[Path], tuple[str, FloatArray]]
"""Restores a file with the preset "auto": gives the preset it chose, and (h, w, 3)."""


def harm(data: Path, auto: Auto, most: int) -> list[Harm]:
    """Let `auto` loose on the first `most` clean pictures of each folder.

    Raises `BadPhoto` where there are none, and for one that it enlarges: nothing compares the two.
    """
    found: list[Harm] = []
    for folder in CLEAN:
        for path in pictures(data / "clean" / folder, most):
            source = picture(path)
            preset, result = auto(path)
            restored = eight_bit(result)
            if restored.shape != source.shape:
                raise BadPhoto(
                    f"“auto” takes {path.name} for a small picture and enlarges it.",
                    "Take clean pictures of a camera's size.",
                )
            found.append(
                Harm(
                    picture=f"{folder}/{path.stem}",
                    preset=preset,
                    psnr=metrics.psnr(restored, source),
                    colour=metrics.flat_colour_error(restored, source),
                    grid=metrics.grid_excess(restored, source),
                )
            )
    return found


def harm_lines(found: Sequence[Harm]) -> Iterator[str]:
    """Markdown: mean and worst, and the five worst pictures by name."""
    worst = min(found, key=lambda h: h.psnr)
    kept = sum(h.psnr >= HARMLESS for h in found)
    verdict = "ok" if kept == len(found) else "MISS"
    yield f"`auto` on {len(found)} clean pictures, asked {HARMLESS:.0f} dB or more each: {verdict}"
    yield f"({kept} of {len(found)}; mean {fmean(h.psnr for h in found):.2f} dB,"
    yield f"worst {worst.psnr:.2f} dB; mean colour error {fmean(h.colour for h in found):.2f})."
    yield ""
    lines = (
        (h.picture, h.preset, f"{h.psnr:.2f}", f"{h.colour:.2f}", f"{h.grid:.2f}")
        for h in sorted(found, key=lambda h: h.psnr)[:5]
    )
    yield from table(("picture", "chose", "PSNR", "colour", "grid"), lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seam:
    """The same places restored twice, with the tiles lying elsewhere."""

    psnr: float
    """Between the two, in dB."""
    worst: float
    """Largest difference of any value, 0 to 1."""


def seam(data: Path, model: Model) -> Seam:
    """Restore a large noisy picture whole, and again with a corner cut off.

    The Kodak pictures beside one another make one of six megapixels.
    """
    columns, rows = MOSAIC
    paths = pictures(data / "clean" / "kodak24", columns * rows)
    clean = _mosaic([picture(paths[i % len(paths)]) for i in range(columns * rows)])
    noisy = eight_bit(white_noise(clean, rng_for("seams", "mosaic"), 25 / 255))
    cut = noisy.shape[0] // 8 // 16 * 16  # keeps the network's own grid, moves the tiles
    rim = min(MARGIN, noisy.shape[0] // 4)
    whole = model.restore(noisy, "denoise")[cut + rim :, cut + rim :]
    part = model.restore(np.ascontiguousarray(noisy[cut:, cut:]), "denoise")[rim:, rim:]
    return Seam(psnr=metrics.psnr(whole, part), worst=float(np.abs(whole - part).max()))


def seam_lines(found: Seam) -> Iterator[str]:
    yield "A noisy picture of several tiles, restored twice with the tiles lying elsewhere: the two"
    yield f"agree to {found.psnr:.2f} dB and differ by {found.worst * 255:.1f} of 255 at most."


def _mosaic(parts: Sequence[FloatArray]) -> FloatArray:
    """`MOSAIC` pictures as one, each cut to the smallest."""
    columns, rows = MOSAIC
    height, width = min(p.shape[0] for p in parts), min(p.shape[1] for p in parts)
    cut = [part[:height, :width] for part in parts]
    across = [np.concatenate(cut[i : i + columns], 1) for i in range(0, columns * rows, columns)]
    return np.concatenate(across, 0)
