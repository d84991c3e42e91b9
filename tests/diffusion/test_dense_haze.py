from dataclasses import replace

import numpy as np
import pytest

from engine.diffusion.specialists.dense_haze import lifted_behind
from engine.photo import Box, FloatArray, floats
from engine.relight import Relight, Shade, Veil

WIDTH, HEIGHT = 60, 40
WHOLE = Box(0, 0, WIDTH, HEIGHT)


def _plain() -> Relight:
    curves = np.tile(np.linspace(0, 1, 1025, dtype=np.float32), (3, 1))
    return Relight(curves, floats(np.eye(3)), (WIDTH, HEIGHT))


def _clearing(haze: float) -> Relight:
    """Takes `haze` of the light out, the same everywhere."""
    air = np.full((1, 1, 3), 0.9, np.float32)
    flat, share = np.zeros((1, 1), np.float32), np.full((1, 1), 1 - haze, np.float32)
    return replace(_plain(), veil=Veil(air, flat, share))


def _smog(haze: float) -> FloatArray:
    """A skyline: the upper half a bright sky, below it houses that become brighter downwards."""
    scene = np.full((HEIGHT, WIDTH, 3), 0.8, np.float32)
    scene[HEIGHT // 2 :] = np.linspace(0.05, 0.3, HEIGHT // 2, dtype=np.float32)[:, None, None]
    return floats(scene * (1 - haze) + 0.9 * haze)


class Lifting:
    """Finds a lift of `black` at black and `white` at white, less at the left than at the right."""

    def __init__(self, black: float, white: float = 0.0) -> None:
        self.black, self.white = black, white
        self.seen: FloatArray | None = None

    def estimate(self, small: FloatArray, size: tuple[int, int]) -> Relight:
        self.seen = small
        uneven = np.linspace(0.8, 1.2, WIDTH, dtype=np.float32)[None].repeat(HEIGHT, 0)
        slope, offset = uneven * (self.white - self.black), uneven * self.black
        return replace(_plain(), size=size, shade=Shade(floats(slope), floats(offset)))


def test_what_stands_in_dense_haze_is_lifted_by_one_curve() -> None:
    haze, lifting = 0.7, Lifting(1.5)
    small, clearing = _smog(haze), _clearing(haze)
    shade = lifted_behind(lifting, clearing, small)
    assert shade is not None
    assert lifting.seen is not None
    cleared = clearing(small, WHOLE)
    assert np.array_equal(lifting.seen, cleared), "the haze is gone when it is asked"
    assert shade.slope.shape == shade.offset.shape == (1, 1)
    assert float(shade.offset[0, 0]) == pytest.approx(1.5, rel=0.05)
    lit = replace(clearing, shade=shade)(small, WHOLE)
    houses, sky = np.s_[HEIGHT // 2 :], np.s_[: HEIGHT // 2]
    assert lit[houses].mean() > 1.5 * cleared[houses].mean()
    assert np.abs(lit[sky] - cleared[sky]).max() < 0.1
    assert np.ptp(lit, axis=1).max() < 1e-3, "no place gets more than another of its brightness"


@pytest.mark.parametrize(("haze", "share"), [(0.2, 0.0), (0.45, 0.5), (0.8, 1.0)])
def test_the_denser_the_more(haze: float, share: float) -> None:
    shade = lifted_behind(Lifting(1.0), _clearing(haze), _smog(haze))
    found = 0.0 if shade is None else float(shade.offset[0, 0])
    assert found == pytest.approx(share, abs=0.05)


def test_what_is_bright_enough_stays() -> None:
    assert lifted_behind(Lifting(0.0), _clearing(0.7), _smog(0.7)) is None


def test_bright_things_are_never_lifted_more_than_dark_ones() -> None:
    rising = Lifting(-0.2, white=1.0)  # an offset below 0, but lifted all the same
    shade = lifted_behind(rising, _clearing(0.7), _smog(0.7))
    assert shade is not None
    assert float(shade.slope[0, 0]) == 0
    assert float(shade.offset[0, 0]) == pytest.approx(0.38, abs=0.1), "the mean of what is lifted"


def test_a_flat_picture_is_lifted_like_any_other() -> None:
    flat = np.full((HEIGHT, WIDTH, 3), 0.7, np.float32)
    shade = lifted_behind(Lifting(1.0), _clearing(0.7), flat)
    assert shade is not None
    assert np.isfinite(shade.offset).all()
