import numpy as np

from engine.photo import Box
from engine.resize import reduced, upscaled
from engine.transfer import light_transfer


def _scene() -> np.ndarray:
    rng = np.random.default_rng(0)
    coarse = rng.random((12, 16, 3)).astype(np.float32)
    fine = rng.normal(0, 0.01, (480, 640, 3)).astype(np.float32)
    return np.clip(upscaled(coarse, 640, 480) * 0.5 + 0.05 + fine, 0, 1)


def test_a_gain_found_on_a_small_copy_is_carried_to_full_size() -> None:
    scene = _scene()
    small = reduced(scene, 160, 120)
    transfer = light_transfer(small, np.clip(small * 1.6, 0, 1), (640, 480))
    lit = transfer(scene, Box(0, 0, 640, 480))
    assert np.abs(lit - np.clip(scene * 1.6, 0, 1)).mean() < 0.02


def test_parts_fit_together() -> None:
    scene = _scene()
    small = reduced(scene, 160, 120)
    transfer = light_transfer(small, np.sqrt(small), (640, 480))
    whole = transfer(scene, Box(0, 0, 640, 480))
    box = Box(113, 57, 400, 301)
    assert np.abs(transfer(scene[box.slices], box) - whole[box.slices]).max() < 1e-3
