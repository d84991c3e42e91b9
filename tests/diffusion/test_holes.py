import numpy as np
import pytest

from engine.diffusion.specialists.holes import blanked, grown, soft_rim, widened
from engine.photo import FloatArray, floats


def test_a_blanked_hole_is_painted_over_from_around_it() -> None:
    y, x = np.mgrid[0:60, 0:80] / 80
    ramp = floats(np.stack((x, y, 0.5 + 0 * x), 2))
    hole = np.zeros((60, 80), np.float32)
    hole[20:26, 10:70] = 1
    hole[40:50, 40:56] = 1
    ruined = np.where(hole[..., None] > 0, np.float32(1), ramp)
    assert np.array_equal(blanked(ruined, hole)[hole == 0], ramp[hole == 0])
    assert np.abs(blanked(ruined, hole) - ramp).max() < 0.06
    assert np.allclose(blanked(ramp, np.ones_like(hole)), 0.5)


def test_the_rim_is_full_in_the_hole_and_ends_near_it() -> None:
    hole = np.zeros((40, 40), np.float32)
    hole[20, 20] = 1
    rim = soft_rim(hole)
    assert rim[20, 20] == 1
    assert 0 < rim[20, 22] < rim[20, 21] < 1
    assert rim.max() == 1
    assert (rim > 0).sum() < 100
    assert widened(hole > 0).sum() == 5


INK, GROUND = 0.9, 0.4


def mark(inks: FloatArray, noise: float = 0.0) -> FloatArray:
    """A vertical mark whose columns are so much of ink, 0..1, from column 20 on, on an uneven
    ground."""
    light = np.full((60, 60, 3), GROUND, np.float32)
    light += np.linspace(-0.02, 0.02, 60, dtype=np.float32)[:, None, None]
    light += np.random.default_rng(1).normal(0, noise, light.shape).astype(np.float32)
    columns = slice(20, 20 + len(inks))
    light[:, columns] += floats(inks)[:, None] * (INK - light[:, columns])
    return light


def columns(*numbers: int) -> FloatArray:
    found = np.zeros((60, 60), np.bool_)
    found[:, list(numbers)] = True
    return found


@pytest.mark.parametrize("times", [1, 2])
def test_a_mark_grows_to_where_it_ends(times: int) -> None:
    picture = mark(floats([0.3, 0.8, 1, 1, 1, 0.8, 0.3])).repeat(times, 0).repeat(times, 1)
    found = columns(22, 23).repeat(times, 0).repeat(times, 1)
    ends = columns(21, 22, 23, 24, 25).repeat(times, 0).repeat(times, 1)
    assert np.array_equal(grown(found, picture, times), ends)


def test_a_mark_grows_no_farther_than_a_few_pixels() -> None:
    broad = mark(np.ones(8, np.float32))
    assert np.array_equal(grown(columns(21, 22), broad), columns(*range(20, 27)))


def test_a_faint_mark_stays_and_one_on_busy_ground_does() -> None:
    found = columns(22, 23)
    faint = np.full((60, 60, 3), GROUND, np.float32)
    faint[:, 20:26] += 0.05
    assert np.array_equal(grown(found, faint), found)
    busy = mark(np.ones(6, np.float32), noise=0.15)
    assert np.array_equal(grown(found, busy), found)
    assert not np.array_equal(grown(found, mark(np.ones(6, np.float32), noise=0.02)), found)


def test_colour_counts_where_light_is_the_same() -> None:
    picture = np.full((60, 60, 3), (0.4, 0.25, 0.1), np.float32)
    picture[:, 20:26] = 0.28
    assert np.array_equal(grown(columns(22, 23), picture), columns(*range(20, 26)))


def test_nothing_grows_from_nothing() -> None:
    nothing = np.zeros((60, 60), np.bool_)
    assert not grown(nothing, mark(np.ones(6, np.float32))).any()


@pytest.mark.parametrize("times", [1, 2, 4])
def test_where_flakes_lie_close_by_what_lies_between_stays(times: int) -> None:
    found = np.zeros((240, 240), np.bool_)
    found[::12, ::12] = found[1::12, ::12] = found[::12, 1::12] = found[1::12, 1::12] = True
    found = found[: 240 // times, : 240 // times].repeat(times, 0).repeat(times, 1)
    picture = np.full((*found.shape, 3), 0.55, np.float32)
    picture[found] = 0.85
    assert np.array_equal(grown(found, picture, times), found)
