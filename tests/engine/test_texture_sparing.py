"""Texture that was taken for noise comes back, and noise does not."""

import cv2
import numpy as np
import pytest

from engine.photo import FloatArray, floats
from engine.texture_sparing import spared

PLAIN = np.full((192, 256, 3), 0.5, np.float32)


def _grain(level: float, blur: float, seed: int = 0) -> FloatArray:
    """Gray grain (h, w, 3) of so many levels of 255, as coarse as `blur` pixels make it."""
    grain = np.random.default_rng(seed).standard_normal(PLAIN.shape[:2]).astype(np.float32)
    if blur:
        grain = cv2.GaussianBlur(grain, (0, 0), blur)
    return floats(np.repeat((grain * (level / 255 / grain.std()))[..., None], 3, 2))


def _kept(taken: FloatArray) -> float:
    """Share of what a denoiser takes that stays taken."""
    left = spared(PLAIN + taken, PLAIN) - PLAIN
    return 1 - float(np.sqrt((left**2).mean() / (taken**2).mean()))


@pytest.mark.parametrize("blur", [0.0, 0.5])
@pytest.mark.parametrize("level", [2.0, 20.0])
def test_noise_stays_out(level: float, blur: float) -> None:
    assert _kept(_grain(level, blur)) > 0.99


def test_faint_fibres_come_back() -> None:
    assert _kept(_grain(4, 1.2)) < 0.4


def test_strong_coarse_noise_stays_out() -> None:
    assert _kept(_grain(20, 1.2)) > 0.99


def test_each_place_is_judged_by_itself() -> None:
    fibres, noise = _grain(4, 1.2), _grain(4, 0, seed=1)
    taken = np.where(np.arange(256)[:, None] < 128, fibres, noise)
    left = spared(PLAIN + taken, PLAIN) - PLAIN
    one, other = (np.abs(left[:, part]).mean() for part in (slice(0, 64), slice(192, 256)))
    assert one > 10 * other


def test_colour_noise_stays_out_of_texture() -> None:
    fibres, colour = _grain(4, 1.2), _grain(4, 1.2, seed=3)
    colour[..., 1:] *= -0.5  # no light in it
    left = spared(PLAIN + fibres + colour, PLAIN) - PLAIN
    assert np.abs(left - left[..., :1]).max() < 1e-6
    assert np.abs(left).mean() > 0.6 * np.abs(fibres).mean()


def test_where_nothing_was_taken_nothing_changes() -> None:
    assert np.array_equal(spared(PLAIN, PLAIN), PLAIN)


def test_sides_that_are_no_multiples_of_anything() -> None:
    taken = _grain(4, 1.2)[:101, :67]
    plain = PLAIN[:101, :67]
    assert spared(plain + taken, plain).shape == (101, 67, 3)


def test_a_part_is_judged_as_the_whole_is() -> None:
    taken = np.concatenate([_grain(4, 1.2), _grain(4, 0.75, seed=2)], 1)
    plain = np.full_like(taken, 0.5)
    whole = spared(plain + taken, plain)
    part = spared(plain[:, 128:] + taken[:, 128:], plain[:, 128:])
    assert np.abs(part[:, 128:] - whole[:, 256:]).max() < 0.2 / 255
