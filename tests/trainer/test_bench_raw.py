"""The bench of RAW files: its sensor sees what it should, and its rows say who was ahead."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.files import load
from engine.filter_array import KNOWN, FilterArray
from engine.photo import FloatArray
from trainer.bench import raw as bench_raw
from trainer.bench.raw import COLUMNS, DEVELOPED, LIBRAW, NLM, OURS, raw_lines, raw_scores, seen
from trainer.bench.raw_files import write_dng


@pytest.fixture
def data(tmp_path: Path) -> Path:
    y, x = np.mgrid[:65, :97]
    picture = np.stack((90 + x, 160 - y, 60 + x / 2 + y), 2).astype(np.uint8)
    for folder in bench_raw.FOLDERS:
        place = tmp_path / "clean" / folder
        place.mkdir(parents=True)
        Image.fromarray(picture).save(place / "one.png")
    return tmp_path


class Plain:
    """A program that leaves every file as it is developed, but for `share` of the way to gray."""

    def __init__(self, share: float) -> None:
        self._share = share

    def developed(self, path: Path) -> tuple[FloatArray, FloatArray, FloatArray]:
        pixels = load(path).pixels
        assert load(path).mosaic is not None
        changed = pixels + np.float32(self._share) * (np.float32(0.5) - pixels)
        return pixels, pixels, changed


@pytest.mark.parametrize("array", KNOWN)
def test_a_good_sensor_sees_the_picture_and_a_bad_one_noise(
    tmp_path: Path, array: FilterArray
) -> None:
    clean = np.full((64, 96, 3), (0.6, 0.5, 0.4), np.float32)
    clean[:16, :16] = 1
    noise = []
    for iso in (100, 25600):
        place = tmp_path / f"{iso}.dng"
        mosaic = seen(clean, iso, np.random.default_rng(0), array)
        write_dng(mosaic, bench_raw.SENSOR, place, array)
        pixels = load(place).pixels
        np.testing.assert_allclose(pixels[24:].mean((0, 1)), (0.6, 0.5, 0.4), atol=0.01)
        np.testing.assert_allclose(pixels[4:12, 4:12].mean((0, 1)), 1, atol=0.05)
        noise.append(pixels[24:].std((0, 1)).max())
    assert noise[0] < 0.01 < 0.04 < noise[1]


def test_every_picture_is_scored_at_every_number(data: Path) -> None:
    found = raw_scores(data, Plain(0.5), 1)
    assert [(s.sensor, s.picture, s.iso) for s in found] == [
        (sensor, f"{folder}/one", iso)
        for sensor in ("Bayer", "X-Trans")
        for folder in bench_raw.FOLDERS
        for iso in bench_raw.ISO
    ]
    for score in found:
        assert tuple(score.scores) == COLUMNS
        if score.sensor == "Bayer":
            assert score.scores[LIBRAW][0] > score.scores[DEVELOPED][0] - 2
        assert score.scores[OURS][0] < score.scores[DEVELOPED][0]
    noisy = found[3].scores
    assert noisy[NLM][0] > noisy[DEVELOPED][0] + 3
    lines = "\n".join(raw_lines(found))
    assert "ahead by PSNR in 0 of 16" in lines
    assert "| X-Trans, mcmaster, ISO 25600 | 1 |" in lines
