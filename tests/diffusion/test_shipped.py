"""The weights that ship: whole, runnable, and worth shipping."""

from pathlib import Path

import numpy as np
import pytest

from engine.diffusion.predictor import Predictor, load_predictor
from engine.files import load
from engine.photo import FloatArray
from engine.preset import load_presets
from engine.resources import resource
from engine.tiles import Tiling


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return load_predictor("cpu")


@pytest.fixture(scope="module")
def picture() -> FloatArray:
    photo: Path = resource("samples", "coffee-jpeg.png")
    return np.ascontiguousarray(load(photo).pixels[:320, :400])


def _error(a: FloatArray, b: FloatArray) -> float:
    return float(np.mean((a - b) ** 2))


def test_every_preset_has_its_adapter(predictor: Predictor) -> None:
    tasks = {preset.task for preset in load_presets().values()} - {"auto", ""}
    assert tasks == set(predictor.tasks)


WHOLE = {preset.task for preset in load_presets().values() if preset.working_side}
"""Tasks that see a small copy of the photo, smaller than a tile, and are never cut up."""


@pytest.mark.parametrize(
    "task", sorted({p.task for p in load_presets().values()} - {"auto", *WHOLE})
)
def test_tiles_are_not_to_be_seen(predictor: Predictor, picture: FloatArray, task: str) -> None:
    whole = predictor.restore(picture, task)
    tiled = predictor.restore(picture, task, tiling=Tiling(335, 96, align=16))
    assert np.abs(whole - tiled).max() < 0.5 / 255


def test_noise_is_taken_away(predictor: Predictor, picture: FloatArray) -> None:
    noise = np.random.default_rng(0).normal(0, 25 / 255, picture.shape)
    noisy = np.clip(picture + noise, 0, 1).astype(np.float32)
    restored = predictor.restore(noisy, "denoise")
    assert _error(restored, picture) < _error(noisy, picture) / 5


def test_a_scratch_is_found_and_filled(predictor: Predictor, picture: FloatArray) -> None:
    damaged = picture.copy()
    damaged[:, 200:203] = 0.97
    found = predictor.scratch_mask(damaged)
    assert found[:, 200:203].mean() > 0.6
    assert found[:, :150].mean() < 0.1
    restored = predictor.restore(damaged, "old-photo", repairs=True)
    line = (slice(None), slice(200, 203))
    assert _error(restored[line], picture[line]) < _error(damaged[line], picture[line]) / 4


def test_a_given_mask_is_filled(predictor: Predictor, picture: FloatArray) -> None:
    damaged, mask = picture.copy(), np.zeros(picture.shape[:2], np.float32)
    damaged[100:103, 60:300] = 0.95
    mask[99:104, 58:302] = 1
    restored = predictor.restore(damaged, "old-photo", mask)
    line = (slice(100, 103), slice(60, 300))
    assert _error(restored[line], picture[line]) < _error(damaged[line], picture[line]) / 4
