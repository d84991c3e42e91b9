"""The mosaic of a RAW photo: what its values show, however the photo is turned or cropped."""

from __future__ import annotations

import numpy as np
import pytest

from engine.formats.developing import upright
from engine.mosaic import REACH, Mosaic, interpolated
from engine.photo import Box, FloatArray, Photo, floats
from engine.tone import Tone

BLACK, WHITE = 500, 16000
SWAPPED = floats([[0, 1, 0], [0, 0, 1], [1, 0, 0]])


def scene(height: int = 30, width: int = 38) -> FloatArray:
    y, x = np.mgrid[:height, :width]
    return floats(np.stack((0.2 + x / 100, 0.1 + y / 80, 0.6 - x / 200), 2))


def mosaic(light: FloatArray, red: tuple[int, int] = (0, 0), tone: Tone | None = None) -> Mosaic:
    """As a sensor without any noise sees (h, w, 3), twice as sensitive to green as to others."""
    rows, columns = np.mgrid[: light.shape[0], : light.shape[1]]
    colours = (rows + red[0]) % 2 + (columns + red[1]) % 2
    seen = np.take_along_axis(light * floats([0.5, 1, 0.5]), colours[..., None], 2)[..., 0]
    values = np.rint(BLACK + seen * (WHITE - BLACK)).astype(np.uint16)
    gains = (2 / (WHITE - BLACK), 1 / (WHITE - BLACK), 2 / (WHITE - BLACK))
    return Mosaic(values, red, (BLACK,) * 3, gains, floats(np.eye(3)), tone or Tone())


def whole(seen: Mosaic) -> FloatArray:
    """The tones of the photo alone, without what stands before it."""
    return seen.tones(Box(0, 0, *seen.size))[seen.red[0] :, seen.red[1] :]


@pytest.mark.parametrize("red", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_tones_are_those_of_the_light_wherever_red_begins(red: tuple[int, int]) -> None:
    tone = Tone(3.0, 1.2)
    found, expected = whole(mosaic(scene(), red, tone)), tone.shown(scene())
    assert found.shape == expected.shape
    inner = slice(REACH, -REACH)  # at the rim what lies beyond is a mirror image
    assert np.abs(found - expected)[inner, inner].max() < 0.004
    assert np.abs(found - expected).max() < 0.06


def test_what_the_sensor_saw_stays_at_its_place() -> None:
    values = floats(np.random.default_rng(0).random((20, 24)))
    colours = interpolated(values)
    inner = values[REACH:-REACH, REACH:-REACH]
    assert np.array_equal(colours[0::2, 0::2, 0], inner[0::2, 0::2])
    assert np.array_equal(colours[1::2, 1::2, 2], inner[1::2, 1::2])
    assert np.array_equal(colours[0::2, 1::2, 1], inner[0::2, 1::2])
    assert np.array_equal(colours[1::2, 0::2, 1], inner[1::2, 0::2])


def test_light_in_all_colours_alike_is_interpolated_without_false_colours() -> None:
    values = np.tile(floats(np.linspace(0.2, 0.8, 24)), (20, 1))
    assert np.ptp(interpolated(values), axis=2).max() < 1e-6


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("size", [(30, 38), (31, 38), (30, 37), (31, 37)])
def test_a_turned_mosaic_shows_the_turned_scene(orientation: int, size: tuple[int, int]) -> None:
    seen = mosaic(scene(*size), (0, 1))
    turned = seen.turned(lambda values: upright(values, orientation))
    assert np.abs(whole(turned) - upright(whole(seen), orientation)).max() < 1e-5


def test_a_part_shows_what_the_whole_does_there() -> None:
    seen = mosaic(scene(), (1, 0))
    for box in (Box(0, 0, 20, 20), Box(5, 4, 30, 27), Box(8, 7, 31, 30)):
        part = whole(seen.cropped(box))
        differs = np.abs(part - whole(seen)[box.slices])
        assert differs[REACH:-REACH, REACH:-REACH].max() < 1e-6


def test_noise_below_black_is_not_cut_off_and_nothing_is_brighter_than_white() -> None:
    dark = mosaic(np.zeros((8, 8, 3), np.float32))
    below = Mosaic(dark.values - 300, (0, 0), dark.black, dark.gains, dark.matrix, Tone(2.0))
    assert whole(below).max() < -0.05
    full = np.full((8, 8), 65535, np.uint16)
    bright = Mosaic(full, (0, 0), dark.black, dark.gains, dark.matrix, Tone(2.0))
    assert whole(bright).max() == pytest.approx(1)


@pytest.mark.parametrize("tone", [Tone(), Tone(4.0, 1.3)])
def test_colours_of_tones_are_the_light_through_the_matrix(tone: Tone) -> None:
    light = scene()
    seen = mosaic(light, tone=tone)
    turned = Mosaic(seen.values, (0, 0), seen.black, seen.gains, SWAPPED, tone)
    found = turned.colours(tone.shown(light))
    assert np.abs(found - tone.shown(light[..., (1, 2, 0)])).max() < 0.001
    assert turned.colours(floats(np.full((1, 1, 3), 1.5))).max() <= 1


@pytest.mark.parametrize(("gain", "contrast"), [(1, 1), (1, 1.5), (8, 1), (16, 1.6)])
def test_the_way_back_from_tones_is_the_light(gain: float, contrast: float) -> None:
    tone, light = Tone(gain, contrast), np.linspace(0, 1, 300)
    np.testing.assert_allclose(tone.light(tone.of(light)), light, atol=1e-6)
    np.testing.assert_allclose(tone.seen(tone.shown(light)), light, atol=1e-4)
    np.testing.assert_allclose(tone.shown(-light), -tone.shown(light))


def test_a_photo_crops_its_mosaic_and_takes_none_of_another_size() -> None:
    seen = mosaic(scene())
    photo = Photo(pixels=scene(), mosaic=seen)
    part = photo.cropped(Box(3, 2, 20, 21)).mosaic
    assert part is not None
    assert (part.values.shape, part.red) == ((19, 17), (0, 1))
    with pytest.raises(ValueError, match="does not fit"):
        Photo(pixels=scene(20, 20), mosaic=seen)
