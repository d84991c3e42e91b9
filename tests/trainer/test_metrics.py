"""The measures against values known from elsewhere or worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from engine.photo import FloatArray
from trainer import metrics


def gray(value: float, side: int = 32) -> FloatArray:
    return np.full((side, side, 3), value, np.float32)


def scene(side: int = 64) -> FloatArray:
    """Waves of several lengths: something with structure."""
    y, x = np.mgrid[0:side, 0:side] / side
    waves = [0.5 + 0.3 * np.sin(9 * x + k) * np.cos(14 * y * (k + 1)) for k in range(3)]
    return np.asarray(np.stack(waves, 2), np.float32)


def noisy(image: FloatArray, sigma: float) -> FloatArray:
    rng = np.random.default_rng(1)
    return np.asarray(image + rng.normal(0, sigma, image.shape), np.float32)


def test_psnr_of_a_constant_step_is_its_logarithm() -> None:
    assert metrics.psnr(gray(0.5), gray(0.4)) == pytest.approx(20.0, abs=1e-4)


@pytest.mark.parametrize(("level", "decibels"), [(15, 24.61), (25, 20.17), (50, 14.15)])
def test_psnr_of_known_noise(level: int, decibels: float) -> None:
    clean = gray(0.5, 256)
    assert metrics.psnr(noisy(clean, level / 255), clean) == pytest.approx(decibels, abs=0.03)


def test_equal_pictures_score_the_best_and_stay_finite() -> None:
    assert metrics.psnr(scene(), scene()) == metrics.BEST_PSNR
    assert metrics.ssim(scene(), scene()) == pytest.approx(1.0)
    assert metrics.ssim_luma(scene(), scene()) == pytest.approx(1.0)
    assert metrics.flat_colour_error(scene(), scene()) == 0
    assert metrics.grid_excess(scene(), scene()) == 0


def test_luma_is_that_of_studio_range() -> None:
    colours = np.array([[[0.0, 0, 0], [1, 1, 1], [0, 1, 0]]])
    assert metrics.luma(colours)[0] * 255 == pytest.approx([16, 235, 16 + 128.553])


def test_luma_psnr_of_gray_is_higher_by_the_range_it_lost() -> None:
    step = metrics.psnr_luma(gray(0.5), gray(0.4))
    assert step == pytest.approx(20 - 20 * np.log10(219 / 255), abs=1e-3)


def test_ssim_falls_as_noise_rises() -> None:
    clean = scene()
    scores = [metrics.ssim(noisy(clean, sigma), clean) for sigma in (0, 0.02, 0.05, 0.1, 0.3)]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] < 0.5


def test_ssim_of_two_flat_pictures_is_its_luminance_term() -> None:
    # by hand: without variance, (2ab + c1) / (a^2 + b^2 + c1) with c1 = 0.0001
    expected = (2 * 0.5 * 0.25 + 1e-4) / (0.25 + 0.0625 + 1e-4)
    assert metrics.ssim(gray(0.5), gray(0.25)) == pytest.approx(expected, abs=1e-6)


def test_ssim_of_a_checkerboard_and_its_negative_is_near_minus_one() -> None:
    board = np.indices((32, 32)).sum(0) % 2
    clean = np.asarray(0.5 + 0.25 * (2 * board - 1), np.float32)[..., None].repeat(3, 2)
    # by hand: equal means, variance v = 0.0625 each, covariance -v
    expected = (-2 * 0.0625 + 9e-4) / (2 * 0.0625 + 9e-4)
    assert metrics.ssim(1 - clean, clean) == pytest.approx(expected, abs=1e-4)


def test_ssim_refuses_pictures_smaller_than_its_window() -> None:
    with pytest.raises(ValueError, match="11 pixels"):
        metrics.ssim(gray(0.5, 8), gray(0.5, 8))


def test_pictures_of_different_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="one size"):
        metrics.psnr(gray(0.5, 16), gray(0.5, 17))


def test_lab_of_known_colours() -> None:
    colours = np.array([[1.0, 1, 1], [1, 0, 0], [0, 0, 1]])
    expected = [[100, 0, 0], [53.24, 80.09, 67.20], [32.30, 79.19, -107.86]]
    assert metrics.lab(colours) == pytest.approx(np.array(expected), abs=0.02)


# Pairs 1, 4, 7, 10, 14, 17 and 25 of the test data that Sharma, Wu and Dalal published.
@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.49, -0.001), (50, -2.49, 0.0010), 7.1792),
        ((50, -0.001, 2.49), (50, 0.0011, -2.49), 4.7461),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ],
)
def test_delta_e_of_published_pairs(
    first: tuple[float, ...], second: tuple[float, ...], expected: float
) -> None:
    a, b = np.array([first]), np.array([second])
    assert metrics.delta_e(a, b)[0] == pytest.approx(expected, abs=1e-4)
    assert metrics.delta_e(b, a)[0] == pytest.approx(expected, abs=1e-4)


def test_colour_error_sees_a_cast_but_not_noise() -> None:
    clean = scene(128)
    cast = np.asarray(clean * np.array((1.08, 1.0, 0.92)), np.float32)
    assert metrics.flat_colour_error(cast, clean) > 3
    assert metrics.flat_colour_error(noisy(clean, 0.02), clean) < 1


def test_grid_shows_blocks_and_not_noise() -> None:
    clean = scene(128)
    blocks = np.indices((16, 16)).sum(0) % 2 * 0.1
    blocky = np.asarray(clean + np.kron(blocks, np.ones((8, 8)))[..., None], np.float32)
    assert metrics.grid_excess(blocky, clean) > 5
    assert metrics.grid_excess(noisy(clean, 0.05), clean) < 0.3
