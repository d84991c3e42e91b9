"""Grain for what was filled: as strong as around it, no content, and the same every time."""

import numpy as np
import pytest

from engine.bands import luminance
from engine.diffusion.specialists.grain import with_grain
from engine.photo import FloatArray, floats

SIDE = 160
GROUND = 0.4


def grainy(sigma: float, seed: int = 0) -> FloatArray:
    """Gray grain of so many levels of 255 on an even ground."""
    grain = np.random.default_rng(seed).normal(0, sigma / 255, (SIDE, SIDE, 1))
    return floats(np.repeat(GROUND + grain, 3, 2))


def line() -> FloatArray:
    hole = np.zeros((SIDE, SIDE), np.float32)
    hole[:, 77:83] = 1
    return hole


def disc() -> FloatArray:
    y, x = np.mgrid[:SIDE, :SIDE] - SIDE // 2
    return floats(y**2 + x**2 < 30**2)


def filled_with(pixels: FloatArray, hole: FloatArray) -> FloatArray:
    smooth = np.where(hole[..., None] > 0, np.float32(GROUND), pixels)
    return with_grain(smooth, pixels, hole)


@pytest.mark.parametrize("sigma", [3.0, 10.0])
@pytest.mark.parametrize("hole", [line(), disc()], ids=["line", "disc"])
def test_a_hole_gets_the_grain_around_it(hole: FloatArray, sigma: float) -> None:
    filled = filled_with(grainy(sigma), hole)[hole > 0]
    assert 255 * filled.std(0).mean() == pytest.approx(sigma, rel=0.35)
    assert np.ptp(filled, axis=1).max() < 1e-6, "gray grain is gray"
    assert abs(filled.mean() - GROUND) < 0.2 * sigma / 255


def test_what_is_known_stays_to_the_bit() -> None:
    pixels = grainy(10)
    filled = filled_with(pixels, disc())
    assert np.array_equal(filled[disc() == 0], pixels[disc() == 0])


def test_a_photo_without_grain_gets_none() -> None:
    for pixels in (grainy(0), grainy(0.1)):
        smooth = np.full_like(pixels, GROUND)
        assert with_grain(smooth, pixels, disc()) is smooth


def test_what_has_grain_already_gets_no_more() -> None:
    pixels = grainy(10)
    filled = with_grain(grainy(10, seed=5), pixels, disc())
    assert 255 * filled[disc() > 0].std(0).mean() == pytest.approx(10, rel=0.2)


def test_an_edge_beside_a_hole_is_not_copied_into_it() -> None:
    pixels = grainy(2)
    pixels[:, 90:] = 0.9
    filled = filled_with(pixels, line())
    assert 255 * np.abs(filled[line() > 0] - GROUND).max() < 10


def test_texture_on_one_side_is_no_grain() -> None:
    pixels = grainy(1)
    pixels[:, 83:] = grainy(25)[:, 83:]
    filled = filled_with(pixels, line())
    assert 255 * luminance(filled)[line() > 0].std() < 4


def test_no_piece_comes_twice_in_a_large_hole() -> None:
    filled = luminance(filled_with(grainy(10), disc()))[disc() > 0]
    assert len(np.unique(np.round(filled, 6))) > 0.9 * len(filled)


def test_all_may_be_a_hole() -> None:
    pixels = grainy(10)
    everything = np.ones((SIDE, SIDE), np.float32)
    smooth = np.full_like(pixels, GROUND)
    assert np.array_equal(with_grain(smooth, pixels, everything), smooth)


@pytest.mark.parametrize("shape", [(160, 160), (40, 700), (4, 700), (700, 3)])
def test_grain_is_never_stronger_than_any_that_was_seen(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).normal(0, 4 / 255, (*shape, 1))
    pixels = floats(np.repeat(GROUND + noise, 3, 2))
    island, strip = np.ones(shape, np.float32), np.ones(shape, np.float32)
    island[: max(shape[0] // 12, 1), : max(shape[1] // 12, 1)] = 0
    strip[:, -4:] = 0
    for hole in (island, strip):
        filled = filled_with(pixels, hole)
        assert 255 * np.abs(filled - GROUND)[hole > 0].max(initial=0) < 5 * 4


def test_what_is_as_broad_as_an_object_gets_none() -> None:
    pixels = floats(np.repeat(grainy(10)[:, :1], 400, 1).repeat(3, 0)[:400])
    hole = np.zeros(pixels.shape[:2], np.float32)
    hole[50:350, 50:350] = 1
    filled = filled_with(pixels, hole)
    assert np.ptp(filled[hole > 0]) == 0
