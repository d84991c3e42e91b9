"""A blur is read from a picture that shows it."""

import numpy as np
import pytest

from engine.diffusion.deblurring.blur_kernel import (
    SIDE,
    blur_kernel,
    fitted_kernel,
    resized,
    spread,
)
from engine.diffusion.deblurring.deconvolution import added_up
from engine.diffusion.deblurring.sharpening import likeness
from engine.photo import FloatArray, floats
from tests.diffusion.blurs import blurred, shake, town


def same(picture: FloatArray) -> FloatArray:
    return picture


def test_a_blur_is_fitted_to_what_it_was_drawn_with() -> None:
    sharp = town()
    soft = blurred(sharp, shake())
    found = fitted_kernel(added_up(sharp).mean(-1), added_up(soft).mean(-1), SIDE)
    assert likeness(found, shake()) > 0.95


@pytest.mark.parametrize("kernel", [shake(9, 3), shake(6, -4).T.copy()], ids=["across", "down"])
def test_a_blur_is_read_from_the_picture_alone(kernel: FloatArray) -> None:
    found, _ = blur_kernel(blurred(town(), kernel, noise=1), same)
    assert found.shape == (SIDE, SIDE)
    assert found.min() >= 0
    assert found.sum() == pytest.approx(1, abs=1e-5)
    assert likeness(found, kernel) > 0.7
    assert likeness(found, kernel) > likeness(found, kernel.T.copy()) + 0.2


def test_its_middle_is_where_the_picture_stays() -> None:
    found, _ = blur_kernel(blurred(town(), shake()), same)
    centre = [float((found * at).sum()) for at in np.indices(found.shape)]
    assert np.abs(np.array(centre) - SIDE // 2).max() <= 0.51


def test_a_sharp_picture_has_hardly_any_blur() -> None:
    assert spread(blur_kernel(town(), same)[0]) < 1.0 < spread(shake())


def test_a_plain_picture_gives_a_blur_all_the_same() -> None:
    found, _ = blur_kernel(np.full((128, 160, 3), 0.5, np.float32), same)
    assert np.isfinite(found).all()
    assert found.sum() == pytest.approx(1, abs=1e-5)


def test_a_blur_grows_with_its_picture() -> None:
    large = resized(shake(), 2 * SIDE + 1)
    assert large.shape == (2 * SIDE + 1, 2 * SIDE + 1)
    assert large.sum() == pytest.approx(1, abs=1e-5)
    assert spread(large) == pytest.approx(2 * spread(shake()), rel=0.1)


def test_spread_is_a_distance() -> None:
    two = floats(np.zeros((5, 5)))
    two[2, 0] = two[2, 4] = 0.5
    assert spread(two) == pytest.approx(2)
