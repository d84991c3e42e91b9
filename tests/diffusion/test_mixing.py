"""Settings of the mix, faces and brushes on their way from a request to the composed photo."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine import load, save
from engine.bands import luminance
from engine.diffusion.network import Network, NetworkSizes, TaskAdapter
from engine.diffusion.networks import Networks
from engine.diffusion.predictor import Predictor
from engine.diffusion.restore import Restorer
from engine.diffusion.weight_files import AdapterHeader, save_adapter
from engine.errors import BadPhoto
from engine.faces import find_faces
from engine.fitting import SaveOptions
from engine.photo import Box, FloatArray, Photo
from engine.preset import Preset
from engine.progress import Silent
from engine.request import RestoreRequest, RestoreResult
from tests.engine.drawn_face import drawn_face

PRESET = Preset(id="x", title="X", summary="s", task="denoise")


def _saved(folder: Path, name: str, pixels: FloatArray) -> Path:
    path = folder / name
    save(Photo(pixels=pixels), path, SaveOptions())
    return path


def _composed(folder: Path, request: RestoreRequest, restored: FloatArray) -> FloatArray:
    """What is composed of the request's photo and this prediction."""
    file = folder / "restored.npy"
    np.save(file, np.rint(restored * 65535).astype(np.uint16))
    result = RestoreResult(
        request=request,
        preset=request.preset,
        restored=file,
        seconds=0.1,
        megapixels=0.1,
        device="cpu",
    )
    return Restorer().compose(result).pixels


def test_the_presets_settings_shape_the_photo(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).random((40, 50, 3), np.float32)
    request = RestoreRequest(
        source=_saved(tmp_path, "a.png", pixels), preset=replace(PRESET, colour=0.0)
    )
    restored = np.full((40, 50, 3), (0.8, 0.5, 0.2), np.float32)
    out = _composed(tmp_path, request, restored)
    source = load(request.source).pixels
    inside = ((out > 0) & (out < 1)).all(2)
    assert inside.any()
    assert np.ptp(out - source, axis=2)[inside].max() < 1e-5
    assert np.abs(luminance(out) - luminance(restored))[inside].max() < 1e-4


def test_faces_are_protected_when_asked_and_only_then(tmp_path: Path) -> None:
    source = _saved(tmp_path, "a.png", drawn_face(200))
    shot, restored = load(source).pixels, np.zeros((200, 200, 3), np.float32)
    (face,) = find_faces(shot)
    request = RestoreRequest(source=source, preset=replace(PRESET, faces=1.0))
    out = _composed(tmp_path, request, restored)
    inner = (slice(face.top + 15, face.bottom - 15), slice(face.left + 15, face.right - 15))
    assert np.array_equal(out[inner], shot[inner])
    assert out[:5, :5].max() == 0
    plain = replace(request, preset=PRESET)
    assert _composed(tmp_path, plain, restored).max() == 0


@pytest.mark.parametrize("strength", [0.0, 0.4])
def test_damage_that_was_pointed_out_is_filled_whole_at_any_strength(
    tmp_path: Path, strength: float
) -> None:
    pixels = np.random.default_rng(0).random((60, 80, 3), np.float32)
    scratch = np.zeros((60, 80, 3), np.float32)
    scratch[10:50, 30] = 1
    request = RestoreRequest(
        source=_saved(tmp_path, "a.png", pixels),
        preset=replace(PRESET, strength=strength),
        mask=_saved(tmp_path, "mask.png", scratch),
    )
    out = _composed(tmp_path, request, np.full((60, 80, 3), 0.5, np.float32))
    source = load(request.source).pixels
    assert np.abs(out[10:50, 30] - 0.5).max() < 1e-4
    rest = source + np.float32(strength) * (0.5 - source)
    assert np.abs(out - rest)[:, 60:].max() < 1e-4


def test_brushed_masks_reach_the_photo_and_its_region(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).random((60, 80, 3), np.float32)
    left, lower = np.zeros((2, 60, 80, 3), np.float32)
    left[:, :40], lower[30:] = 1, 1
    request = RestoreRequest(
        source=_saved(tmp_path, "a.png", pixels),
        preset=replace(PRESET, strength=0.0),
        keep=_saved(tmp_path, "keep.png", left),
        restore=_saved(tmp_path, "restore.png", lower),
    )
    source, restored = load(request.source).pixels, np.ones((60, 80, 3), np.float32)
    whole = _composed(tmp_path, request, restored)
    assert np.array_equal(whole[:, :30], source[:, :30])
    assert np.array_equal(whole[:20], source[:20])
    assert whole[40:, 50:].min() > 0.999
    region = Box(20, 10, 70, 60)
    part = _composed(tmp_path, replace(request, region=region), restored[region.slices])
    assert np.abs(part - whole[region.slices])[10:, 10:].max() < 1e-4


def test_a_brushed_mask_of_another_size_is_refused(tmp_path: Path) -> None:
    request = RestoreRequest(
        source=_saved(tmp_path, "a.png", np.ones((20, 20, 3), np.float32)),
        preset=PRESET,
        keep=_saved(tmp_path, "keep.png", np.ones((9, 9, 3), np.float32)),
    )
    with pytest.raises(BadPhoto, match=r"keep\.png"):
        _composed(tmp_path, request, np.ones((20, 20, 3), np.float32))


def test_the_autopilot_keeps_what_was_asked_of_the_mix(tmp_path: Path) -> None:
    sizes = NetworkSizes(widths=(8, 12), blocks=1)
    network = Network(sizes).eval().requires_grad_(False)
    header = AdapterHeader(task="denoise", title="d", rank=2, network="n", recipe="", licence="x")
    save_adapter(TaskAdapter(sizes, 2), tmp_path / "denoise.safetensors", header)
    predictor = Predictor(Networks(tmp_path, {"n": network}), torch.device("cpu"))
    restorer = Restorer(tmp_path / "cache", predictors={("lite", "auto"): predictor})
    y, x = np.mgrid[0:200, 0:260].astype(np.float32)
    scene = np.stack((x / 300 + 0.1, y / 260 + 0.1, 0.5 + 0 * x), 2)
    noisy = scene + np.random.default_rng(0).normal(0, 0.08, scene.shape)
    source = _saved(tmp_path, "a.png", np.clip(noisy, 0, 1).astype(np.float32))
    auto = Preset(id="auto", title="Auto", summary="s", task="auto", grain=0.3, detail=0.6)
    result = restorer.run(RestoreRequest(source=source, preset=auto), Silent())
    assert result.preset.task == "denoise"
    assert (result.preset.grain, result.preset.detail) == (0.3, 0.6)
