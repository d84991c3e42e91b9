"""The mosaic of a RAW photo: what its values show, however the photo is turned or cropped."""

from __future__ import annotations

import numpy as np
import pytest

from engine.filter_array import BAYER, KNOWN, X_TRANS, FilterArray
from engine.formats.developing import upright
from engine.interpolation import REACH, interpolated
from engine.mosaic import Mosaic
from engine.photo import Box, FloatArray, Photo, floats
from engine.tone import Tone

BLACK, WHITE = 500, 16000
SWAPPED = floats([[0, 1, 0], [0, 0, 1], [1, 0, 0]])


def scene(height: int = 30, width: int = 38) -> FloatArray:
    y, x = np.mgrid[:height, :width]
    return floats(np.stack((0.2 + x / 100, 0.1 + y / 150, 0.6 - x / 200), 2))


def mosaic(
    light: FloatArray,
    start: tuple[int, int] = (0, 0),
    tone: Tone | None = None,
    array: FilterArray = BAYER,
) -> Mosaic:
    """As a sensor without any noise sees (h, w, 3), twice as sensitive to green as to others."""
    colours = array.over((light.shape[0], light.shape[1]), start)
    seen = np.take_along_axis(light * floats([0.5, 1, 0.5]), colours[..., None], 2)[..., 0]
    values = np.rint(BLACK + seen * (WHITE - BLACK)).astype(np.uint16)
    gains = (2 / (WHITE - BLACK), 1 / (WHITE - BLACK), 2 / (WHITE - BLACK))
    return Mosaic(values, start, (BLACK,) * 3, gains, floats(np.eye(3)), tone or Tone(), array)


def whole(seen: Mosaic) -> FloatArray:
    """The tones of the photo alone, without what stands before it."""
    return seen.tones(Box(0, 0, *seen.size))[seen.before[0] :, seen.before[1] :]


STARTS = [
    *((BAYER, start) for start in ((0, 0), (0, 1), (1, 0), (1, 1))),
    *((X_TRANS, start) for start in ((0, 0), (1, 4), (5, 5), (3, 2))),
]


@pytest.mark.parametrize(("array", "start"), STARTS)
def test_tones_are_those_of_the_light_wherever_it_begins(
    array: FilterArray, start: tuple[int, int]
) -> None:
    tone = Tone(3.0, 1.2)
    found, expected = whole(mosaic(scene(), start, tone, array)), tone.shown(scene())
    assert found.shape == expected.shape
    rim = 2 if array is BAYER else 3  # there what lies beyond is a mirror image
    inner = slice(rim, -rim)
    assert np.abs(found - expected)[inner, inner].max() < 0.004
    assert np.abs(found - expected).max() < 0.06


def test_what_the_sensor_saw_stays_at_its_place() -> None:
    values = floats(np.random.default_rng(0).random((20 + 2 * REACH, 24 + 2 * REACH)))
    colours = interpolated(values)
    inner = values[REACH:-REACH, REACH:-REACH]
    for channel, row, column in ((0, 0, 0), (2, 1, 1), (1, 0, 1), (1, 1, 0)):
        found = colours[row::2, column::2, channel]
        np.testing.assert_allclose(found, inner[row::2, column::2], atol=1e-5)


def test_what_is_gray_gets_no_false_colours() -> None:
    """Rows that are nothing but light: a fine grating on a slope."""
    x = np.arange(24 + 2 * REACH)
    values = np.tile(floats(0.5 + x / 400 + 0.2 * np.sin(x * 0.9)), (20 + 2 * REACH, 1))
    colours = interpolated(values)
    assert np.ptp(colours, axis=2).max() < 0.03
    np.testing.assert_allclose(colours[..., 1], values[REACH:-REACH, REACH:-REACH], atol=0.03)


def test_an_edge_between_two_colours_is_sharp() -> None:
    light = np.full((90, 90, 3), (0.8, 0.1, 0.1), np.float32)
    light[:, 45:] = (0.1, 0.2, 0.7)
    y, x = np.mgrid[:90, :90]
    values = np.take_along_axis(light, (y % 2 + x % 2)[..., None], 2)[..., 0]
    differs = np.abs(interpolated(values) - light[REACH:-REACH, REACH:-REACH])
    assert differs[:, 45 - REACH - 3].max() < 0.05 > differs[:, 45 - REACH + 2].max()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("size", [(30, 38), (31, 38), (30, 37), (31, 37), (33, 41)])
@pytest.mark.parametrize("array", KNOWN)
def test_a_turned_mosaic_shows_the_turned_scene(
    array: FilterArray, size: tuple[int, int], orientation: int
) -> None:
    seen = mosaic(scene(*size), (0, 1), array=array)
    turned = seen.turned(lambda values: upright(values, orientation))
    assert np.abs(whole(turned) - upright(whole(seen), orientation)).max() < 1e-4


@pytest.mark.parametrize("array", KNOWN)
def test_a_part_shows_what_the_whole_does_there(array: FilterArray) -> None:
    seen = mosaic(scene(110, 120), (1, 0), array=array)
    for box in (Box(0, 0, 80, 90), Box(5, 4, 100, 97), Box(8, 7, 111, 90)):
        part = whole(seen.cropped(box))
        differs = np.abs(part - whole(seen)[box.slices])
        inner = slice(REACH, -REACH)
        assert differs[inner, inner].max() < 1e-5


@pytest.mark.parametrize(("array", "start"), STARTS)
def test_it_is_developed_in_strips_as_in_one(
    array: FilterArray, start: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = mosaic(scene(90, 38), start, Tone(2.0), array)
    photo = seen.developed()
    assert (photo.shape, photo.dtype) == ((90, 38, 3), np.uint16)
    assert np.abs(photo / 65535 - Tone(2.0).shown(scene(90, 38)))[2:-2, 2:-2].max() < 0.01
    monkeypatch.setattr("engine.mosaic._STRIP", 32)
    assert np.abs(seen.developed().astype(int) - photo).max() <= 2


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


def test_shadows_that_are_lifted_far_keep_their_steps() -> None:
    shadows = np.repeat(np.linspace(0, 0.1, 5000, dtype=np.float32)[None, :, None], 3, 2)
    found = mosaic(scene(), tone=Tone(16.0)).colours(shadows)
    assert np.abs(found - shadows).max() < 1e-4


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
    assert (part.values.shape, part.start) == ((19, 17), (0, 1))
    with pytest.raises(ValueError, match="does not fit"):
        Photo(pixels=scene(20, 20), mosaic=seen)


@pytest.mark.parametrize("array", KNOWN)
def test_an_array_knows_where_it_begins(array: FilterArray) -> None:
    for row in range(array.period):
        for column in range(array.period):
            seen = array.over((13, 14), (row, column))
            start = array.start_of(seen)
            assert start is not None
            assert np.array_equal(array.over((13, 14), start), seen)
    assert array.start_of(np.zeros((12, 12), np.uint8)) is None


def test_a_bayer_mosaic_is_not_interpolated_from_elsewhere() -> None:
    with pytest.raises(ValueError, match="red"):
        BAYER.interpolated(np.zeros((60, 60), np.float32), (0, 1))
