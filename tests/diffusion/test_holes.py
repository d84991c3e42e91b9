import numpy as np

from engine.diffusion.holes import blanked, soft_rim, widened
from engine.photo import floats


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
    assert widened(hole > 0).sum() == 9
