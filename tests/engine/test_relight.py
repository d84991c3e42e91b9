import numpy as np
import pytest

from engine.photo import Box
from engine.relight import LEAST_TRANSMISSION, Relight, Veil
from engine.resize import upscaled

SIZE = 640, 480
WHOLE = Box(0, 0, *SIZE)


def _scene() -> np.ndarray:
    rng = np.random.default_rng(0)
    coarse = rng.random((12, 16, 3)).astype(np.float32)
    return upscaled(coarse, *SIZE)


def _curves() -> np.ndarray:
    ramp = np.linspace(0, 1, 257, dtype=np.float32)
    return np.stack((ramp, ramp**0.5, ramp**2))


def _veil() -> Veil:
    rng = np.random.default_rng(1)
    slope = rng.normal(0, 0.2, (30, 40)).astype(np.float32)
    offset = rng.uniform(0.3, 0.9, (30, 40)).astype(np.float32)
    glow = np.linspace(0.7, 1, 30, dtype=np.float32)[:, None, None].repeat(40, 1).repeat(3, 2)
    glow[..., 2] *= np.linspace(0.8, 1, 40, dtype=np.float32)
    return Veil(glow * np.array([0.9, 0.92, 0.95], np.float32), slope, offset)


def test_curves_and_mixing_do_what_they_say() -> None:
    swap = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 1]], np.float32)
    scene = _scene()
    lit = Relight(_curves(), swap, SIZE)(scene, WHOLE)
    red, green, blue = np.moveaxis(scene, 2, 0)
    expected = np.stack((green**0.5, red, blue**2), 2)
    assert np.abs(lit - expected).max() < 0.02  # the root is steep in its first step
    assert np.abs(lit - expected)[scene.min(2) > 0.1].max() < 1e-3


def test_a_veil_of_known_strength_is_taken_away() -> None:
    scene = _scene()
    air = np.array([0.8, 0.85, 0.9], np.float32)
    field = np.zeros((30, 40), np.float32)
    straight = np.linspace(0, 1, 257, dtype=np.float32)[None].repeat(3, 0)
    for glow in (1.0, 0.7):
        veil = Veil(np.full((3, 5, 3), glow * air, np.float32), field, field + 0.4)
        plain = Relight(straight, np.eye(3, dtype=np.float32), SIZE, veil)
        lit = plain(scene * 0.4 + glow * air * 0.6, WHOLE)
        assert np.abs(lit - scene).max() < 1e-5


@pytest.mark.parametrize("veil", [None, _veil()])
def test_boxes_agree_with_the_whole(veil: Veil | None) -> None:
    scene = _scene()
    relight = Relight(_curves(), np.eye(3, dtype=np.float32), SIZE, veil)
    whole = relight(scene, WHOLE)
    for box in (Box(113, 57, 400, 301), Box(0, 255, 640, 258), Box(639, 0, 640, 480)):
        assert np.abs(relight(scene[box.slices], box) - whole[box.slices]).max() < 1e-4


def test_a_panorama_wider_than_cv2_takes_is_lit_like_its_parts() -> None:
    size = 70_000, 3
    scene = upscaled(np.random.default_rng(0).random((2, 900, 3)).astype(np.float32), *size)
    relight = Relight(_curves(), np.eye(3, dtype=np.float32), size, _veil())
    whole = relight(scene, Box(0, 0, *size))
    for left in (0, 32_700, 65_400, 69_000):
        box = Box(left, 1, left + 1000 if left < 69_000 else 70_000, 3)
        assert np.abs(relight(scene[box.slices], box) - whole[box.slices]).max() < 1e-4


def test_dense_haze_is_not_divided_into_noise() -> None:
    field = np.zeros((30, 40), np.float32)
    veil = Veil(np.full((30, 40, 3), 0.8, np.float32), field, field)
    straight = np.linspace(0, 1, 257, dtype=np.float32)[None].repeat(3, 0)
    relight = Relight(straight, np.eye(3, dtype=np.float32), SIZE, veil)
    flat = np.full((*SIZE[::-1], 3), 0.8, np.float32)
    other = relight(flat - 0.01, WHOLE)
    assert np.abs(relight(flat, WHOLE) - other).max() == pytest.approx(
        0.01 / LEAST_TRANSMISSION, rel=1e-3
    )


def test_a_share_of_the_tones_leaves_the_veil() -> None:
    scene = _scene()
    swap = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 1]], np.float32)
    relight = Relight(_curves(), swap, SIZE, _veil())
    cleared = Relight(np.stack((_curves()[0],) * 3), np.eye(3, dtype=np.float32), SIZE, _veil())
    assert np.allclose(relight.toned(1)(scene, WHOLE), relight(scene, WHOLE), atol=1e-5)
    assert np.allclose(relight.toned(0)(scene, WHOLE), cleared(scene, WHOLE), atol=1e-5)
    first, half, last = (relight.toned(share)(scene, WHOLE) for share in (0, 0.5, 1))
    assert 0.2 < np.abs(half - first).mean() / np.abs(last - first).mean() < 0.8
