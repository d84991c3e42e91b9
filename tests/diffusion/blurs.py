"""Pictures with edges to read a blur from, and blurs, drawn for the tests."""

import cv2
import numpy as np

from engine.diffusion.deblurring.blur_kernel import SIDE
from engine.diffusion.deblurring.deconvolution import added_up, encoded
from engine.photo import FloatArray, floats


def town(side: int = 320, seed: int = 5) -> FloatArray:
    """Sharp houses and discs in many tones, (side, side, 3), 0.1 to 0.9."""
    rng = np.random.default_rng(seed)
    picture = np.full((side, side, 3), 0.5, np.float32)
    for _ in range(70):
        tone = tuple(float(v) for v in rng.uniform(0.1, 0.9) + rng.uniform(-0.08, 0.08, 3))
        x, y, wide, high = (int(v) for v in rng.integers(-20, side, 4) * (1, 1, 0.3, 0.3))
        if rng.random() < 0.7:
            corners = cv2.boxPoints(((x, y), (wide + 15, high + 15), float(rng.uniform(0, 90))))
            cv2.fillPoly(picture, [corners.astype(np.int32)], tone)
        else:
            cv2.circle(picture, (x, y), wide // 2 + 6, tone, -1)
    return floats(picture.clip(0.1, 0.9))


def shake(length: float = 9, bend: float = 3) -> FloatArray:
    """A bent path through the middle, as a hand draws it, (`SIDE`, `SIDE`)."""
    at = np.linspace(-1, 1, 400)
    middle = SIDE // 2
    kernel = np.zeros((SIDE, SIDE), np.float32)
    rows, columns = middle + bend * at**2 - bend / 3, middle + length * at
    np.add.at(kernel, (np.rint(rows).astype(int), np.rint(columns).astype(int)), 1)
    kernel = cv2.GaussianBlur(kernel, (3, 3), 0.6)
    return floats(kernel / kernel.sum())


def blurred(picture: FloatArray, kernel: FloatArray, noise: float = 0.0) -> FloatArray:
    """`picture` (h, w, 3) blurred as the engine takes blur to add up, rounded to 8 bit."""
    soft = cv2.filter2D(
        added_up(picture), -1, kernel[::-1, ::-1].copy(), borderType=cv2.BORDER_REFLECT
    )
    drawn = encoded(floats(soft)) + np.random.default_rng(2).normal(0, noise / 255, soft.shape)
    return floats(np.rint(drawn.clip(0, 1) * 255) / 255)
