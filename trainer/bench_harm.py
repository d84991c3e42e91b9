"""Checks that need no rival: `auto` leaves good pictures alone, and tiles leave no seams."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np

from engine.photo import FloatArray
from trainer import metrics
from trainer.bench_damage import white_noise
from trainer.bench_report import table
from trainer.bench_sets import picture, pictures
from trainer.bench_trial import Model, eight_bit, rng_for

HARMLESS = 40.0
"""dB to the source that `auto` keeps on a clean picture; above it nobody sees a difference."""

CLEAN = ("kodak24", "mcmaster", "urban100", "set5")
MARGIN = 64
"""Pixels at the rim of a crop in which it may differ from the whole: context is missing there."""


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
"""Restores a file with the preset "auto": gives the preset that ran, and (h, w, 3)."""


def harm(data: Path, auto: Auto, most: int) -> list[Harm]:
    """Let `auto` loose on the first `most` clean pictures of each folder."""
    found: list[Harm] = []
    for folder in CLEAN:
        for path in pictures(data / "clean" / folder, most):
            source = picture(path)
            preset, result = auto(path)
            restored = eight_bit(result)
            if restored.shape != source.shape:
                raise ValueError(f"auto changed the size of {path.name}: {restored.shape}")
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

    picture: str
    psnr: float
    """Between the two."""
    worst: float
    """Largest difference of any value, 0 to 1."""


def seams(data: Path, model: Model, most: int) -> list[Seam]:
    """Restore large noisy pictures whole, and again with an odd-sized corner cut off.

    Four Kodak pictures beside one another make one of a megapixel, more than any tile.
    """
    paths = pictures(data / "clean" / "kodak24", 8)
    found: list[Seam] = []
    for start in range(0, min(len(paths) // 4, most) * 4, 4):
        quarters = [picture(path) for path in paths[start : start + 4]]
        name = paths[start].stem
        found.append(_seam(name, _beside(quarters), model))
    return found


def seam_lines(found: Sequence[Seam]) -> Iterator[str]:
    yield "Seams: the same noisy picture with its tiles lying elsewhere."
    yield ""
    lines = ((s.picture, f"{s.psnr:.2f}", f"{s.worst * 255:.1f}") for s in found)
    yield from table(("picture", "PSNR between the two", "largest difference of 255"), lines)


def _seam(name: str, clean: FloatArray, model: Model) -> Seam:
    noisy = eight_bit(white_noise(clean, rng_for("seams", name), 25 / 255))
    cut = 37  # odd, and prime to every tile size and stride
    whole = model.restore(noisy, "denoise")[cut + MARGIN :, cut + MARGIN :]
    part = model.restore(np.ascontiguousarray(noisy[cut:, cut:]), "denoise")[MARGIN:, MARGIN:]
    worst = float(np.abs(whole - part).max())
    return Seam(picture=name, psnr=metrics.psnr(whole, part), worst=worst)


def _beside(quarters: Sequence[FloatArray]) -> FloatArray:
    """Four pictures as one, two by two, each cut to the smallest."""
    height = min(q.shape[0] for q in quarters)
    width = min(q.shape[1] for q in quarters)
    a, b, c, d = (q[:height, :width] for q in quarters)
    return np.concatenate((np.concatenate((a, b), 1), np.concatenate((c, d), 1)), 0)
