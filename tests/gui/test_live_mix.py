"""What sliders and brushes do to the picture on screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColorSpace
from pytestqt.qtbot import QtBot

from engine.compose import Blend, Regions, compose
from engine.photo import SRGB, Box, Photo
from engine.request import RestoreResult
from restorer_app.gui.compare.brush import Masks
from restorer_app.gui.compare.compare_view import CompareView
from restorer_app.gui.compare.display_colour import ScreenColour
from restorer_app.gui.compare.picture import Picture
from restorer_app.gui.darkroom.live_mix import LiveMix, region_seen
from restorer_app.photo_settings import PhotoSettings
from restorer_app.variants import Variant
from tests.app.engine_doubles import DENOISE, request_for

DARK, BRIGHT = 60, 180
"""The source and its result, both flat."""


def flat(value: int, size: tuple[int, int] = (96, 64)) -> NDArray[np.uint8]:
    return np.full((size[1], size[0], 3), value, np.uint8)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[CompareView]:
    view = CompareView()
    qtbot.addWidget(view)
    view.resize(300, 200)
    view.show()
    view.set_photo(Picture("Before", flat(DARK)))
    view.set_percent(100)
    yield view
    view.end()


@pytest.fixture
def mix(view: CompareView) -> LiveMix:
    mix = LiveMix(view)
    mix.set_photo(gray=False)
    return mix


def on_screen(view: CompareView, x: float = 0.5, y: float = 0.5) -> int:
    """The green of the result, at a share of the photo's width and height."""
    view.show_original(False)
    seen = view.grab().toImage()
    left = (view.width() - 96) / 2
    top = (view.height() - 64) / 2
    return seen.pixelColor(round(left + 95 * x), round(top + 63 * y)).green()


def with_result(view: CompareView) -> None:
    view.set_variants((Picture("Denoise", flat(BRIGHT)),), 0)
    view.set_divider(0)


@pytest.mark.parametrize("strength", [0.0, 0.25, 1.0])
def test_strength_goes_from_the_source_to_the_result(
    view: CompareView, mix: LiveMix, strength: float
) -> None:
    with_result(view)
    mix.set_blend(Blend(strength=strength))
    assert abs(on_screen(view) - (DARK + strength * (BRIGHT - DARK))) <= 1


def test_the_plain_result_needs_no_layer(view: CompareView, mix: LiveMix) -> None:
    with_result(view)
    mix.set_blend(Blend(strength=0.5))
    assert on_screen(view) == (DARK + BRIGHT) // 2
    mix.set_blend(Blend())
    assert on_screen(view) == BRIGHT


def test_the_mix_is_there_again_after_a_look_at_the_original_elsewhere(
    view: CompareView, mix: LiveMix
) -> None:
    with_result(view)
    mix.set_blend(Blend(strength=0.5))
    view.show_original(True)
    mix.moved()
    view.show_original(False)
    assert on_screen(view) == (DARK + BRIGHT) // 2


def test_without_a_result_there_is_nothing_to_mix(view: CompareView, mix: LiveMix) -> None:
    mix.set_blend(Blend(strength=0.5))
    assert on_screen(view) == DARK


def test_what_is_painted_keep_stays_and_the_rest_changes(view: CompareView, mix: LiveMix) -> None:
    with_result(view)
    mask = np.zeros((16, 24), np.float32)
    mask[:, :10] = 1
    view.set_masks(Masks(keep=mask))
    mix.changed()
    live = view._live
    assert live is not None
    assert live.pixels[32, 8, 1] == DARK
    assert live.pixels[32, 90, 1] == BRIGHT
    view.set_masks(Masks())
    mix.changed()
    assert view._live is None


def test_protected_faces_stay(view: CompareView, mix: LiveMix) -> None:
    with_result(view)
    mix.set_faces((Box(10, 10, 50, 50),))
    mix.set_blend(Blend(faces=1.0))
    assert abs(on_screen(view, 30 / 95, 30 / 63) - DARK) <= 2
    assert abs(on_screen(view, 0.97, 0.9) - BRIGHT) <= 2


def test_a_face_that_is_seen_in_part_is_protected_as_in_the_saved_photo(
    view: CompareView, mix: LiveMix, qtbot: QtBot
) -> None:
    source, result = flat(DARK, (400, 300)), flat(BRIGHT, (400, 300))
    view.set_photo(Picture("Before", source))
    view.set_variants((Picture("Denoise", result),), 0)
    view.set_percent(100)
    view.centre_on(150, 100)
    qtbot.waitUntil(lambda: not view.preparing)
    faces, blend = (Box(250, 60, 390, 240),), Blend(faces=1.0)
    mix.set_faces(faces)
    mix.set_blend(blend)
    live = view._live
    assert live is not None
    assert live.box.right < 390
    photo = Photo(pixels=source / np.float32(255))
    saved = compose(photo, result / np.float32(255), blend, Regions(faces=faces)).pixels
    assert np.abs(live.pixels[..., 2::-1] - saved[live.box.slices] * 255).max() <= 1.1


def test_a_gray_photo_stays_gray(view: CompareView, mix: LiveMix) -> None:
    coloured = flat(DARK)
    coloured[..., 0] = 200
    view.set_variants((Picture("Denoise", coloured),), 0)
    mix.set_photo(gray=True)
    mix.set_blend(Blend(strength=0.5))
    live = view._live
    assert live is not None
    assert np.ptp(live.pixels[..., :3].astype(int), axis=2).max() <= 1


def test_the_mix_follows_to_another_place(view: CompareView, mix: LiveMix) -> None:
    large = np.tile(np.linspace(0, 255, 400, dtype=np.uint8)[None, :, None], (300, 1, 3))
    view.set_photo(Picture("Before", np.zeros_like(large)))
    view.set_percent(100)
    view.set_variants((Picture("Denoise", large),), 0)
    mix.set_blend(Blend(strength=0.5))
    view.centre_on(390, 150)
    mix.moved()
    live, seen = view._live, view.visible_pixels()
    assert live is not None
    assert seen is not None
    assert live.box == seen.box
    assert abs(int(live.pixels[50, -5, 1]) - int(seen.after[50, -5, 1]) / 2) <= 1


def test_what_comes_into_sight_is_mixed_while_the_view_still_moves(
    view: CompareView, mix: LiveMix, qtbot: QtBot
) -> None:
    view.set_photo(Picture("Before", flat(DARK, (1600, 1200))))
    view.set_variants((Picture("Denoise", flat(BRIGHT, (1600, 1200))),), 0)
    view.set_percent(100)
    view.centre_on(800, 600)
    mix.set_blend(Blend(strength=0.5))
    qtbot.waitUntil(lambda: not view.preparing)
    view._settle.setInterval(60_000)  # as long as it moves
    view.pan(-200, 0)
    mixed = (DARK + BRIGHT) // 2
    qtbot.waitUntil(lambda: view.grab().toImage().pixelColor(260, 100).green() == mixed)


def region_result(place: Path, region: Box, scale: int = 1) -> Variant:
    shape = (region.height * scale, region.width * scale, 3)
    np.save(place, np.full(shape, BRIGHT * 257, np.uint16))
    result = RestoreResult(
        request=replace(request_for(Path("a.png")), region=region),
        preset=DENOISE,
        restored=place,
        seconds=1,
        megapixels=1,
        device="cpu",
    )
    return Variant(0, PhotoSettings.of(DENOISE), result)


@pytest.mark.parametrize("scale", [1, 2])
def test_the_result_of_a_region_is_shown_before_there_is_any_other(
    view: CompareView, mix: LiveMix, tmp_path: Path, scale: int
) -> None:
    photo = Photo(pixels=np.full((64, 96, 3), DARK / 255, np.float32))
    region = Box(40, 20, 80, 50)
    mix.show_region(region_seen(region_result(tmp_path / "r.npy", region, scale), photo))
    view.set_divider(0)
    assert abs(on_screen(view, 60 / 95, 35 / 63) - BRIGHT) <= 1
    assert on_screen(view, 10 / 95, 35 / 63) == DARK
    mix.set_blend(Blend(strength=0.5))
    assert abs(on_screen(view, 60 / 95, 35 / 63) - (DARK + BRIGHT) / 2) <= 1
    view.hold_original(True)
    assert view.grab().toImage().pixelColor(150, 100).green() == DARK
    view.hold_original(False)
    mix.show_region(None)
    assert on_screen(view, 60 / 95, 35 / 63) == DARK


def test_the_result_of_a_region_stays_on_a_screen_with_another_profile(
    view: CompareView, mix: LiveMix, qtbot: QtBot, tmp_path: Path
) -> None:
    photo = Photo(pixels=np.full((64, 96, 3), DARK / 255, np.float32))
    mix.show_region(region_seen(region_result(tmp_path / "r.npy", Box(40, 20, 80, 50)), photo))
    view.set_divider(0)
    wide = QColorSpace(QColorSpace.NamedColorSpace.ProPhotoRgb)
    colour = ScreenColour(bytes(wide.iccProfile().data()))
    view.set_screen_colour(colour)
    qtbot.waitUntil(lambda: not view.preparing)
    wanted = colour.shown(flat(BRIGHT), SRGB)[0, 0, 1]
    assert wanted != BRIGHT
    assert abs(on_screen(view, 60 / 95, 35 / 63) - wanted) <= 1


def test_the_result_of_a_region_shows_nothing_where_the_photo_is_transparent(
    tmp_path: Path,
) -> None:
    alpha = np.ones((64, 96), np.float32)
    alpha[:, :60] = 0
    photo = Photo(pixels=np.full((64, 96, 3), DARK / 255, np.float32), alpha=alpha)
    seen = region_seen(region_result(tmp_path / "r.npy", Box(40, 20, 80, 50), 2), photo)
    assert seen is not None
    for picture, value in ((seen.before, DARK), (seen.after, BRIGHT)):
        assert np.all(picture[:, :38] == 119)
        assert np.all(picture[:, 42:] == value)


def test_there_is_no_region_to_see_without_its_file(tmp_path: Path) -> None:
    photo = Photo(pixels=np.zeros((64, 96, 3), np.float32))
    variant = region_result(tmp_path / "r.npy", Box(0, 0, 8, 8))
    (tmp_path / "r.npy").unlink()
    assert region_seen(variant, photo) is None
    assert region_seen(None, photo) is None


@pytest.mark.parametrize("percent", [100, 200, 400])
@pytest.mark.parametrize("blend", [Blend(strength=0.3), Blend(detail=0.0), Blend(grain=1.0)])
def test_the_mix_of_an_enlarged_photo_is_that_of_the_saved_one(
    view: CompareView, mix: LiveMix, qtbot: QtBot, percent: float, blend: Blend
) -> None:
    random = np.random.default_rng(1)
    source = random.integers(40, 200, (64, 96, 3), np.uint8)
    result = random.integers(40 * 257, 200 * 257, (128, 192, 3), np.uint16)
    view.set_photo(Picture("Before", source))
    view.set_variants((Picture("Enlarge", result),), 0)
    view.set_percent(percent)
    qtbot.waitUntil(lambda: not view.preparing)
    mix.set_blend(blend)
    mix.changed()
    live = view._live
    assert live is not None
    saved = compose(Photo(pixels=source / np.float32(255)), result, blend).pixels
    box = live.box
    wanted = saved[box.top * 2 : box.bottom * 2, box.left * 2 : box.right * 2] * 255
    assert live.pixels.shape[:2] == wanted.shape[:2]
    # at the edges of what is seen the bands miss what lies beyond
    inner = np.s_[24:-24, 24:-24] if blend.strength == 1 else np.s_[4:-4, 4:-4]
    assert np.abs(live.pixels[..., 2::-1] - wanted)[inner].max() < 2.6


def test_loupe_and_values_are_those_of_the_mix(
    view: CompareView, mix: LiveMix, qtbot: QtBot
) -> None:
    view.set_photo(Picture("Before", flat(DARK, (960, 640))))
    view.set_variants((Picture("Denoise", flat(BRIGHT, (960, 640))),), 0)
    view.fit()
    qtbot.waitUntil(lambda: not view.preparing)
    mask = np.zeros((160, 240), np.float32)
    mask[:, :100] = 1
    view.set_masks(Masks(restore=mask))
    mix.set_blend(Blend(strength=0.5))
    view.set_loupe(True)
    view.point_at(QPointF(200, 100))
    assert on_screen(view, 1.4, 0.5) == (DARK + BRIGHT) // 2
    with qtbot.waitSignal(view.pixel_read) as told:
        view.point_at(QPointF(60, 100))
    assert told.args[0].after == (BRIGHT,) * 3
    assert told.args[0].before == (DARK,) * 3
    with qtbot.waitSignal(view.pixel_read) as told:
        view.point_at(QPointF(250, 100))
    assert told.args[0].after == ((DARK + BRIGHT) // 2,) * 3
