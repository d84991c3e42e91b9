"""The whole way of a picture, with a tiny network in place of the shipped one."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine import load, save
from engine.advice import advise
from engine.analysis import Analysis
from engine.diffusion.network import Network, NetworkSizes, TaskAdapter
from engine.diffusion.networks import Networks
from engine.diffusion.predictor import Predictor
from engine.diffusion.restore import Restorer
from engine.diffusion.weight_files import AdapterHeader, save_adapter
from engine.errors import BadPhoto
from engine.fitting import SaveOptions
from engine.photo import Box, FloatArray, Photo
from engine.preset import Preset
from engine.progress import Cancelled, Silent
from engine.proposal import Proposal
from engine.request import RestoreRequest, recipe_from
from engine.views import View, load_mask

SIZES = NetworkSizes(widths=(8, 12), blocks=1)
PRESET = Preset(id="brighter", title="Brighter", summary="s", task="brighter")
AUTO = Preset(id="auto", title="Auto", summary="s", task="auto")


def _restorer(folder: Path, *, idle: bool = False) -> Restorer:
    """A restorer whose predictor adds light, by an adapter of nothing but biases.

    An idle one changes nothing.
    """
    torch.manual_seed(0)
    network = Network(SIZES).eval().requires_grad_(False)
    if idle:
        network.tail.weight.zero_()
    for task in ("brighter", "denoise"):
        adapter = TaskAdapter(SIZES, 2).requires_grad_(False)
        adapter.layers[0][1].bias.fill_(0.1 if task == "brighter" else 0.0)
        header = AdapterHeader(task=task, title=task, rank=2, network="n", recipe="", licence="x")
        save_adapter(adapter, folder / f"{task}.safetensors", header)
    predictor = Predictor(Networks(folder, {"n": network}), torch.device("cpu"))
    restorer = Restorer(folder / "cache", predictors={("lite", "auto"): predictor})
    return restorer


def _photo(folder: Path, bits: int = 8, size: tuple[int, int] = (60, 44)) -> Path:
    pixels = np.random.default_rng(0).random((size[1], size[0], 3), np.float32)
    path = folder / f"photo{bits}.png"
    save(Photo(pixels=pixels, bits=bits), path, SaveOptions())
    return path


def _request(path: Path, **changes: object) -> RestoreRequest:
    return RestoreRequest(source=path, preset=replace(PRESET, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("bits", [8, 16])
def test_at_strength_zero_the_file_comes_back(tmp_path: Path, bits: int) -> None:
    path = _photo(tmp_path, bits)
    restored, _ = _restorer(tmp_path).restore(_request(path, strength=0.0), Silent())
    out = tmp_path / "out.png"
    save(restored, out, SaveOptions())
    again = load(out)
    assert again.bits == bits
    assert np.array_equal(again.pixels, load(path).pixels)


def test_the_same_request_gives_the_same_pixels(tmp_path: Path) -> None:
    path, restorer = _photo(tmp_path), _restorer(tmp_path)
    first, result = restorer.restore(_request(path), Silent())
    again, _ = restorer.restore(_request(path), Silent())
    assert np.array_equal(first.pixels, again.pixels)
    assert not np.allclose(first.pixels, load(path).pixels, atol=0.01)
    assert result.preset.id == "brighter"
    assert result.seconds > 0


def test_nothing_is_left_in_the_cache(tmp_path: Path) -> None:
    restorer = _restorer(tmp_path)
    restorer.restore(_request(_photo(tmp_path)), Silent())
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_cancelled_run_leaves_nothing(tmp_path: Path) -> None:
    class Stops:
        def report(self, done: float, stage: str = "") -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        _restorer(tmp_path).restore(_request(_photo(tmp_path)), Stops())
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_result_is_not_mixed_with_another_photo_of_the_same_name(tmp_path: Path) -> None:
    path, restorer = _photo(tmp_path), _restorer(tmp_path)
    result = restorer.run(_request(path), Silent())
    assert restorer.compose(result).pixels.shape == (44, 60, 3)
    path.unlink()
    save(Photo(pixels=np.full((60, 44, 3), 0.5, np.float32)), path, SaveOptions())
    with pytest.raises(BadPhoto, match="was changed"):
        restorer.compose(result)


def test_a_photo_is_intact_only_while_its_file_is_there(tmp_path: Path) -> None:
    path, restorer = _photo(tmp_path), _restorer(tmp_path)
    photo, request = load(path), _request(path, strength=0.0)
    result = restorer.run(request, Silent())
    assert restorer.compose(result, photo).intact
    assert not restorer.compose(restorer.run(_request(path), Silent()), photo).intact
    path.write_bytes(path.read_bytes() + b" ")
    replaced = restorer.compose(result, photo)
    assert not replaced.intact
    assert np.array_equal(replaced.pixels, photo.pixels)


@pytest.mark.parametrize("scale", [2, 4])
def test_enlarging_gives_the_size_asked_for(tmp_path: Path, scale: int) -> None:
    restored, _ = _restorer(tmp_path).restore(_request(_photo(tmp_path), scale=scale), Silent())
    assert restored.pixels.shape == (44 * scale, 60 * scale, 3)


@pytest.mark.parametrize("strength", [0.0, 1.0])
def test_a_cut_out_keeps_its_colour_to_the_edge_when_enlarged(
    tmp_path: Path, strength: float
) -> None:
    y, x = np.indices((64, 64))
    alpha = ((x - 32) ** 2 + (y - 32) ** 2 < 400).astype(np.float32)
    colour = np.array([0.9, 0.3, 0.1], np.float32)
    logo = Photo(pixels=alpha[..., None] * colour, alpha=alpha)
    save(logo, tmp_path / "logo.png", SaveOptions())
    request = _request(tmp_path / "logo.png", strength=strength, scale=2)
    restorer = _restorer(tmp_path, idle=True)
    whole, _ = restorer.restore(request, Silent())
    assert whole.alpha is not None
    seen = whole.alpha > 0
    assert np.abs(whole.pixels - colour)[seen].max() < 2 / 255
    part, _ = restorer.restore(replace(request, region=Box(0, 0, 20, 64)), Silent())
    inner = np.s_[:, :24]  # the enlargement of a part ends at its border
    assert np.abs(part.pixels[inner] - whole.pixels[inner]).max() < 1e-6


def test_a_region_is_restored_as_part_of_the_photo(tmp_path: Path) -> None:
    request = replace(_request(_photo(tmp_path)), region=Box(10, 4, 40, 30))
    restored, _ = _restorer(tmp_path).restore(request, Silent())
    assert restored.pixels.shape == (26, 30, 3)


def test_the_autopilot_judges_a_region_by_the_whole_photo_and_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[tuple[int, ...]] = []

    def judges(srgb: FloatArray, *rest: object) -> tuple[Analysis, Proposal]:
        judged.append(srgb.shape)
        return advise(srgb, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("engine.diffusion.restore.advise", judges)
    path, restorer = _photo(tmp_path), _restorer(tmp_path)
    restorer.presets = {}
    request = RestoreRequest(source=path, preset=AUTO)
    part = restorer.run(replace(request, region=Box(10, 4, 40, 30)), Silent())
    whole = restorer.run(request, Silent())
    assert judged == [(44, 60, 3)]
    assert (part.saw, part.reasons, part.preset) == (whole.saw, whole.reasons, whole.preset)
    path.unlink()
    save(Photo(pixels=np.full((44, 60, 3), 0.25, np.float32)), path, SaveOptions())
    restorer.run(request, Silent())
    assert len(judged) == 2, "it is another photo now"


def test_a_mask_of_the_whole_photo_goes_with_a_region(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marked, views = np.zeros((44, 60, 3), np.float32), []
    marked[12:20, 25:31] = 1
    mask, region = tmp_path / "mask.png", Box(10, 4, 40, 30)
    save(Photo(pixels=marked), mask, SaveOptions())

    def seen(predictor: Predictor, view: View, *rest: object) -> None:
        views.append(view)
        raise Cancelled

    monkeypatch.setattr("engine.diffusion.restore.draft", seen)
    request = replace(_request(_photo(tmp_path)), region=region, mask=mask)
    with pytest.raises(Cancelled):
        _restorer(tmp_path).run(request, Silent())
    (view,) = views
    assert view.size == (30, 26)
    assert np.array_equal(view.holes(Box(0, 0, 30, 26)), marked[region.slices][..., 0])


def test_what_is_transparent_in_a_mask_is_not_marked(tmp_path: Path) -> None:
    photo, stroke = load(_photo(tmp_path)), np.zeros((44, 60), np.float32)
    stroke[12:20, 25:31] = 1
    white = Photo(pixels=np.ones((44, 60, 3), np.float32), alpha=stroke)
    save(white, tmp_path / "mask.png", SaveOptions())
    assert np.array_equal(load_mask(tmp_path / "mask.png", photo), stroke)


def test_a_mask_of_another_size_is_refused(tmp_path: Path) -> None:
    mask = tmp_path / "mask.png"
    save(Photo(pixels=np.ones((5, 5, 3), np.float32)), mask, SaveOptions())
    request = replace(_request(_photo(tmp_path)), mask=mask)
    with pytest.raises(BadPhoto, match="mask"):
        _restorer(tmp_path).restore(request, Silent())


def plain_photo(folder: Path) -> Path:
    """One in which there is nothing to restore."""
    y, x = np.mgrid[0:200, 0:260].astype(np.float32)
    scene: FloatArray = np.stack((x / 300 + 0.1, y / 260 + 0.1, 0.5 + 0 * x), 2)
    path = folder / "plain.png"
    save(Photo(pixels=scene.astype(np.float32)), path, SaveOptions())
    return path


def test_the_autopilot_does_not_overrule_an_adapter_that_was_asked_for(tmp_path: Path) -> None:
    path, adapter = plain_photo(tmp_path), tmp_path / "brighter.safetensors"
    request = RestoreRequest(source=path, preset=AUTO, adapter=adapter)
    restored, result = _restorer(tmp_path).restore(request, Silent())
    assert result.preset.task == "nothing"
    assert np.abs(restored.pixels - load(path).pixels).max() > 0.01


def test_the_autopilot_leaves_a_plain_photo_alone(tmp_path: Path) -> None:
    path = plain_photo(tmp_path)
    request = RestoreRequest(source=path, preset=AUTO)
    restored, result = _restorer(tmp_path, idle=True).restore(request, Silent())
    assert result.saw
    assert result.saw["method_noise.change"] == 0, "it was looked at again"
    assert np.array_equal(restored.pixels, load(path).pixels)


def test_a_recipe_is_plain_json(tmp_path: Path) -> None:
    recipe = recipe_from(_request(tmp_path / "a.jpg"))
    assert json.loads(json.dumps(recipe)) == recipe
