import numpy as np
import pytest

from engine.photo import Box
from engine.relight import LEAST_TRANSMISSION, MOST_LIFTED, Relight, Shade, Veil
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


def _shade() -> Shade:
    rng = np.random.default_rng(2)
    slope = rng.normal(-0.5, 0.2, (30, 40)).astype(np.float32)
    return Shade(slope, rng.uniform(0.2, 1.5, (30, 40)).astype(np.float32))


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


def test_lifted_shadows_keep_black_white_and_the_proportions_of_colours() -> None:
    flat = np.zeros((3, 4), np.float32)
    straight = np.linspace(0, 1, 257, dtype=np.float32)[None].repeat(3, 0)
    lift = Relight(straight, np.eye(3, dtype=np.float32), SIZE, shade=Shade(flat, flat + 1.2))
    ramp = np.linspace(0, 1, SIZE[0], dtype=np.float32)[None, :, None].repeat(SIZE[1], 0)
    colours = ramp * np.float32((1.0, 0.6, 0.3))
    lit = lift(colours, WHOLE)
    assert np.abs(lit[:, 0]).max() < 1e-6
    assert np.abs(lit[:, -1] - colours[:, -1]).max() < 1e-5
    assert (np.diff(lit[0, :, 0]) > 0).all()
    assert lit[0, 20, 0] == pytest.approx(np.exp(1.2) * colours[0, 20, 0], rel=0.1)
    assert np.abs(lit[..., 1] - 0.6 * lit[..., 0]).max() < 1e-5
    assert np.allclose(lift.toned(0)(colours, WHOLE), colours, atol=1e-6)
    assert (lift.toned(0.5)(colours, WHOLE) <= lit + 1e-6).all()


def test_shadows_follow_the_brightness_and_nothing_is_darkened() -> None:
    flat = np.zeros((3, 4), np.float32)
    straight = np.linspace(0, 1, 257, dtype=np.float32)[None].repeat(3, 0)
    shade = Shade(flat - 4, flat + 2)
    scene = _scene()
    lit = Relight(straight, np.eye(3, dtype=np.float32), SIZE, shade=shade)(scene, WHOLE)
    bright = scene @ np.float32((0.299, 0.587, 0.114)) > 0.51
    assert np.abs(lit - scene)[bright].max() < 1e-5
    assert (lit - scene).min() > -1e-5
    assert (lit - scene)[~bright].mean() > 0.02
    far = Relight(straight, np.eye(3, dtype=np.float32), SIZE, shade=Shade(flat, flat + 50))
    most = Relight(
        straight, np.eye(3, dtype=np.float32), SIZE, shade=Shade(flat, flat + MOST_LIFTED)
    )
    assert np.allclose(far(scene, WHOLE), most(scene, WHOLE))


@pytest.mark.parametrize(("veil", "shade"), [(None, None), (_veil(), None), (None, _shade())])
def test_boxes_agree_with_the_whole(veil: Veil | None, shade: Shade | None) -> None:
    scene = _scene()
    relight = Relight(_curves(), np.eye(3, dtype=np.float32), SIZE, veil, shade)
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


def test_boxes_may_be_counted_from_a_corner() -> None:
    scene, part = _scene(), Box(100, 50, 300, 201)
    light = Relight(_curves(), np.eye(3, dtype=np.float32), SIZE, _veil(), _shade())
    here = light.counted_from((part.left, part.top))
    found = here(np.ascontiguousarray(scene[part.slices]), Box(0, 0, part.width, part.height))
    assert np.abs(found - light(scene, WHOLE)[part.slices]).max() < 1e-5
