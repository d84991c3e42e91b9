"""The bench's own degradations: built otherwise than those of the training, on purpose.

A network that only learnt to undo its trainer's renderer would shine in a test made with that
renderer. Here blur happens in linear light along a curved shake, haze has the depth of a landscape
in layers, rain and snow fall in three dimensions, colours fade by dye, and darkness counts
photons. Pictures are (h, w, 3) float32, 0 to 1; what comes back is as a saved 8-bit file has it.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from engine.light import linear_to_srgb, srgb_to_linear
from engine.photo import FloatArray, floats
from trainer.bench.trial import eight_bit

_FILTERS = (
    Image.Resampling.BOX,
    Image.Resampling.BILINEAR,
    Image.Resampling.BICUBIC,
    Image.Resampling.LANCZOS,
)
FINE = 4
"""Binary digits after the point in coordinates handed to OpenCV's drawing."""


def white_noise(image: FloatArray, rng: Generator, sigma: float) -> FloatArray:
    """Gaussian noise as the literature adds it: in float, neither clipped nor rounded."""
    return np.asarray(image + rng.normal(0, sigma, image.shape), np.float32)


def jpeg(image: FloatArray, quality: int) -> FloatArray:
    """Through a JPEG file by Pillow: quality 1 to 95, colour halved each way (4:2:0)."""
    file = io.BytesIO()
    _picture(image).save(file, "JPEG", quality=quality, subsampling="4:2:0")
    return np.asarray(Image.open(file).convert("RGB"), np.float32) / np.float32(255)


def shrunk(image: FloatArray, scale: int) -> FloatArray:
    """Bicubic reduction, anti-aliased, as the super-resolution literature does it.

    Height and width are multiples of `scale`.
    """
    size = image.shape[1] // scale, image.shape[0] // scale
    channels = [
        np.asarray(Image.fromarray(channel).resize(size, Image.Resampling.BICUBIC), np.float32)
        for channel in np.ascontiguousarray(image.transpose(2, 0, 1))
    ]
    return eight_bit(np.stack(channels, axis=2))


def passed_on(image: FloatArray, rng: Generator, scale: int) -> FloatArray:
    """As a picture comes that went from hand to hand, 1 / `scale` of its size in the end: twice
    blurred, resized, made noisy and saved (second-order degradation, Wang et al. 2021).

    Height and width are multiples of `scale`.
    """
    height, width = image.shape[:2]
    shrink = rng.uniform(0.6, 1.0)
    first = _handed(
        image,
        rng,
        size=(round(width * shrink), round(height * shrink)),
        blur=rng.uniform(0.2, 1.5),
        noise=rng.uniform(0, 10) / 255,
        quality=int(rng.integers(60, 96)),
    )
    return _handed(
        first,
        rng,
        size=(width // scale, height // scale),
        blur=rng.uniform(0.2, 1.0),
        noise=rng.uniform(0, 4) / 255,
        quality=int(rng.integers(70, 96)),
    )


def _handed(
    image: FloatArray,
    rng: Generator,
    *,
    size: tuple[int, int],
    blur: float,
    noise: float,
    quality: int,
) -> FloatArray:
    """Once blurred, resized to `size` (width, height), made noisy and saved."""
    soft = _picture(floats(cv2.GaussianBlur(image, (0, 0), blur)))
    small = soft.resize(size, Image.Resampling(int(rng.choice(_FILTERS))))
    pixels = np.asarray(small, np.float32) / np.float32(255)
    return jpeg(white_noise(pixels, rng, noise), quality)


def shaken(image: FloatArray, rng: Generator, reach: float, noise: float) -> FloatArray:
    """Camera shake along a curve about `reach` pixels long, dwelling where the hand turned."""
    angle, bend = rng.uniform(0, 2 * np.pi), rng.uniform(-0.4, 0.4)
    along = np.array((np.cos(angle), np.sin(angle)))
    corner = along * reach / 2 + np.array((-along[1], along[0])) * reach * bend
    t = np.linspace(0, 1, 200)[:, None] ** rng.uniform(0.7, 1.4)
    path = 2 * t * (1 - t) * corner + t**2 * along * reach
    half = int(np.ceil(np.abs(path - path.mean(0)).max())) + 2
    kernel = np.zeros((2 * half + 1, 2 * half + 1), np.float32)
    places = np.rint(path - path.mean(0)).astype(int) + half
    np.add.at(kernel, (places[:, 1], places[:, 0]), 1.0)
    soft = cv2.GaussianBlur(kernel, (0, 0), 0.6)
    return _blurred(image, rng, np.asarray(soft / soft.sum(), np.float32), noise)


def defocused(image: FloatArray, rng: Generator, radius: float, noise: float) -> FloatArray:
    """Out of focus behind an aperture of five to seven blades, `radius` pixels wide."""
    blades, turn = int(rng.integers(5, 8)), rng.uniform(0, 2 * np.pi)
    half = int(np.ceil(radius)) + 1
    around = turn + 2 * np.pi * np.arange(blades) / blades
    outline = half + radius * np.stack((np.cos(around), np.sin(around)), 1)
    kernel = np.zeros((2 * half + 1, 2 * half + 1), np.float32)
    cv2.fillPoly(kernel, [_fine(outline)], 1.0, cv2.LINE_AA, FINE)
    return _blurred(image, rng, kernel / kernel.sum(), noise)


def hazed(image: FloatArray, rng: Generator, density: float) -> FloatArray:
    """Mist over a landscape in layers: ground that recedes, two or three ridges, a far sky.

    `density` is the optical depth at the far ridge: 1 is light, 3 dense.
    """
    height, width = image.shape[:2]
    horizon = rng.uniform(0.15, 0.4) * height
    rows = np.arange(height, dtype=np.float32)[:, None].repeat(width, 1)
    # a plane seen from above its ground: distance goes with 1 / (row - horizon)
    depth = np.minimum(1, 0.12 * height / np.maximum(rows - horizon, 1))
    for distance in sorted(rng.uniform(0.3, 1.0, int(rng.integers(2, 4))), reverse=True):
        crest = np.interp(np.arange(width), np.linspace(0, width, 9), rng.normal(0, 1, 9))
        crest = cv2.blur(crest, (1, width // 8 + 1))[:, 0] + 6 * (1 - distance)
        ridge = rows > horizon + height * 0.05 * crest[None]
        depth = np.where(ridge, np.minimum(depth, distance), depth)
    smooth = cv2.GaussianBlur(np.asarray(depth, np.float32), (0, 0), 2)
    transmission = np.exp(-density * smooth)[..., None]
    airlight = rng.uniform(0.78, 0.95) + np.array((-0.02, 0.0, 0.02)) * rng.normal()
    return eight_bit(np.asarray(image * transmission + airlight * (1 - transmission), np.float32))


def rained(image: FloatArray, rng: Generator, drops: float) -> FloatArray:
    """`drops` per thousand pixels at random distances: near ones long, wide and faint.

    A drop shows the blurred scene behind it, brightened, as a lens of water does.
    """
    height, width = image.shape[:2]
    cover = np.zeros((height, width), np.float32)
    lean = rng.uniform(-0.45, 0.45)
    for near in np.sort(rng.uniform(0.12, 1.0, round(drops * height * width / 1000))):
        lone = lean + rng.normal(0, 0.04)
        tail = 42 * near * rng.uniform(0.6, 1.2) * np.array((np.sin(lone), np.cos(lone)))
        side = np.array((np.cos(lone), -np.sin(lone))) * max(0.6, 1.7 * near)
        head = rng.random(2) * (width, height)
        drop = np.stack((head - tail, head + side / 2, head + side * 0.2 + tail * 0.05))
        layer = float(rng.uniform(0.3, 0.75) * (1 - 0.5 * near))
        cv2.fillPoly(cover, [_fine(drop)], layer, cv2.LINE_AA, FINE)
    scene = cv2.GaussianBlur(image, (0, 0), 9)
    light = np.clip(0.55 * scene + 0.45, 0, 1)
    alpha = cv2.GaussianBlur(cover, (0, 0), 0.5)[..., None]
    wet = 0.94 * image + 0.06 * scene.mean()
    return eight_bit(np.asarray(wet * (1 - alpha) + light * alpha, np.float32))


def snowed(image: FloatArray, rng: Generator, flakes: float) -> FloatArray:
    """`flakes` per thousand pixels in four depths: ragged clumps, blurred and smeared when near."""
    height, width = image.shape[:2]
    result = image
    wind = rng.uniform(-0.6, 0.6)
    for size, share in ((1.2, 0.5), (2.2, 0.3), (4.0, 0.15), (7.5, 0.05)):
        hits = rng.random((height, width)) < flakes * share / 1000
        points = (hits * rng.uniform(0.5, 1.0, hits.shape)).astype(np.float32)
        kernel = _clump(rng, size, wind)
        cover = cv2.filter2D(points, -1, kernel, borderType=cv2.BORDER_CONSTANT)
        alpha = np.clip(cover, 0, 1)[..., None] * np.float32(rng.uniform(0.75, 0.95))
        result = result * (1 - alpha) + np.float32(0.96) * alpha
    return eight_bit(np.asarray(result, np.float32))


def scratched(image: FloatArray, rng: Generator, count: int) -> tuple[FloatArray, FloatArray]:
    """`count` groups of scratches, folds and crumbs; and the mask (h, w), 1 where they are."""
    height, width = image.shape[:2]
    result, mask = image, np.zeros((height, width), np.float32)
    for _ in range(count):
        cover = np.zeros((height, width), np.float32)
        start, turn = rng.random(2) * (width, height), rng.uniform(0, np.pi)
        if rng.random() < 0.2:
            crumb = start + rng.uniform(0.5, 3.5, (9, 1)) * _ring(9)
            cv2.fillPoly(cover, [_fine(crumb)], 1.0, cv2.LINE_AA, FINE)
        for offset in rng.normal(0, 6, int(rng.integers(1, 4))):
            along = np.linspace(0, rng.uniform(0.1, 0.9) * max(height, width), 24)
            sway = offset + np.cumsum(rng.normal(0, 0.8, 24))
            path = start + along[:, None] * _turned(turn) + sway[:, None] * _turned(turn + 1.57)
            wide = int(rng.integers(1, 4))
            cv2.polylines(cover, [_fine(path)], False, 1.0, wide, cv2.LINE_AA, FINE)
        ink = rng.uniform(0.8, 1.0) if rng.random() < 0.7 else rng.uniform(0.0, 0.15)
        alpha = cv2.GaussianBlur(cover, (0, 0), 0.4)[..., None] * np.float32(rng.uniform(0.8, 1))
        result = np.asarray(result * (1 - alpha) + np.float32(ink) * alpha, np.float32)
        mask = np.maximum(mask, alpha[..., 0])
    return eight_bit(result), (mask > 0.1).astype(np.float32)


def scanner(
    rng: Generator, width: int
) -> tuple[Callable[[FloatArray], FloatArray], Callable[[FloatArray], FloatArray]]:
    """A scanner for pictures `width` pixels wide, and its lens alone, which also shows how far a
    mark on the glass is drawn out.

    Soft by 0.5 to 1.3 pixels in linear light, every second time in black and white and then
    printed in brown or gray, with the contrast of its own curve, and sharpened.
    """
    soft, mono = rng.uniform(0.5, 1.3), rng.random() < 0.5
    filters = rng.dirichlet((2, 4, 2)).astype(np.float32)
    brown = floats(np.array((0.75, 1.0, 1.5)) ** rng.uniform(0, 1))
    gamma, sharp = rng.uniform(0.8, 1.4), rng.uniform(0, 1.2)

    def lens(image: FloatArray) -> FloatArray:
        return floats(cv2.GaussianBlur(image, (0, 0), soft))

    def scan(image: FloatArray) -> FloatArray:
        linear = lens(srgb_to_linear(image))
        if mono:
            density = -np.log10(np.maximum(linear @ filters, np.float32(0.004)))
            linear = floats(10 ** -(density[..., None] * brown))
        encoded = linear_to_srgb(floats(np.clip(linear, 0, 1))) ** np.float32(gamma)
        blurred = cv2.GaussianBlur(encoded, (0, 0), width / 600)
        return eight_bit(floats(encoded + np.float32(sharp) * (encoded - blurred)))

    return scan, lens


def faded(image: FloatArray, rng: Generator) -> FloatArray:
    """A colour print after decades: each dye lost its own share of density, the paper yellowed."""
    linear = srgb_to_linear(image)
    density = -np.log10(np.maximum(linear, np.float32(0.004)))
    kept = np.array((rng.uniform(0.4, 0.7), rng.uniform(0.6, 0.9), rng.uniform(0.5, 0.8)))
    stain = np.array((0.01, 0.03, 0.09)) * rng.uniform(0.5, 1.5)
    return eight_bit(linear_to_srgb(np.asarray(10 ** -(density * kept + stain), np.float32)))


def darkened(image: FloatArray, rng: Generator, stops: float, photons: float) -> FloatArray:
    """Underexposed by `stops`, with a white of `photons` counts and the reader's noise of two."""
    light = srgb_to_linear(image) * 2.0**-stops
    counted = rng.poisson(light * photons) + rng.normal(0, 2, image.shape)
    return eight_bit(linear_to_srgb(np.asarray(np.clip(counted / photons, 0, 1), np.float32)))


def _blurred(image: FloatArray, rng: Generator, kernel: FloatArray, noise: float) -> FloatArray:
    linear = srgb_to_linear(image)
    soft = cv2.filter2D(
        linear, -1, np.ascontiguousarray(kernel[::-1, ::-1]), borderType=cv2.BORDER_REFLECT
    )
    encoded = linear_to_srgb(np.asarray(np.clip(soft, 0, 1), np.float32))
    return eight_bit(white_noise(encoded, rng, noise))


def _clump(rng: Generator, size: float, wind: float) -> FloatArray:
    """A flake as a kernel with peak 1: ragged, and smeared along its fall the nearer it is."""
    half = int(np.ceil(1.5 * size))
    y, x = np.mgrid[-half : half + 1, -half : half + 1].astype(np.float32)
    turned, fall = x + wind * y, y / (1 + 0.05 * size)
    ragged = cv2.GaussianBlur(rng.normal(0, 1, x.shape), (0, 0), max(0.6, size / 4))
    ragged = ragged / max(float(ragged.std()), 1e-6)
    cover = np.exp(-(turned**2 + fall**2) / (2 * (size / 2) ** 2)) * (1 + 0.35 * ragged)
    return np.asarray(np.clip(cover / cover.max(), 0, 1), np.float32)


def _ring(corners: int) -> FloatArray:
    return np.stack([_turned(turn) for turn in np.linspace(0, 6, corners)])


def _turned(angle: float) -> FloatArray:
    return np.array((np.cos(angle), np.sin(angle)), np.float32)


def _fine(points: NDArray[np.floating]) -> NDArray[np.int32]:
    return np.asarray(np.rint(points * 2**FINE), np.int32)


def _picture(image: FloatArray) -> Image.Image:
    return Image.fromarray(np.asarray(np.rint(np.clip(image, 0, 1) * 255), np.uint8))
