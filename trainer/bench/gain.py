"""Whether `auto` helps: on every damaged photo that comes with its truth, before and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from statistics import fmean

from trainer import metrics
from trainer.bench.harm import Auto
from trainer.bench.pictures import picture, pictures, truth_of, truths
from trainer.bench.report import table
from trainer.bench.trial import eight_bit

ASKED = 0.95
"""Share of the photos whose result is to be closer to the truth than they were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """What `auto` did to a damaged photo: PSNR to its truth, in dB."""

    folder: str
    picture: str
    preset: str
    """The preset that `auto` chose."""
    before: float
    after: float

    @property
    def helped(self) -> bool:
        return self.after > self.before

    @property
    def harmed(self) -> bool:
        return self.after < self.before


def gains(data: Path, auto: Auto, most: int) -> list[Gain]:
    """Let `auto` loose on the first `most` photos of each folder of pairs.

    Pairs whose truth is of another size ask for enlarging, which `auto` leaves to the user: they
    are not counted. Raises `BadPhoto` for a photo without its truth.
    """
    found: list[Gain] = []
    for folder in sorted(path for path in (data / "paired").glob("*") if path.is_dir()):
        known = truths(folder / "gt")
        for path in pictures(folder / "lq", most):
            given, truth = picture(path), truth_of(path, known)
            if given.shape != truth.shape:
                continue
            preset, result = auto(path)
            found.append(
                Gain(
                    folder=folder.name,
                    picture=path.stem,
                    preset=preset,
                    before=metrics.psnr(given, truth),
                    after=metrics.psnr(eight_bit(result), truth),
                )
            )
    return found


def gain_lines(found: Sequence[Gain]) -> Iterator[str]:
    """Markdown: how many were helped, left alone and harmed, in all and by folder."""
    if not found:
        yield "There are no pairs to try `auto` on."
        return
    share = sum(g.helped for g in found) / len(found)
    verdict = "ok" if share >= ASKED else "MISS"
    yield f"`auto` on {len(found)} damaged photos, asked {ASKED:.0%} or more closer to the truth"
    yield f"than before: {verdict} ({share:.0%}; {sum(g.harmed for g in found)} farther from it)."
    yield ""
    rows = []
    for name, group in groupby(found, key=lambda g: g.folder):
        members = list(group)
        chosen = sorted({g.preset for g in members})
        kinds = ", ".join(f"{c} {sum(g.preset == c for g in members)}" for c in chosen)
        helped, harmed = sum(g.helped for g in members), sum(g.harmed for g in members)
        gain = fmean(g.after - g.before for g in members)
        rows.append((name, f"{helped} of {len(members)}", f"{harmed}", f"{gain:+.2f}", kinds))
    yield from table(("pairs", "closer", "farther", "mean dB", "chose"), rows)
