"""Air, water and darkness between the scene and the sensor."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from engine.light import linear_to_srgb, srgb_to_linear
from engine.photo import FloatArray, floats
from trainer.degradations.noise import camera_noise


def haze(image: FloatArray, rng: Generator, *, density: float, airlight: float) -> FloatArray:
    """Veil by scattering, I = J t + A (1 - t), t = exp(-density * depth) (Koschmieder).

    `airlight` is A, 0 to 1, with a slight tint. The depth, 0 to 1, is made up: a ground plane that
    recedes upwards, large soft shapes, and steps that follow edges of the picture.
    """
    depth = _depth_like(image, rng)
    transmission = np.exp(-density * depth)[..., None]
    tint = airlight * (1 + rng.normal(0, 0.02, 3))
    return floats(image * transmission + np.clip(tint, 0, 1) * (1 - transmission))


def _depth_like(image: FloatArray, rng: Generator) -> FloatArray:
    height, width = image.shape[:2]
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j].astype(np.float32)
    plane = rng.uniform(0, 1) * (1 - y) + rng.uniform(-0.3, 0.3) * x
    cells = int(rng.integers(2, 6))
    shapes = cv2.resize(
        rng.random((cells, cells), np.float32), (width, height), interpolation=cv2.INTER_CUBIC
    )
    small = cv2.resize(
        image.mean(2), (width // 4 + 1, height // 4 + 1), interpolation=cv2.INTER_AREA
    )
    soft = cv2.resize(cv2.bilateralFilter(small, 5, 0.1, 2), (width, height))
    depth = plane + rng.uniform(0, 0.8) * shapes + rng.uniform(-0.5, 0.5) * soft
    depth = depth - depth.min()
    depth = depth / max(float(depth.max()), 1e-3)
    floor = rng.uniform(0.1, 0.8)
    return floats(floor + (1 - floor) * depth)


def rain(
    image: FloatArray,
    rng: Generator,
    *,
    amount: float,
    length: float,
    opacity: float,
    width: float = 1.0,
) -> FloatArray:
    """Streaks of about `length` pixels in 1 to 3 layers, added as light, one to two and a half
    times `width` pixels wide.

    `amount`, above 0, is the light of them all: black becomes lighter by about 1.2 times `amount`
    times `opacity` in the mean, however long they are. It is no share of the picture. Streaks are
    soft and cross each other: at 0.1 they are on nearly half of it, at 0.4 nearly everywhere.
    """
    layers = int(rng.integers(1, 4))
    lean = rng.uniform(-0.9, 0.9)
    result = image
    for _ in range(layers):
        zoom = rng.uniform(0.5, 1.3) * width
        streaks = _streaks(image.shape[:2], rng, amount / layers, length, lean, zoom)
        lean_more = rng.normal(0, 0.15)
        lean = float(np.clip(lean + lean_more, -1.2, 1.2))
        light = rng.uniform(0.7, 1.0)
        alpha = np.clip(streaks * opacity, 0, 1)[..., None]
        result = result + alpha * (light - result * rng.uniform(0.2, 1.0))
    return floats(np.clip(result, 0, 1))


def _streaks(
    shape: tuple[int, ...],
    rng: Generator,
    amount: float,
    length: float,
    lean: float,
    zoom: float,
) -> FloatArray:
    """Drops smeared along the fall, then enlarged by `zoom`; `lean` in radians from the vertical.
    Values 0 to about 1."""
    height, width = max(8, int(shape[0] / zoom)), max(8, int(shape[1] / zoom))
    length = max(3.0, length / zoom)
    drops = (rng.random((height, width), np.float32) < amount / length * 2).astype(np.float32)
    drops *= rng.uniform(0.4, 1.0, (height, width)).astype(np.float32)
    reach = int(length / 2) + 1
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    dx, dy = np.sin(lean) * length / 2, np.cos(lean) * length / 2
    ends = (
        (round((reach - dx) * 16), round((reach - dy) * 16)),
        (round((reach + dx) * 16), round((reach + dy) * 16)),
    )
    cv2.line(kernel, ends[0], ends[1], 1.0, 1, cv2.LINE_AA, 4)
    kernel = floats(cv2.GaussianBlur(kernel, (0, 0), rng.uniform(0.3, 0.9)))
    streaks = cv2.filter2D(drops, -1, kernel, borderType=cv2.BORDER_REFLECT)
    return floats(cv2.resize(streaks, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR))


def snow(
    image: FloatArray, rng: Generator, *, amount: float, size: float, veil: float
) -> FloatArray:
    """Flakes up to `size` pixels over a share `amount`, near ones soft, before a white `veil`."""
    height, width = image.shape[:2]
    result = image * (1 - veil) + 0.9 * veil
    layers = int(rng.integers(1, 4))
    for _ in range(layers):
        radius = size * rng.uniform(0.2, 1.0) / 2
        count = min(4000, int(amount / layers * height * width / (np.pi * radius**2 + 1)))
        cover = np.zeros((height, width), np.float32)
        for _ in range(count):
            _flake(cover, rng, radius)
        if rng.random() < 0.5:
            softness = max(0.3, radius * rng.uniform(0.1, 0.7))
            cover = floats(cv2.GaussianBlur(cover, (0, 0), softness))
        cover = cover[..., None] * rng.uniform(0.6, 1.0)
        result = result * (1 - cover) + rng.uniform(0.85, 1.0) * cover
    return floats(np.clip(result, 0, 1))


def _flake(cover: FloatArray, rng: Generator, radius: float) -> None:
    """Paint one flake: an ellipse, longer along its fall, more or less opaque."""
    height, width = cover.shape
    centre = (int(rng.random() * width * 16), int(rng.random() * height * 16))
    long = radius * rng.uniform(0.6, 1.6)
    axes = (max(8, int(long * 16)), max(8, int(radius * rng.uniform(0.5, 1.0) * 16)))
    angle = rng.normal(90, 30)
    cv2.ellipse(
        cover, centre, axes, angle, 0, 360, float(rng.uniform(0.4, 1.0)), -1, cv2.LINE_AA, 4
    )


def low_light(
    image: FloatArray, rng: Generator, *, exposure: float, gamma: float, noise: float
) -> FloatArray:
    """Too little light: linear light times `exposure` (0 to 1), tone curve `gamma`, and noise.

    `noise` is the standard deviation at black, as a share of white, with photon noise to match.
    """
    linear = srgb_to_linear(np.clip(image, 0, 1)) ** np.float32(gamma) * np.float32(exposure)
    linear *= (1 + rng.normal(0, 0.03, 3)).astype(np.float32)
    dark = linear_to_srgb(np.clip(linear, 0, 1))
    return camera_noise(dark, rng, shot=noise * 0.5, read=noise, smooth=rng.uniform(0, 0.8))
