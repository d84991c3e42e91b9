"""The weights that ship: whole, runnable, and worth shipping."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.diffusion.looks import restorers_of
from engine.diffusion.predictor import Predictor, load_predictor
from engine.diffusion.restore import Restorer
from engine.diffusion.specialists.enlarger import TILING, Enlarger
from engine.diffusion.specialists.enlarger_expert import Both
from engine.diffusion.tiled import whole
from engine.files import load
from engine.filter_array import KNOWN, FilterArray
from engine.light import linear_to_srgb, srgb_to_linear
from engine.photo import Box, FloatArray
from engine.preset import load_presets
from engine.progress import Silent
from engine.request import RestoreRequest
from engine.resize import enlarged
from engine.resources import resource
from engine.tiles import Tiling
from trainer.bench.raw import SENSOR, seen
from trainer.bench.raw_files import write_dng
from trainer.degradations.blur import shrunk_bicubic


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return load_predictor("cpu")


@pytest.fixture(scope="module")
def picture() -> FloatArray:
    photo: Path = resource("samples", "coffee-jpeg.png")
    return np.ascontiguousarray(load(photo).pixels[:320, :400])


def _error(a: FloatArray, b: FloatArray) -> float:
    return float(np.mean((a - b) ** 2))


def test_every_preset_has_what_it_runs_on(predictor: Predictor) -> None:
    specialists = predictor.specialists
    for preset in load_presets().values():
        if preset.task == "auto":
            continue
        assert preset.task in {*predictor.tasks, *specialists.tasks}
        assert not preset.finish or preset.finish in predictor.tasks
        if preset.working_side:
            assert specialists.light(preset.task).task == preset.task
        if preset.scale > 1:
            assert preset.scale in specialists.enlargers.general.scales
    assert specialists.kinds == {
        *("enlarger", "expert", "finder", "guide", "light", "reader", "repair", "shade")
    }


TASKS = ("artifacts", "deblur", "denoise", "derain", "desnow", "raw", "raw-xtrans")


@pytest.mark.parametrize("task", TASKS)
def test_tiles_are_not_to_be_seen(predictor: Predictor, picture: FloatArray, task: str) -> None:
    at_once = predictor.restore(picture, task)
    tiled = predictor.restore(picture, task, tiling=Tiling(416, 128, align=16))
    assert np.abs(at_once - tiled).max() < 0.5 / 255


@pytest.mark.parametrize("array", KNOWN, ids=lambda array: array.name)
@pytest.mark.parametrize("iso", [1600, 25600])
def test_noise_is_taken_out_of_a_mosaic_better_than_behind_it(
    predictor: Predictor, picture: FloatArray, tmp_path: Path, iso: int, array: FilterArray
) -> None:
    truth = shrunk_bicubic(picture, 160, 200).clip(0, 1)  # so small that its JPEG does not show
    truth[:16, :16] = 1  # or LibRaw would take something else for white
    path = tmp_path / "seen.dng"
    write_dng(seen(truth, iso, np.random.default_rng(0), array), SENSOR, path, array)
    restorer = Restorer(cache=tmp_path, predictors={("lite", "cpu"): predictor})
    request = RestoreRequest(source=path, preset=load_presets()["denoise"], device="cpu")
    photo, behind = load(path), []
    for given in (photo, replace(photo, mosaic=None)):
        result = restorer.run(request, Silent(), given)
        behind.append(_error(restorer.compose(result, given).pixels, truth))
    assert behind[0] < 0.95 * behind[1] < 0.95 * _error(photo.pixels, truth)


@pytest.mark.parametrize("scale", [2, 4])
def test_tiles_of_an_enlargement_are_not_to_be_seen(
    predictor: Predictor, picture: FloatArray, scale: int
) -> None:
    small = picture[:, :320].copy()
    enlarger = predictor.specialists.enlargers.general

    def enlarge(part: FloatArray) -> FloatArray:
        return enlarger.enlarge(part, scale)

    tiling = replace(TILING, side=304)
    tiled = whole(small, enlarge, tiling=tiling, progress=Silent(), scale=scale)
    apart = 255 * np.abs(enlarge(small) - tiled)
    assert apart.mean() < 0.25  # the tiles are small, and the picture is a bad JPEG
    assert apart.max() < 4  # at single edges; what the guide sees reaches farther than tiles share


def test_an_enlargement_is_nearer_to_the_truth_than_lanczos(
    predictor: Predictor, picture: FloatArray
) -> None:
    truth = shrunk_bicubic(picture, 106, 132).clip(0, 1)  # so small that its JPEG does not show
    small = np.round(shrunk_bicubic(truth, 53, 66).clip(0, 1) * 255) / np.float32(255)
    larger = predictor.specialists.enlargers.general.enlarge(small, 2)
    assert _error(larger, truth) < 0.8 * _error(enlarged(small, 2), truth)


def test_the_expert_is_asked_for_clean_pictures_and_goes_further(
    predictor: Predictor, picture: FloatArray
) -> None:
    truth = shrunk_bicubic(picture, 212, 264).clip(0, 1)
    small = np.round(shrunk_bicubic(truth, 106, 132).clip(0, 1) * 255) / np.float32(255)
    noise = np.random.default_rng(0).normal(0, 0.06, small.shape).astype(np.float32)
    enlargers = predictor.specialists.enlargers

    def chosen(image: FloatArray) -> Enlarger | Both:
        size = image.shape[1], image.shape[0]
        return enlargers.of(size, lambda box: np.ascontiguousarray(image[box.slices]), 2)

    assert chosen(np.clip(small + noise, 0, 1)) is enlargers.general
    expert = chosen(small)
    assert expert is not enlargers.general
    general = enlargers.general.enlarge(small, 2)
    assert _error(expert.enlarge(small, 2), truth) < _error(general, truth)


def test_haze_is_taken_away(predictor: Predictor, picture: FloatArray) -> None:
    hazy = (0.5 * picture + 0.45).astype(np.float32)
    height, width = hazy.shape[:2]
    estimator = predictor.specialists.light("dehaze")
    clear = estimator.estimate(hazy, (width, height))(hazy, Box(0, 0, width, height))
    assert _error(clear, picture) < _error(hazy, picture) / 3


def test_what_stands_dark_in_smog_is_lifted(predictor: Predictor, picture: FloatArray) -> None:
    dark = linear_to_srgb(srgb_to_linear(picture) / 6)
    scene = np.concatenate((np.full_like(picture, 0.95), dark))
    smog = (0.3 * scene + 0.56).astype(np.float32)
    lit = predictor.specialists.relit(smog, "dehaze")
    judged = restorers_of(predictor)["dehaze"](smog)
    below, above = slice(len(picture) + 30, None), slice(0, len(picture) - 30)
    assert lit[below].mean() > 1.2 * judged[below].mean(), "the autopilot sees haze go, no more"
    assert np.abs(lit - judged)[above].max() < 0.03


def test_a_shadow_against_the_light_is_lifted(predictor: Predictor, picture: FloatArray) -> None:
    scene = np.concatenate((np.full_like(picture, 0.95), picture))
    dark = scene.copy()
    dark[len(picture) :] = linear_to_srgb(srgb_to_linear(picture) / 6)
    lit = predictor.specialists.relit(dark, "low-light")
    below, above = slice(len(picture) + 30, None), slice(0, len(picture) - 30)
    assert _error(lit[below], picture[30:]) < _error(dark[below], picture[30:]) / 4
    assert np.abs(lit - dark)[above].max() < 0.03
    kept = predictor.specialists.relit(scene, "low-light")
    assert _error(kept, scene) < 1e-4, "what is lit well stays as it is"


def test_noise_is_taken_away(predictor: Predictor, picture: FloatArray) -> None:
    noise = np.random.default_rng(0).normal(0, 25 / 255, picture.shape)
    noisy = np.clip(picture + noise, 0, 1).astype(np.float32)
    restored = predictor.restore(noisy, "denoise")
    assert _error(restored, picture) < _error(noisy, picture) / 5


def test_a_scratch_is_found_and_filled(predictor: Predictor, picture: FloatArray) -> None:
    damaged = picture.copy()
    damaged[:, 200:203] = 0.97
    repairer = predictor.specialists.repairer
    found = repairer.damage(damaged)
    assert found[:, 200:203].mean() > 0.6
    assert found[:, :150].mean() < 0.1
    restored = repairer.fill(damaged, None, found)
    line = (slice(None), slice(200, 203))
    assert _error(restored[line], picture[line]) < _error(damaged[line], picture[line]) / 4


def test_prints_are_looked_at_for_marks_not_for_faded_tones(
    predictor: Predictor, picture: FloatArray
) -> None:
    faded = (0.3 + 0.35 * picture).astype(np.float32)
    faded[:, 200:203] = 0.97
    said = restorers_of(predictor)["old-photo"](faded)
    assert said.shape == faded.shape[:2]
    assert said[:, 200:203].mean() > 0 > said[:, :190].mean()


def test_a_given_mask_is_filled_and_nothing_else(predictor: Predictor, picture: FloatArray) -> None:
    damaged, mask = picture.copy(), np.zeros(picture.shape[:2], np.float32)
    damaged[100:103, 60:300] = 0.95
    mask[99:104, 58:302] = 1
    restored = predictor.specialists.repairer.fill(damaged, mask, None)
    line = (slice(100, 103), slice(60, 300))
    assert _error(restored[line], picture[line]) < _error(damaged[line], picture[line]) / 4
    assert np.array_equal(restored[mask == 0], damaged[mask == 0])
