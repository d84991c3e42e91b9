"""The stages of a draft, with stand-ins that say what they were given."""

import errno
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.diffusion.deblurring.sharpening import CommonBlur
from engine.diffusion.drafting import NOTHING, draft
from engine.diffusion.findings import Findings
from engine.diffusion.network import Network, NetworkSizes, TaskAdapter
from engine.diffusion.networks import Networks
from engine.diffusion.predictor import Predictor
from engine.diffusion.specialists.finding import Sight
from engine.diffusion.tiled import Read
from engine.diffusion.weight_files import AdapterHeader, save_adapter
from engine.errors import MissingWeights, NoSpace
from engine.light import linear_to_srgb
from engine.photo import Box, FloatArray, Photo, floats
from engine.preset import Preset
from engine.progress import Cancelled, Progress, Silent
from engine.reasons import NO_COMMON_BLUR
from engine.request import RestoreRequest
from engine.resize import enlarged
from engine.views import View
from tests.engine.test_mosaic import mosaic

SIZES = NetworkSizes(widths=(8, 12), blocks=1)


@dataclass
class Doubles:
    """Specialists for the task "scene", each of which adds light of its own and is written down."""

    tasks: frozenset[str] = frozenset({"scene"})
    kinds: frozenset[str] = frozenset({"light", "repair", "enlarger"})
    done: list[str] = field(default_factory=list)
    mask: FloatArray | None = None
    veil: float | None = None
    """Share of haze at the lower end of what is lit, if there is any; at the upper end is none."""
    corner: tuple[int, int] = (0, 0)

    @property
    def repairer(self) -> "Doubles":
        return self

    @property
    def enlargers(self) -> "Doubles":
        return self

    def of(self, size: tuple[int, int], read: Read, scale: int) -> "Doubles":
        assert read(Box(0, 0, *size)).shape == (size[1], size[0], 3)
        return self

    def light(self, task: str) -> "Doubles":
        if task not in self.tasks:
            raise MissingWeights(task)
        return self

    def look(self, pixels: FloatArray) -> FloatArray:
        self.done.append("find")
        return np.zeros((*pixels.shape[:2], 1), np.float32)

    def judge(self, sight: Sight, sensitivity: float) -> Callable[[Box], FloatArray]:
        return lambda box: sight.logits(box)

    def fill(
        self,
        pixels: FloatArray,
        mask: FloatArray | None,
        damage: FloatArray | None,
        times: int,
    ) -> FloatArray:
        self.done.append("fill" if damage is None else "fill what was found")
        self.mask = mask
        return floats(pixels * 0.5)

    def estimate(self, small: FloatArray, size: tuple[int, int]) -> "Doubles":
        self.done.append(f"light {small.shape[1]} of {size[0]}")
        return self

    def counted_from(self, corner: tuple[int, int]) -> "Doubles":
        self.corner = corner
        return self

    def __call__(self, pixels: FloatArray, box: Box) -> FloatArray:
        assert pixels.shape[:2] == (box.height, box.width)
        return floats(pixels + 0.1)

    def haze(self, pixels: FloatArray, box: Box) -> FloatArray:
        assert self.veil is not None
        whole = np.broadcast_to(np.linspace(0, self.veil, 40, dtype=np.float32)[:, None], (40, 52))
        assert pixels.shape[:2] == (box.height, box.width)
        return np.ascontiguousarray(whole[box.moved(*self.corner).slices])

    def enlarge(self, pixels: FloatArray, scale: int) -> FloatArray:
        self.done.append(f"x{scale}")
        return enlarged(pixels, scale)


class Told(Predictor):
    """A predictor that writes down each tile's task, and adds 0.2."""

    def work(self, task, adapter=None):  # type: ignore[no-untyped-def]
        def add(pixels: FloatArray) -> FloatArray:
            self.specialists.done.append(f"network {task}")  # type: ignore[attr-defined]
            return floats(pixels + 0.2)

        return add


@pytest.fixture
def lite(tmp_path: Path) -> Told:
    folder = tmp_path / "model"
    folder.mkdir()
    torch.manual_seed(0)
    network = Network(SIZES).eval().requires_grad_(False)
    for task in ("denoise", "artifacts"):
        header = AdapterHeader(task=task, title=task, rank=2, network="n", recipe="", licence="x")
        adapter = TaskAdapter(SIZES, 2).requires_grad_(False)
        save_adapter(adapter, folder / f"{task}.safetensors", header)
    told = Told(Networks(folder, {"n": network}), torch.device("cpu"))
    told.specialists = Doubles()  # type: ignore[assignment]
    return told


def _view(scale: int = 1, mask: FloatArray | None = None) -> View:
    ramp = np.linspace(0.2, 0.6, 40, dtype=np.float32)
    pixels = np.ascontiguousarray(np.broadcast_to(ramp[:, None, None], (40, 52, 3)))
    return View(Photo(pixels=pixels), scale, mask)


def _preset(**changes: object) -> Preset:
    return Preset(id="p", title="P", summary="s", **changes)  # type: ignore[arg-type]


def _drafted(
    lite: Told, view: View, preset: Preset, folder: Path, progress: Progress | None = None
) -> FloatArray:
    target = folder / "draft.npy"
    request = RestoreRequest(source=target, preset=preset)
    draft(lite, view, preset, request, target, progress or Silent())
    assert sorted(path.name for path in folder.glob("*.npy")) == ["draft.npy"]
    return floats(np.load(target)) / np.float32(65535)


def _done(lite: Told) -> list[str]:
    done = lite.specialists.done  # type: ignore[attr-defined]
    assert isinstance(done, list)
    return done


def test_all_stages_follow_each_other(lite: Told, tmp_path: Path) -> None:
    preset = _preset(task="scene", repairs=True, working_side=26, finish="denoise", scale=2)
    view = _view(scale=2)
    result = _drafted(lite, view, preset, tmp_path)
    assert [d for d in _done(lite) if "light" not in d] == [
        "find",
        "find",  # at half the size
        "fill what was found",
        "network denoise",
        "x2",
    ]
    assert _done(lite)[0] == "light 26 of 52"  # looked at before anything is done
    expected = enlarged(view.photo.pixels * np.float32(0.5) + np.float32(0.3), 2)
    assert result.shape == (80, 104, 3)
    assert np.abs(result - expected).max() < 1e-4


def _raw_view(scale: int = 1) -> View:
    light = floats(np.full((40, 52, 3), 0.3))
    return View(Photo(pixels=linear_to_srgb(light), mosaic=mosaic(light)), scale)


def _knowing_mosaics(lite: Told) -> None:
    shutil.copy(lite.folder / "denoise.safetensors", lite.folder / "raw.safetensors")


def test_a_raw_photo_is_cleaned_from_its_mosaic(lite: Told, tmp_path: Path) -> None:
    _knowing_mosaics(lite)
    result = _drafted(lite, _raw_view(), _preset(task="denoise"), tmp_path)
    assert _done(lite) == ["network raw"]
    assert np.abs(result - (linear_to_srgb(floats(0.3)) + 0.2)).max() < 0.002


def test_a_raw_photo_is_cleaned_before_its_light_is_set(lite: Told, tmp_path: Path) -> None:
    _knowing_mosaics(lite)
    preset = _preset(task="scene", working_side=26, finish="denoise", scale=2)
    result = _drafted(lite, _raw_view(2), preset, tmp_path)
    assert _done(lite) == ["light 26 of 52", "network raw", "x2", "light 26 of 104"]
    assert np.abs(result - (linear_to_srgb(floats(0.3)) + 0.3)).max() < 0.002


def test_a_part_of_a_raw_photo_becomes_what_it_does_in_the_whole(
    lite: Told, tmp_path: Path
) -> None:
    _knowing_mosaics(lite)
    light = floats(0.1 + 0.3 * np.random.default_rng(0).random((420, 400, 3)))
    view = View(Photo(pixels=linear_to_srgb(light), mosaic=mosaic(light, (1, 1))))
    whole = _drafted(lite, view, _preset(task="denoise"), tmp_path)
    part = Box(181, 203, 214, 232)
    found = _drafted(lite, replace(view, part=part), _preset(task="denoise"), tmp_path)
    assert _done(lite) == ["network raw"] * 2
    np.testing.assert_allclose(found, whole[part.slices], atol=1e-4)


@pytest.mark.parametrize(
    ("changes", "done"),
    [
        ({"task": "artifacts"}, ["network artifacts"]),
        ({"task": "denoise", "deconvolves": True}, ["network denoise"]),
        (
            {"task": "denoise", "repairs": True},
            ["find", "find", "fill what was found", "network denoise"],
        ),
    ],
)
def test_what_else_is_done_to_a_raw_photo_is_done_to_its_development(
    lite: Told, tmp_path: Path, changes: dict[str, object], done: list[str]
) -> None:
    _knowing_mosaics(lite)
    _drafted(lite, _raw_view(), _preset(**changes), tmp_path)
    assert _done(lite) == done


def test_a_model_that_knows_no_mosaics_cleans_the_development(lite: Told, tmp_path: Path) -> None:
    _drafted(lite, _raw_view(), _preset(task="denoise"), tmp_path)
    assert _done(lite) == ["network denoise"]


def test_an_adapter_of_ones_own_is_given_the_development(lite: Told, tmp_path: Path) -> None:
    _knowing_mosaics(lite)
    own = lite.folder / "denoise.safetensors"
    request = RestoreRequest(source=tmp_path, preset=_preset(task="denoise"), adapter=own)
    draft(lite, _raw_view(), request.preset, request, tmp_path / "draft.npy", Silent())
    assert _done(lite) == ["network denoise"]


def test_the_light_alone_is_no_work_for_the_network(lite: Told, tmp_path: Path) -> None:
    result = _drafted(lite, _view(), _preset(task="scene", working_side=26), tmp_path)
    assert not [name for name in _done(lite) if name.startswith("network")]
    assert np.abs(result - (_view().photo.pixels + 0.1)).max() < 1e-4


def test_what_a_prior_is_shown_has_the_light_of_the_draft(lite: Told, tmp_path: Path) -> None:
    preset, view = _preset(task="scene", working_side=26, scale=2), _view(scale=2)
    request = RestoreRequest(source=tmp_path, preset=preset)
    degraded = draft(lite, view, preset, request, tmp_path / "draft.npy", Silent()).degraded
    box = Box(10, 12, 60, 70)
    assert np.abs(degraded(box) - (view.pixels(box) + 0.1)).max() < 1e-6


def test_a_mask_is_filled_by_any_preset(lite: Told, tmp_path: Path) -> None:
    mask = np.zeros((40, 52), np.float32)
    mask[10:20, 10:20] = 1
    _drafted(lite, _view(mask=mask), _preset(task="artifacts"), tmp_path)
    assert _done(lite) == ["fill", "network artifacts"]
    told = lite.specialists.mask  # type: ignore[attr-defined]
    assert np.array_equal(told, mask)


def test_a_blur_is_read_where_the_preset_says_so(lite: Told, tmp_path: Path) -> None:
    result = _drafted(lite, _view(), _preset(task="artifacts", deconvolves=True), tmp_path)
    assert _done(lite) == ["network artifacts"]
    assert np.abs(result - (_view().photo.pixels + 0.2)).max() < 1e-4, "too small to be read"


def test_texture_is_spared_where_the_preset_says_so(
    lite: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(noisy: FloatArray, denoised: FloatArray) -> FloatArray:
        return floats((noisy + denoised) / 2)

    monkeypatch.setattr("engine.diffusion.drafting.spared", half)
    result = _drafted(lite, _view(), _preset(task="artifacts", spares_texture=True), tmp_path)
    assert _done(lite) == ["network artifacts"]
    assert np.abs(result - (_view().photo.pixels + 0.1)).max() < 1e-4


def test_what_comes_out_of_haze_is_cleaned_as_it_was_dense(lite: Told, tmp_path: Path) -> None:
    lite.specialists.veil = 0.9  # type: ignore[attr-defined]
    preset = _preset(task="scene", working_side=26, finish="denoise")
    result = _drafted(lite, _view(), preset, tmp_path)
    assert _done(lite) == ["light 26 of 52", "network denoise", "light 26 of 52"]
    cleaned = (result - (_view().photo.pixels + 0.1)) / np.float32(0.2)
    assert np.abs(cleaned[0]).max() < 1e-3, "nothing was there"
    assert np.abs(cleaned[13] - 0.25).max() < 1e-3
    assert np.abs(cleaned[-13:] - 1).max() < 1e-3


@pytest.mark.parametrize(
    ("changes", "network"),
    [
        ({"finish": "artifacts"}, ["network artifacts"]),
        ({"finish": "denoise", "deconvolves": True}, ["network denoise"]),  # too small to be read
        ({"finish": "ennoble"}, []),  # which this model cannot do
        ({}, []),
    ],
)
def test_what_else_is_asked_for_behind_haze_is_done_to_the_whole(
    lite: Told, tmp_path: Path, changes: dict[str, object], network: list[str]
) -> None:
    lite.specialists.veil = 0.1  # type: ignore[attr-defined]
    preset = _preset(task="scene", working_side=26, **changes)
    result = _drafted(lite, _view(), preset, tmp_path)
    assert [name for name in _done(lite) if name.startswith("network")] == network
    assert np.abs(result - (_view().photo.pixels + 0.1 + 0.2 * len(network))).max() < 1e-4


def test_where_there_is_no_haze_the_network_does_not_run(lite: Told, tmp_path: Path) -> None:
    lite.specialists.veil = 0.1  # type: ignore[attr-defined]
    preset = _preset(task="scene", working_side=26, finish="denoise")
    result = _drafted(lite, _view(), preset, tmp_path)
    assert not [name for name in _done(lite) if name.startswith("network")]
    assert np.abs(result - (_view().photo.pixels + 0.1)).max() < 1e-4


@pytest.mark.parametrize("scale", [1, 2])
def test_a_part_is_lit_and_cleaned_as_it_is_in_the_whole(
    lite: Told, tmp_path: Path, scale: int
) -> None:
    lite.specialists.veil = 0.9  # type: ignore[attr-defined]
    preset = _preset(task="scene", working_side=26, finish="denoise", scale=scale)
    whole = _drafted(lite, _view(scale), preset, tmp_path)
    part = Box(17, 9, 40, 33)
    lite.specialists.done.clear()  # type: ignore[attr-defined]
    view = replace(_view(scale), part=part)
    assert np.array_equal(_drafted(lite, view, preset, tmp_path), whole[part.times(scale).slices])
    assert _done(lite)[0] == "light 26 of 52"


def test_what_a_prior_is_shown_of_a_part_lies_where_it_does_in_the_whole(
    lite: Told, tmp_path: Path
) -> None:
    preset, view = _preset(task="denoise", scale=2), _view(2)
    box, part = Box(4, 6, 30, 40), Box(17, 9, 40, 33)
    target = tmp_path / "draft.npy"
    request = RestoreRequest(source=target, preset=preset)
    seen = draft(lite, replace(view, part=part), preset, request, target, Silent()).degraded(box)
    assert np.array_equal(seen, view.pixels(box.moved(2 * part.left, 2 * part.top)))


def test_the_blur_of_an_untouched_photo_is_read_once_and_from_the_whole(
    lite: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[int, int]] = []

    def reads(size: tuple[int, int], *rest: object) -> CommonBlur:
        read.append(size)
        return CommonBlur(None, NO_COMMON_BLUR)

    monkeypatch.setattr("engine.diffusion.stages.common_blur", reads)
    findings, part = Findings(), replace(_view(), part=Box(17, 9, 40, 33))
    target = tmp_path / "draft.npy"

    def run(view: View, **changes: object) -> None:
        preset = _preset(task="artifacts", deconvolves=True, **changes)
        request = RestoreRequest(source=target, preset=preset)
        draft(lite, view, preset, request, target, Silent(), findings)

    run(part)
    run(_view())
    assert read == [(52, 40)]
    run(_view(mask=np.zeros((40, 52), np.float32)))
    assert len(read) == 2, "what was filled is another picture"


def test_what_a_stage_found_is_told(lite: Told, tmp_path: Path) -> None:
    for reads, told in ((True, (NO_COMMON_BLUR,)), (False, ())):
        preset = _preset(task="artifacts", deconvolves=reads)
        target = tmp_path / f"{reads}.npy"
        request = RestoreRequest(source=target, preset=preset)
        assert draft(lite, _view(), preset, request, target, Silent()).told == told


def test_a_model_that_cannot_clean_sharpens_by_its_network(lite: Told, tmp_path: Path) -> None:
    (lite.folder / "denoise.safetensors").unlink()
    _drafted(lite, _view(), _preset(task="artifacts", deconvolves=True), tmp_path)
    assert _done(lite) == ["network artifacts"]


def test_no_blur_is_read_where_the_network_has_nothing_to_do(lite: Told, tmp_path: Path) -> None:
    preset = _preset(task="scene", working_side=26, deconvolves=True)
    _drafted(lite, _view(), preset, tmp_path)
    assert not [name for name in _done(lite) if name.startswith("network")]


def test_a_photo_that_is_fine_comes_back(lite: Told, tmp_path: Path) -> None:
    lite.specialists.tasks = frozenset({NOTHING})  # type: ignore[misc, assignment]
    view = _view()
    result = _drafted(lite, view, _preset(task=NOTHING), tmp_path)
    assert np.abs(result - view.photo.pixels).max() < 1e-4
    assert _done(lite) == []


def test_a_task_nobody_knows_goes_to_the_network_to_be_refused(tmp_path: Path) -> None:
    network = Network(SIZES).eval().requires_grad_(False)
    lite = Predictor(Networks(tmp_path, {"n": network}), torch.device("cpu"))
    preset = _preset(task="ennoble")
    request = RestoreRequest(source=tmp_path, preset=preset)
    with pytest.raises(MissingWeights, match="ennoble"):
        draft(lite, _view(), preset, request, tmp_path / "draft.npy", Silent())


def test_a_model_without_an_enlarger_enlarges_plainly(lite: Told, tmp_path: Path) -> None:
    lite.specialists.kinds = frozenset()  # type: ignore[misc, assignment]
    result = _drafted(lite, _view(scale=4), _preset(task="denoise", scale=4), tmp_path)
    assert result.shape == (160, 208, 3)
    assert _done(lite) == ["network denoise"]


def test_a_stopped_draft_leaves_nothing_between(lite: Told, tmp_path: Path) -> None:
    class Stops:
        def report(self, done: float, stage: str = "") -> None:
            if done > 0.3:
                raise Cancelled

    preset = _preset(task="scene", repairs=True, working_side=26, finish="denoise", scale=2)
    with pytest.raises(Cancelled):
        _drafted(lite, _view(scale=2), preset, tmp_path, Stops())
    assert len(list(tmp_path.glob("draft-*.npy"))) == 0


def test_a_disk_that_is_full_ends_a_draft_and_leaves_nothing(
    lite: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def fills(descriptor: int, offset: int, size: int) -> None:
        asked.append(size)
        if len(asked) > 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.truncate(descriptor, size)

    monkeypatch.setattr(os, "posix_fallocate", fills, raising=False)
    preset = _preset(task="scene", repairs=True, working_side=26, finish="denoise", scale=2)
    with pytest.raises(NoSpace):
        _drafted(lite, _view(scale=2), preset, tmp_path)
    assert asked == [2 * 3 * 40 * 52 + 128] * 3
    assert list(tmp_path.glob("*.npy")) == []


def test_progress_runs_forward(lite: Told, tmp_path: Path) -> None:
    class Heard:
        def __init__(self) -> None:
            self.shares: list[float] = []

        def report(self, done: float, stage: str = "") -> None:
            self.shares.append(done)

    heard = Heard()
    preset = _preset(task="scene", repairs=True, working_side=26, scale=2)
    _drafted(lite, _view(scale=2), preset, tmp_path, heard)
    assert heard.shares == sorted(heard.shares)
    assert heard.shares[-1] == 1
