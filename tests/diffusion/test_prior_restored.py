"""The whole way of a picture with a prior: Restorer and command line, with tiny models on disk."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engine import load, save
from engine.diffusion.backbone import Backbone
from engine.diffusion.prior_loading import Prior, PriorPlan
from engine.diffusion.restore import Restorer
from engine.errors import MissingWeights, WrongAdapter
from engine.files import recipe_in
from engine.fitting import SaveOptions
from engine.photo import Box, Photo
from engine.placement import Placement
from engine.preset import Preset
from engine.progress import Cancelled, Silent
from engine.request import RestoreRequest, RestoreResult, recipe_from, request_from
from tests.diffusion.painted import Aiming, prior_of
from tests.diffusion.test_restore import AUTO, _restorer, plain_photo
from tests.diffusion.tiny_models import TinyModels, tiny_models, write_adapter, write_lora

__all__ = ["tiny_models"]

DENOISE = Preset(id="denoise", title="Denoise", summary="s", task="denoise")
TEXTURE = 0.05


def photo_in(folder: Path, size: tuple[int, int] = (150, 90)) -> Path:
    """A gradient with noise."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    plain = np.stack((0.2 + x / 400, 0.3 + y / 300, 0.6 - x / 500), 2)
    noise = np.random.default_rng(0).normal(0, 0.04, plain.shape)
    path = folder / "photo.png"
    pixels = np.clip(plain + noise, 0, 1).astype(np.float32)
    save(Photo(pixels=pixels, bits=16), path, SaveOptions(overwrite=True))
    return path


def restorer_with(models: TinyModels, folder: Path, *, idle: bool = False) -> Restorer:
    restorer = _restorer(folder, idle=idle)
    restorer.shelf = models.shelf
    return restorer


def request_for(path: Path, model: str, **changes: object) -> RestoreRequest:
    return RestoreRequest(source=path, preset=DENOISE, model=model, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("family", ["flux1", "flux2"])
def test_a_prior_adds_texture_to_the_draft_and_nothing_else(
    family: str, tiny_models: TinyModels, tmp_path: Path
) -> None:
    spec = tiny_models.add(family)  # type: ignore[arg-type]
    restorer, path = restorer_with(tiny_models, tmp_path), photo_in(tmp_path)
    draft, _ = restorer.restore(request_for(path, "lite"), Silent())
    out, result = restorer.restore(request_for(path, spec.id), Silent())
    again, _ = restorer.restore(request_for(path, spec.id), Silent())
    other, _ = restorer.restore(request_for(path, spec.id, seed=1), Silent())
    added = out.pixels - draft.pixels
    assert 0.005 < np.abs(added).mean() < 0.3
    coloured = np.ptp(added, axis=2) > 1e-3
    assert coloured.mean() < 0.05  # light alone, but where it met black or white
    assert np.array_equal(out.pixels, again.pixels)
    assert not np.array_equal(out.pixels, other.pixels)
    assert (result.device, result.warnings, result.request.model) == ("cpu", (), spec.id)
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_photo_that_needs_nothing_comes_back_whatever_adapter_the_prior_has(
    tiny_models: TinyModels, tmp_path: Path
) -> None:
    spec, path = tiny_models.add("flux1"), plain_photo(tmp_path)
    adapter = write_adapter(tmp_path / "mine.safetensors", spec.id)
    request = RestoreRequest(source=path, preset=AUTO, model=spec.id, adapter=adapter)
    out, _ = restorer_with(tiny_models, tmp_path, idle=True).restore(request, Silent())
    assert np.array_equal(out.pixels, load(path).pixels)


def test_strength_and_detail_act_after_the_run(tiny_models: TinyModels, tmp_path: Path) -> None:
    spec = tiny_models.add("flux1")
    restorer, path = restorer_with(tiny_models, tmp_path), photo_in(tmp_path)
    photo = load(path)
    result = restorer.run(request_for(path, spec.id), Silent(), photo)
    none, plain, mild = (
        restorer.compose(replace(result, preset=replace(DENOISE, **mix)), photo).pixels  # type: ignore[arg-type]
        for mix in ({"strength": 0.0}, {}, {"detail": 0.0})
    )
    assert np.array_equal(none, photo.pixels)
    fine = [np.abs(np.diff(one, axis=1)).mean() for one in (plain, mild)]
    assert not np.array_equal(plain, mild)
    assert fine[0] != pytest.approx(fine[1], rel=0.02)


def test_a_region_and_a_larger_size_are_painted(tiny_models: TinyModels, tmp_path: Path) -> None:
    spec = tiny_models.add("flux1")
    request = request_for(photo_in(tmp_path), spec.id, region=Box(10, 4, 40, 30))
    request = replace(request, preset=replace(DENOISE, scale=2))
    out, _ = restorer_with(tiny_models, tmp_path).restore(request, Silent())
    assert out.pixels.shape == (52, 60, 3)


def test_the_recipe_in_a_saved_picture_gives_the_same_pixels(
    tiny_models: TinyModels, tmp_path: Path
) -> None:
    spec = tiny_models.add("flux1")
    lora = write_lora(tmp_path / "lora.safetensors")
    path, target = photo_in(tmp_path), tmp_path / "out.png"
    asked = request_for(path, spec.id, seed=4, steps=3, adapter=lora)
    first, result = restorer_with(tiny_models, tmp_path).restore(asked, Silent())
    recipe = json.dumps(recipe_from(replace(asked, preset=result.preset)))
    save(first, target, SaveOptions(recipe=recipe))
    carried = recipe_in(target)
    assert carried is not None
    replayed = request_from(json.loads(carried), path, target.name)
    assert replayed == asked
    second, _ = restorer_with(tiny_models, tmp_path).restore(replayed, Silent())
    assert np.array_equal(first.pixels, second.pixels)


def test_the_number_of_steps_matters(tiny_models: TinyModels, tmp_path: Path) -> None:
    spec = tiny_models.add("flux1")
    restorer, path = restorer_with(tiny_models, tmp_path), photo_in(tmp_path)
    few, more = (
        restorer.restore(request_for(path, spec.id, steps=steps), Silent())[0] for steps in (1, 5)
    )
    assert not np.array_equal(few.pixels, more.pixels)


def test_a_fine_photo_is_left_alone(tiny_models: TinyModels, tmp_path: Path) -> None:
    spec = tiny_models.add("flux1")
    y, x = np.mgrid[0:200, 0:260].astype(np.float32)
    scene = np.stack((x / 300 + 0.1, y / 260 + 0.1, 0.5 + 0 * x), 2).astype(np.float32)
    path = tmp_path / "plain.png"
    save(Photo(pixels=scene), path, SaveOptions())
    auto = Preset(id="auto", title="Auto", summary="s", task="auto")
    restorer = restorer_with(tiny_models, tmp_path, idle=True)
    restorer.priors = pytest.fail  # type: ignore[assignment]
    request = replace(request_for(path, spec.id), preset=auto)
    out, _ = restorer.restore(request, Silent())
    assert np.array_equal(out.pixels, load(path).pixels)


def test_what_is_missing_is_said_before_anything_is_computed(
    tiny_models: TinyModels, tmp_path: Path
) -> None:
    absent = tiny_models.add("flux1", on_disk=False)
    restorer = restorer_with(tiny_models, tmp_path)
    restorer.predictors.clear()
    with pytest.raises(MissingWeights, match="not on this machine"):
        restorer.restore(request_for(photo_in(tmp_path), absent.id), Silent())
    with pytest.raises(MissingWeights, match="no model called"):
        restorer.restore(request_for(photo_in(tmp_path), "unheard-of"), Silent())
    words = tiny_models.add("flux2", phrases=("deblur",))
    with pytest.raises(MissingWeights, match="no prompt"):
        restorer.restore(request_for(photo_in(tmp_path), words.id), Silent())
    assert restorer.predictors == {}


def test_an_adapter_of_the_embedded_model_is_refused(
    tiny_models: TinyModels, tmp_path: Path
) -> None:
    spec = tiny_models.add("flux1")
    restorer = restorer_with(tiny_models, tmp_path)
    request = request_for(photo_in(tmp_path), spec.id, adapter=tmp_path / "denoise.safetensors")
    with pytest.raises(WrongAdapter, match="no adapter for"):
        restorer.restore(request, Silent())


@dataclass
class Double:
    """In place of `Priors`: a prior over a backbone that fails as `fault` says, by placement and
    number of the call."""

    fault: Callable[[Placement, int], Backbone | BaseException | None]
    placement: Placement | None = None
    asked: list[Placement] = field(default_factory=list)

    def __call__(self, plan: PriorPlan) -> Prior:
        prior = prior_of(self.give)
        if self.placement is not None:
            prior.placement = self.placement
        return prior

    def give(self, placement: Placement) -> Backbone:
        self.asked.append(placement)
        wrong = self.fault(placement, len(self.asked))
        if isinstance(wrong, BaseException):
            raise wrong
        return wrong or Aiming(lambda degraded, noise: degraded + TEXTURE * noise)


def doubled(double: Double, models: TinyModels, folder: Path) -> tuple[Photo, RestoreResult]:
    spec = models.add("flux1")
    restorer = restorer_with(models, folder)
    restorer.priors = double
    return restorer.restore(request_for(photo_in(folder), spec.id), Silent())


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="engine.diffusion.out_of_memory")


def test_a_picture_comes_out_though_memory_runs_out_everywhere_but_here(
    tiny_models: TinyModels, tmp_path: Path
) -> None:
    full = torch.OutOfMemoryError("CUDA out of memory")
    double = Double(lambda placed, count: None if placed.device == "cpu" else full)
    double.placement = replace(prior_of(Aiming).placement, device="cuda", side=128)
    _, result = doubled(double, tiny_models, tmp_path)
    assert result.device == "cpu"
    assert result.warnings == (
        "Memory ran out: tiles of 64 pixels.",
        "Memory ran out: weights off-loaded.",
        "Memory ran out: on the processor.",
    )


@pytest.mark.parametrize(
    ("level", "word"), [(torch.nan, "without numbers"), (0.0, "black")], ids=["nan", "black"]
)
def test_a_picture_comes_out_though_a_tile_is_wrong(
    level: float, word: str, tiny_models: TinyModels, tmp_path: Path
) -> None:
    bad = Aiming(lambda degraded, noise: degraded * level)
    double = Double(lambda placed, count: bad if count == 2 else None)
    _, result = doubled(double, tiny_models, tmp_path)
    assert result.warnings == (f"A tile came out {word} and was made once more.",)
    assert [one.dtype for one in double.asked[1:3]] == ["bfloat16", "float32"]


def test_a_run_is_stopped_in_the_middle_of_a_tile_and_leaves_nothing(
    tiny_models: TinyModels, tmp_path: Path
) -> None:
    spec = tiny_models.add("flux1")
    restorer = restorer_with(tiny_models, tmp_path)
    stages: list[str] = []

    class Stops:
        def report(self, done: float, stage: str = "") -> None:
            stages.append(stage)
            if stages.count("painting") == 2:
                raise Cancelled

    with pytest.raises(Cancelled):
        restorer.restore(request_for(photo_in(tmp_path), spec.id, steps=4), Stops())
    assert list((tmp_path / "cache").iterdir()) == []


def test_an_onlooker_is_shown_the_draft_before_the_first_tile(
    tiny_models: TinyModels, tmp_path: Path
) -> None:
    spec = tiny_models.add("flux1")
    restorer, path = restorer_with(tiny_models, tmp_path), photo_in(tmp_path, (90, 150))
    draft = restorer.run(request_for(path, "lite"), Silent())
    stages: list[str] = []
    shown: list[NDArray[np.uint16]] = []
    finished: list[int] = []

    class Looks:
        def report(self, done: float, stage: str = "") -> None:
            stages.append(stage)

        def drafted(self, result: RestoreResult) -> None:
            assert "painting" not in stages
            shown.append(np.load(result.restored))

        def painted(self, rows: int) -> None:
            finished.append(rows)

    result = restorer.run(request_for(path, spec.id), Looks())
    assert np.array_equal(shown[0], np.load(draft.restored))
    assert "painting" in stages
    assert finished == sorted(finished)
    assert (len(finished), finished[-1]) == (2, 90 + 60)
    assert not np.array_equal(np.load(result.restored), np.load(draft.restored))
