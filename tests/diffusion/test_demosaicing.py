"""From the mosaic to the photo: tile by tile, and only where nothing else was done to it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.colour import from_srgb
from engine.diffusion import demosaicing
from engine.diffusion.demosaicing import demosaic
from engine.files import load
from engine.light import linear_to_srgb
from engine.mosaic import Mosaic
from engine.photo import SRGB, Box, FloatArray, Profile, floats
from engine.progress import Silent
from engine.tiles import Tiling
from engine.views import View
from tests.engine.made_raw import dng, shown
from tests.engine.test_mosaic import mosaic, scene


def developed(seen: Mosaic, profile: Profile) -> FloatArray:
    height, width = seen.values.shape
    result = np.full((height, width, 3), np.nan, np.float32)

    def write(top: int, rows: FloatArray) -> None:
        assert np.isnan(result[top : top + len(rows)]).all(), "each row once"
        result[top : top + len(rows)] = rows

    demosaic(seen, profile, lambda tones: np.clip(tones, 0, 1), write, Silent())
    return result


@pytest.mark.parametrize("red", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_all_of_the_photo_is_written_once(
    red: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demosaicing, "TILING", Tiling(side=64, overlap=16, align=16))
    light = floats(np.tile(scene(), (4, 3, 1)) * 0.5 + 0.2)
    result = developed(mosaic(light, red), SRGB)
    assert not np.isnan(result).any()
    smooth = (np.abs(np.gradient(light, axis=0)) + np.abs(np.gradient(light, axis=1))).max(2) < 0.02
    assert np.abs(result - linear_to_srgb(light)).max(2)[smooth].mean() < 0.01


def test_a_raw_photo_comes_out_as_it_was_developed(tmp_path: Path) -> None:
    light = floats(np.linspace(0.02, 1, 96 * 128).reshape(96, 128, 1) ** 2 * (1, 0.8, 0.6))
    path = tmp_path / "a.dng"
    path.write_bytes(dng(light, orientation=6, preview=shown(light, 2)))
    photo = load(path)
    assert photo.mosaic is not None
    result = from_srgb(developed(photo.mosaic, photo.profile), photo.profile)
    differs = np.abs(result - photo.pixels)
    assert differs.mean() < 0.004
    assert differs[4:-4, 4:-4].max() < 0.05


def test_a_view_shows_the_mosaic_of_its_part_and_none_of_what_is_enlarged(tmp_path: Path) -> None:
    path = tmp_path / "a.dng"
    path.write_bytes(dng(floats(np.full((96, 128, 3), 0.3))))
    view = View(load(path))
    assert view.mosaic is not None
    part = replace(view, part=Box(16, 32, 80, 90)).mosaic
    assert part is not None
    assert part.values.shape == (58, 64)
    assert replace(view, scale=2).mosaic is None
