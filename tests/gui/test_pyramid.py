"""Pictures prepared for the screen, without a widget."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColorSpace

from engine.colour import adobe_rgb, to_srgb
from engine.compose import Blend, compose
from engine.photo import FloatArray, Photo
from restorer_app.gui.compare.display_colour import ScreenColour
from restorer_app.gui.compare.frames import Sight, drawn
from restorer_app.gui.compare.picture import Picture
from restorer_app.gui.compare.pyramid import TILE, Pyramid, TileCache
from restorer_app.gui.compare.viewport import Size, Viewport
from restorer_app.gui.compare.workshop import Workshop

FOREVER = float("inf")


@pytest.fixture
def workshop() -> Iterator[Workshop]:
    made = Workshop()
    yield made
    made.close()
    assert not [t for t in threading.enumerate() if t.name == "pictures"]


def noise(height: int, width: int) -> NDArray[np.uint8]:
    return np.random.default_rng(3).integers(0, 256, (height, width, 3), np.uint8)


def ready(pyramid: Pyramid) -> Pyramid:
    end = time.monotonic() + 20
    while not pyramid.complete:
        assert time.monotonic() < end
        time.sleep(0.002)
    return pyramid


def pyramid_of(picture: Picture, workshop: Workshop, icc: bytes = b"") -> Pyramid:
    return Pyramid(picture, ScreenColour(icc), TileCache(), workshop)


def rgb(shown: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return shown[..., 2::-1]


def test_full_size_is_the_picture_across_tiles(workshop: Workshop) -> None:
    pixels = noise(700, 1300)
    pyramid = pyramid_of(Picture("", pixels), workshop)
    part, exact = pyramid.region(0, 100, 30, 1250, 690, FOREVER)
    assert exact
    assert np.array_equal(rgb(part), pixels[30:690, 100:1250])


@pytest.mark.parametrize("size", [(512, 768), (701, 1303)])
def test_each_level_is_the_mean_of_the_finer_one(workshop: Workshop, size: tuple[int, int]) -> None:
    pixels = noise(*size)
    pyramid = ready(pyramid_of(Picture("", pixels), workshop))
    width, height = pyramid.level_size(1)
    level, _ = pyramid.region(1, 0, 0, width, height, FOREVER)
    even = pixels[: size[0] // 2 * 2, : size[1] // 2 * 2].astype(float)
    mean = even.reshape(size[0] // 2, 2, size[1] // 2, 2, 3).mean((1, 3))
    assert np.abs(rgb(level)[: size[0] // 2, : size[1] // 2] - mean).max() <= 0.51
    assert level.shape == (-(-size[0] // 2), -(-size[1] // 2), 4)


def test_sixteen_bits_are_rounded_not_cut(workshop: Workshop) -> None:
    ramp = np.repeat(np.arange(0, 65536, 64, dtype=np.uint16)[None, :, None], 3, axis=2)
    pyramid = pyramid_of(Picture("", np.repeat(ramp, 4, axis=0)), workshop)
    shown, _ = pyramid.region(0, 0, 0, ramp.shape[1], 4, FOREVER)
    assert np.abs(shown[0, :, 0].astype(float) - ramp[0, :, 0] / 257).max() <= 0.5001


def test_a_missing_tile_is_drawn_coarse_at_once_and_exact_later(workshop: Workshop) -> None:
    pixels = cv2.GaussianBlur(noise(900, 900), (0, 0), 12)
    pyramid = ready(pyramid_of(Picture("", pixels), workshop))
    version = pyramid.version
    part, exact = pyramid.region(0, 0, 0, 900, 900, deadline=0)
    assert not exact
    assert np.abs(rgb(part).astype(int) - pixels).mean() < 3
    end = time.monotonic() + 20
    while not exact:
        assert time.monotonic() < end
        time.sleep(0.002)
        part, exact = pyramid.region(0, 0, 0, 900, 900, deadline=0)
    assert np.array_equal(rgb(part), pixels)
    assert pyramid.version > version


def test_something_can_be_drawn_from_the_first_moment(workshop: Workshop) -> None:
    workshop.close()  # so that nothing is prepared in the background
    pixels = np.full((1500, 2000, 3), 90, np.uint8)
    pyramid = pyramid_of(Picture("", pixels), workshop)
    view = Viewport.fitting(Size(2000, 1500), Size(400, 300))
    frame = drawn(Sight(pyramid, view, nearest=False), view.photo_rect, deadline=0)
    assert np.all(frame.pixels[..., :3] == 90)


def test_memory_of_tiles_is_bounded() -> None:
    cache = TileCache(limit=10 * TILE * TILE * 4)
    for number in range(40):
        cache.put((0, number, 0), np.zeros((TILE, TILE, 4), np.uint8))
    assert cache.bytes <= 10 * TILE * TILE * 4
    assert (0, 39, 0) in cache
    assert (0, 0, 0) not in cache


def test_a_wide_gamut_photo_is_seen_as_the_engine_converts_it(workshop: Workshop) -> None:
    pixels: FloatArray = (noise(300, 400) / np.float32(255)).astype(np.float32)
    picture = Picture("", pixels, adobe_rgb())
    pyramid = ready(pyramid_of(picture, workshop))
    part, exact = pyramid.region(0, 0, 0, 400, 300, FOREVER)
    while not exact:
        part, exact = pyramid.region(0, 0, 0, 400, 300, FOREVER)
    expected = to_srgb(pixels, adobe_rgb()) * 255
    assert np.abs(rgb(part) - expected).max() <= 0.51
    assert np.abs(rgb(part) - pixels * 255).max() > 5


def test_both_halves_reach_another_screen_by_the_same_path(workshop: Workshop) -> None:
    screen = bytes(QColorSpace(QColorSpace.NamedColorSpace.DisplayP3).iccProfile().data())
    pixels = noise(64, 64)
    shown = [
        pyramid_of(Picture("", p), workshop, screen).region(0, 0, 0, 64, 64, FOREVER)[0].copy()
        for p in (pixels, pixels.astype(np.uint16) * np.uint16(257))
    ]
    assert np.array_equal(shown[0], shown[1])
    assert np.abs(rgb(shown[0]).astype(int) - pixels).max() > 5
    back = ScreenColour(screen).srgb(shown[0])
    assert np.abs(back.astype(int) - pixels).mean() < 1


def test_nearest_shows_squares(workshop: Workshop) -> None:
    pixels = noise(20, 20)
    pyramid = pyramid_of(Picture("", pixels), workshop)
    view = Viewport.fitting(Size(20, 20), Size(80, 80)).zoomed(4.0, 40, 40)
    frame = drawn(Sight(pyramid, view, nearest=True), (0, 0, 80, 80), FOREVER)
    assert np.array_equal(rgb(frame.pixels), pixels.repeat(4, 0).repeat(4, 1))


def test_a_failing_job_leaves_the_next_ones_alone(
    workshop: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    done = threading.Event()

    def broken() -> Iterator[None]:
        raise OSError("the disk is gone")
        yield

    def fine() -> Iterator[None]:
        done.set()
        yield

    workshop.steadily(broken())
    workshop.steadily(fine())
    assert done.wait(20)
    assert "could not be prepared" in caplog.text


def test_the_result_of_a_gray_photo_is_seen_without_the_colour_that_is_not_saved(
    workshop: Workshop,
) -> None:
    photo = Photo(pixels=np.full((300, 400, 3), 0.5, np.float32), gray=True)
    result = np.random.default_rng(5).integers(0, 65536, (300, 400, 3), np.uint16)
    picture = Picture.of_result("", result, photo)
    part, _ = pyramid_of(picture, workshop).region(0, 0, 0, 400, 300, FOREVER)
    assert np.abs(rgb(part) - compose(photo, result, Blend()).pixels * 255).max() <= 0.51
    assert len(set(picture.value(7, 9))) == 1


@pytest.mark.parametrize("scale", [1, 2, 4])
def test_what_is_transparent_is_gray_before_and_after(workshop: Workshop, scale: int) -> None:
    alpha = np.zeros((300, 600), np.float32)
    alpha[:, 200:] = 1
    photo = Photo(pixels=np.full((300, 600, 3), 1, np.float32) * alpha[..., None], alpha=alpha)
    result = np.full((300 * scale, 600 * scale, 3), 65535, np.uint16)
    for picture in (Picture.of_photo("", photo), Picture.of_result("", result, photo)):
        width, factor = picture.size.width, picture.size.width // 600
        pyramid = ready(pyramid_of(picture, workshop))
        for level in (0, pyramid.levels):
            whole = pyramid.level_size(level)
            part, _ = pyramid.region(level, 0, 0, *whole, FOREVER)
            edge = 200 * factor * whole[0] // width
            assert np.all(rgb(part)[:, : edge - 2] == 119)
            assert np.all(rgb(part)[:, edge + 3 :] == 255)
