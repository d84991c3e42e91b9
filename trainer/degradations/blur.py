"""Lens, focus and motion blur, and the loss of resolution."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.light import linear_to_srgb, srgb_to_linear
from engine.photo import FloatArray, floats
from engine.resize import upscaled


def gaussian_blur(image: FloatArray, rng: Generator, *, sigma: float, stretch: float) -> FloatArray:
    """Anisotropic Gaussian of `sigma` pixels, `stretch` (0.2 to 1) times that across."""
    return _filtered(image, _plane(sigma, stretch, rng, "gaussian"))


def plateau_blur(image: FloatArray, rng: Generator, *, sigma: float, stretch: float) -> FloatArray:
    """Like `gaussian_blur`, with the flat-topped kernel of Real-ESRGAN (Wang et al. 2021)."""
    return _filtered(image, _plane(sigma, stretch, rng, "plateau"))


def _plane(sigma: float, stretch: float, rng: Generator, shape: str) -> FloatArray:
    reach = max(1, min(10, round(3 * sigma)))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    angle = rng.uniform(0, np.pi)
    along = (x * np.cos(angle) + y * np.sin(angle)) / max(sigma, 0.1)
    across = (y * np.cos(angle) - x * np.sin(angle)) / max(sigma * stretch, 0.1)
    square = along**2 + across**2
    if shape == "plateau":
        kernel = 1 / (1 + square ** rng.uniform(1, 2))
    else:
        kernel = np.exp(-0.5 * square ** rng.uniform(0.7, 1.5))
    return floats(kernel / kernel.sum())


def ringing(image: FloatArray, rng: Generator, *, cutoff: float) -> FloatArray:
    """Ideal low-pass (sinc) filter with `cutoff` in radians per pixel: over-sharpened edges."""
    del rng  # nothing to draw: the recipe draws the cutoff
    reach = 7
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float64)
    kernel = np.outer(_sinc(cutoff, x[0]), _sinc(cutoff, y[:, 0]))
    return _filtered(image, floats(kernel / kernel.sum()))


def _sinc(cutoff: float, x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.sinc(cutoff * x / np.pi))


def sharpened(image: FloatArray, rng: Generator, *, amount: float, radius: float) -> FloatArray:
    """Unsharp masking, as scanners and cameras do: `amount` times what a Gaussian of `radius`
    pixels takes away is added."""
    del rng  # nothing to draw
    soft = cv2.GaussianBlur(image, (0, 0), radius)
    return floats(image + np.float32(amount) * (image - soft))


def defocus(image: FloatArray, rng: Generator, *, radius: float) -> FloatArray:
    """A lens out of focus: a disc of `radius` pixels, in linear light."""
    del rng  # a disc has no orientation
    reach = int(np.ceil(radius)) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    kernel = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32)
    return _in_linear_light(image, kernel / kernel.sum())


def motion_blur(image: FloatArray, rng: Generator, *, length: float, bend: float) -> FloatArray:
    """A hand that shook: a path of `length` pixels whose direction wanders by `bend` radians.

    In linear light. The path is a random walk in direction, as in Boracchi and Foi (2012).
    """
    count = 64
    turn = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, bend / np.sqrt(count), count))
    speed = np.abs(1 + 0.3 * np.cumsum(rng.normal(0, 0.2, count)))
    speed *= length / speed.sum()
    x, y = np.cumsum(speed * np.cos(turn)), np.cumsum(speed * np.sin(turn))
    x, y = x - x.mean(), y - y.mean()
    reach = int(np.ceil(max(np.abs(x).max(), np.abs(y).max()))) + 1
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    for px, py in zip(x + reach, y + reach, strict=True):
        _splat(kernel, px, py)
    return _in_linear_light(image, kernel / kernel.sum())


def _splat(kernel: FloatArray, x: float, y: float) -> None:
    """Add a unit of light at a place between pixels, shared bilinearly."""
    left, top = int(x), int(y)
    dx, dy = x - left, y - top
    kernel[top, left] += (1 - dx) * (1 - dy)
    kernel[top, left + 1] += dx * (1 - dy)
    kernel[top + 1, left] += (1 - dx) * dy
    kernel[top + 1, left + 1] += dx * dy


def _filtered(image: FloatArray, kernel: FloatArray) -> FloatArray:
    return floats(cv2.filter2D(image, -1, kernel, borderType=cv2.BORDER_REFLECT))


def _in_linear_light(image: FloatArray, kernel: FloatArray) -> FloatArray:
    linear = srgb_to_linear(np.clip(image, 0, 1))
    blurred = _filtered(linear, kernel)
    return linear_to_srgb(np.clip(blurred, 0, 1))


def reduce_bicubic(image: FloatArray, rng: Generator, *, factor: float) -> FloatArray:
    """Shrink by `factor` with anti-aliased bicubic, as benchmarks do, and enlarge again."""
    del rng  # the method is fixed
    height, width = image.shape[:2]
    small = shrunk_bicubic(image, max(1, round(height / factor)), max(1, round(width / factor)))
    return upscaled(small, width, height)


def reduce_mixed(image: FloatArray, rng: Generator, *, factor: float) -> FloatArray:
    """Shrink by `factor` in a way drawn at random, and enlarge again."""
    height, width = image.shape[:2]
    size = max(1, round(width / factor)), max(1, round(height / factor))
    ways = (cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC)
    small = cv2.resize(image, size, interpolation=int(rng.choice(ways)))
    back = int(rng.choice((cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4)))
    return floats(cv2.resize(small, (width, height), interpolation=back))


def shrunk_bicubic(image: FloatArray, height: int, width: int) -> FloatArray:
    """(h, w, c) reduced to (height, width, c) by anti-aliased bicubic, as benchmarks do it."""
    rows = _bicubic_weights(image.shape[0], height)
    columns = _bicubic_weights(image.shape[1], width)
    return floats(np.einsum("ih,hwc,jw->ijc", rows, image, columns, optimize=True))


@lru_cache(maxsize=256)
def _bicubic_weights(size: int, smaller: int) -> FloatArray:
    """Weights (smaller, size) of Keys' cubic (a = -0.5) stretched to the smaller grid."""
    ratio = size / smaller
    centre = (np.arange(smaller) + 0.5) * ratio - 0.5
    distance = np.abs(np.arange(size)[None] - centre[:, None]) / max(ratio, 1.0)
    near = 1.5 * distance**3 - 2.5 * distance**2 + 1
    far = -0.5 * distance**3 + 2.5 * distance**2 - 4 * distance + 2
    weights = np.where(distance < 1, near, np.where(distance < 2, far, 0))
    return floats(weights / weights.sum(1, keepdims=True))
