"""Estimates of file sizes against files that are really written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.files import load
from engine.fitting import SaveOptions
from engine.formats.catalogue import WRITERS
from engine.resources import resource
from engine.saving import save
from engine.tone import Tone
from restorer_app.export import ExportSettings
from restorer_app.export_size import estimated_bytes, spoken_size


@pytest.mark.parametrize("suffix", sorted(WRITERS))
@pytest.mark.parametrize("quality", [60, 92])
def test_estimates_are_of_the_right_size(tmp_path: Path, suffix: str, quality: int) -> None:
    paths = [p for p in resource("samples").glob("*.jpg") if p.stem != "before-after"][:3]
    told = written = 0
    for path in paths:
        photo = replace(load(path), tone=Tone(2.0))  # as if it were from a RAW file
        target = tmp_path / f"{path.stem}{suffix}"
        bits = min(WRITERS[suffix].depths)
        save(photo, target, SaveOptions(jpeg_quality=quality, bits=bits))
        told += estimated_bytes(photo.megapixels, ExportSettings(quality=quality), suffix)
        written += target.stat().st_size
    assert 0.4 < told / written < 2.5


def test_estimates_grow_with_quality_depth_and_size() -> None:
    qualities = [ExportSettings(quality=quality) for quality in range(1, 101)]
    sizes = [estimated_bytes(24, settings, ".jpg") for settings in qualities]
    assert sizes == sorted(sizes)
    bits = [ExportSettings(), ExportSettings(bits=8), ExportSettings(bits=16)]
    depths = [estimated_bytes(24, settings, ".tiff") for settings in bits]
    assert depths[0] == depths[1] < depths[2]
    assert estimated_bytes(48, bits[0], ".png") == 2 * estimated_bytes(24, bits[0], ".png")


@pytest.mark.parametrize(
    ("size", "text"),
    [(10, "1 kB"), (480_000, "480 kB"), (3_240_000, "3.2 MB"), (1.4e9, "1.4 GB"), (44e6, "44 MB")],
)
def test_sizes_are_spoken(size: float, text: str) -> None:
    assert spoken_size(int(size)) == text
