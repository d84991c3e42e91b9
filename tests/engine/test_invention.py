import cv2
import numpy as np
import pytest

from engine.invention import invention
from engine.photo import FloatArray
from engine.resize import enlarged, reduced


def _scene(height: int = 240, width: int = 320, seed: int = 0) -> FloatArray:
    """Broad shapes with edges, and weak texture in one half."""
    rng = np.random.default_rng(seed)
    scene = cv2.resize(rng.random((6, 8, 3), np.float32), (width, height)) * 0.8 + 0.1
    scene[height // 3 : height // 2, width // 4 : width // 2] = 0.7
    scene[:, width // 2 :] += rng.normal(0, 0.01, (height, width - width // 2, 3))
    return np.clip(cv2.GaussianBlur(scene, (0, 0), 0.8), 0, 1).astype(np.float32)


def _foreign(height: int, width: int) -> FloatArray:
    """Strong texture that is nobody's."""
    rng = np.random.default_rng(9)
    noise = cv2.GaussianBlur(rng.normal(0, 1, (height, width, 3)), (0, 0), 0.7)
    return np.clip(0.5 + 0.25 * noise, 0, 1).astype(np.float32)


def test_an_unchanged_picture_has_nothing_invented() -> None:
    scene = _scene()
    assert invention(scene, scene).max() == 0
    large = enlarged(scene, 2)
    assert invention(large, large, 2).max() == 0


def test_rounding_to_8_bits_is_no_invention() -> None:
    scene = _scene()
    rounded = np.rint(scene * 255).astype(np.float32) / 255
    assert invention(scene, rounded).max() < 0.01


@pytest.mark.parametrize("sigma", [10, 25, 50])
def test_removing_noise_is_hardly_any(sigma: int) -> None:
    scene = _scene()
    noise = np.random.default_rng(1).normal(0, sigma / 255, scene.shape)
    noisy = np.clip(scene + noise, 0, 1).astype(np.float32)
    assert invention(noisy, scene).mean() < 0.02


def test_pasted_texture_shows_where_it_is_and_nowhere_else() -> None:
    scene = _scene()
    pasted = scene.copy()
    pasted[60:160, 40:140] = _foreign(100, 100)
    found = invention(scene, pasted)
    assert found.shape == (240, 320)
    assert found[70:150, 50:130].mean() > 0.85
    # A difference as coarse as this one is felt for some pixels around.
    assert found[:, 200:].max() == 0
    assert found[220:].max() == 0


def test_sharpening_shows_at_the_edges() -> None:
    scene = _scene()
    sharper = np.clip(scene + 2 * (scene - cv2.GaussianBlur(scene, (0, 0), 1.5)), 0, 1)
    found = invention(scene, sharper.astype(np.float32))
    assert found[80:120, 78:83].max() > 0.5  # the left side of the bright block
    assert found[20:60, 20:60].max() < 0.05  # a smooth place


def test_other_light_is_no_invention() -> None:
    scene = cv2.GaussianBlur(_scene(), (0, 0), 6)
    assert invention(scene, np.clip(scene * 0.7 + 0.2, 0, 1).astype(np.float32)).max() < 0.1


@pytest.mark.parametrize("scale", [2, 4])
def test_enlarging_is_judged_at_the_size_of_the_source(scale: int) -> None:
    fine = _scene(240, 320)
    small = reduced(fine, 320 // scale, 240 // scale)
    source = enlarged(small, scale)
    foreign = _foreign(240, 320)
    assert invention(source, foreign, scale).mean() > 0.9
    assert invention(source, fine, scale)[20:60, 20:60].mean() < 0.05


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (37, 41)])
def test_any_size_is_taken_and_the_answer_is_a_share(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    before, after = rng.random((2, *shape, 3), np.float32)
    for scale in (1, 2):
        found = invention(before, after, scale)
        assert found.shape == shape
        assert found.dtype == np.float32
        assert 0 <= found.min() <= found.max() <= 1


def test_pictures_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="compared"):
        invention(_scene(20, 20), _scene(20, 21))
