"""The invention map, found in the background."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.invention import invention
from engine.photo import FloatArray, Photo, floats
from engine.request import RestoreResult
from restorer_app.gui.darkroom import invention_layer
from restorer_app.gui.darkroom.invention_layer import InventionLayer, invention_strips
from restorer_app.photo_settings import PhotoSettings
from restorer_app.variants import Variant
from tests.app.engine_doubles import DENOISE, Loop, request_for


class View:
    """As much of a `CompareView` as the layer uses."""

    def __init__(self) -> None:
        self.maps: list[FloatArray | None] = []
        self.shown = False

    def set_invention(self, amount: FloatArray | None) -> None:
        self.maps.append(amount)

    def set_invention_shown(self, shown: bool) -> None:
        self.shown = shown

    @property
    def map(self) -> FloatArray | None:
        return self.maps[-1] if self.maps else None


@pytest.fixture
def loop() -> Loop:
    return Loop()


@pytest.fixture
def view() -> View:
    return View()


@pytest.fixture
def layer(view: View, loop: Loop) -> Iterator[InventionLayer]:
    double: Any = view
    layer = InventionLayer(double, loop.post)
    yield layer
    layer.close()


def photo(height: int = 40, width: int = 60, seed: int = 0) -> Photo:
    rng = np.random.default_rng(seed)
    return Photo(pixels=rng.random((height, width, 3), dtype=np.float32))


def variant(place: Path, scale: int = 1, size: tuple[int, int] = (40, 60)) -> Variant:
    rng = np.random.default_rng(1)
    shape = (size[0] * scale, size[1] * scale, 3)
    np.save(place, rng.integers(0, 65536, shape, np.uint16))
    request = request_for(Path("a.png"))
    result = RestoreResult(
        request=request, preset=DENOISE, restored=place, seconds=1, megapixels=1, device="cpu"
    )
    return Variant(1, PhotoSettings.of(DENOISE), result)


def test_a_map_is_made_once_it_is_wanted(
    layer: InventionLayer, view: View, loop: Loop, tmp_path: Path
) -> None:
    layer.show(photo(), variant(tmp_path / "r.npy"))
    assert view.map is None
    layer.set_wanted(True)
    assert view.shown
    loop.until(lambda: view.map is not None)
    assert view.map is not None
    assert view.map.shape == (20, 30)


def test_a_slider_moved_meanwhile_does_not_lose_the_map(
    layer: InventionLayer,
    view: View,
    loop: Loop,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source, shown = photo(), variant(tmp_path / "r.npy")

    def strips(*of: object) -> Iterator[FloatArray]:
        layer.show(source, shown)  # as every change of a setting does
        yield from invention_strips(*of)  # type: ignore[arg-type]

    monkeypatch.setattr(invention_layer, "invention_strips", strips)
    layer.set_wanted(True)
    layer.show(source, shown)
    loop.until(lambda: view.map is not None)


def test_the_map_of_a_result_that_is_not_shown_any_more_is_dropped(
    layer: InventionLayer, view: View, loop: Loop, tmp_path: Path
) -> None:
    first, second = variant(tmp_path / "1.npy"), variant(tmp_path / "2.npy", scale=2)
    layer.set_wanted(True)
    layer.show(photo(), first)
    layer.show(photo(seed=3), second)
    loop.until(lambda: view.map is not None)
    layer.show(photo(), None)
    assert view.map is None
    assert sum(each is not None for each in view.maps) == 1


def test_a_photo_shown_again_gets_its_map_again(
    layer: InventionLayer, view: View, loop: Loop, tmp_path: Path
) -> None:
    source, shown = photo(), variant(tmp_path / "r.npy")
    layer.set_wanted(True)
    layer.show(source, shown)
    loop.until(lambda: view.map is not None)
    layer.clear()
    assert view.map is None
    layer.show(source, shown)
    loop.until(lambda: view.map is not None)


def test_a_result_that_is_gone_leaves_no_map(
    layer: InventionLayer, view: View, loop: Loop, tmp_path: Path
) -> None:
    gone = variant(tmp_path / "gone.npy")
    (tmp_path / "gone.npy").unlink()
    layer.set_wanted(True)
    layer.show(photo(), gone)
    layer.show(photo(), variant(tmp_path / "there.npy"))
    loop.until(lambda: view.map is not None)


@pytest.mark.parametrize("scale", [1, 2])
def test_strips_make_the_map_of_the_whole(scale: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    source = photo(200, 40)
    restored = rng.integers(0, 65536, (200 * scale, 40 * scale, 3), np.uint16)
    whole = np.concatenate(list(invention_strips(source, restored)))
    monkeypatch.setattr(invention_layer, "_ROWS", 64)
    strips = np.concatenate(list(invention_strips(source, restored)))
    assert strips.shape == (100, 20)
    np.testing.assert_allclose(strips, whole, atol=0.02)


def test_what_did_not_change_was_not_invented() -> None:
    source = photo(64, 64)
    same = np.rint(source.pixels * 65535).astype(np.uint16)
    found = np.concatenate(list(invention_strips(source, same)))
    assert found.max() < 0.05
    other = floats(np.random.default_rng(9).random((64, 64, 3), dtype=np.float32))
    assert invention(source.pixels, other, 1).mean() > found.mean()
