"""Sensor and film noise."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from engine.light import linear_to_srgb, srgb_to_linear
from engine.photo import FloatArray, floats

# Rec. 709 luma, the split in which cameras treat brightness and colour noise differently.
_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)

_BLOTCHES = 2.5
"""How far the wider half of colour noise reaches, over the other half."""


def gaussian_noise(image: FloatArray, rng: Generator, *, sigma: float) -> FloatArray:
    """Add independent noise of standard deviation `sigma`, in 8-bit levels (0 to 255)."""
    return image + rng.standard_normal(image.shape, np.float32) * np.float32(sigma / 255)


def gray_noise(image: FloatArray, rng: Generator, *, sigma: float) -> FloatArray:
    """Add the same noise to all channels; `sigma` in 8-bit levels."""
    field = rng.standard_normal(image.shape[:2], np.float32)[..., None]
    return image + field * np.float32(sigma / 255)


def poisson_noise(image: FloatArray, rng: Generator, *, scale: float) -> FloatArray:
    """Add photon noise as of a sensor with 255/scale^2 counts at white (Real-ESRGAN's `scale`)."""
    counts = 255.0 / scale**2
    spread = np.sqrt(np.clip(image, 0, 1) / counts)
    return floats(image + spread * rng.standard_normal(image.shape, np.float32))


def camera_noise(
    image: FloatArray, rng: Generator, *, shot: float, read: float, smooth: float
) -> FloatArray:
    """Noise as a camera leaves it: born on the sensor, then demosaiced and developed.

    Heteroscedastic noise of variance `shot * x + read**2` (Foi et al. 2008) is added to a Bayer
    mosaic in linear light behind inverse white-balance gains (Brooks et al. 2019, "Unprocessing"),
    and only what the demosaicing makes of the *noise* reaches the picture, so that the clean
    picture keeps its sharpness. `smooth` (pixels) is the width of the in-camera noise reduction,
    which blurs colour noise three to eight times as far as luminance noise, and half of it two and
    a half times farther still, at the same strength: noise reduction works on several scales and
    leaves blotches. (In files of five cameras the correlation of colour noise falls from 0.9 at one
    pixel to 0.6 at four, slower than any one width would have it.)
    """
    linear = srgb_to_linear(np.clip(image, 0, 1))
    gains = np.array([rng.uniform(1.4, 2.4), 1.0, rng.uniform(1.3, 2.2)], np.float32)
    sensor = linear / gains
    spread = np.sqrt(shot * sensor + read * read).astype(np.float32)
    mosaic_noise = _mosaic(spread) * rng.standard_normal(image.shape[:2], np.float32)
    noise = _demosaic(mosaic_noise) * gains
    if smooth > 0:
        noise = _in_camera_smoothing(noise, smooth, rng.uniform(3, 8))
    return linear_to_srgb(np.clip(linear + noise, 0, 1))


def _mosaic(image: FloatArray) -> FloatArray:
    """(h, w, 3) to an RGGB mosaic (h, w)."""
    mosaic = image[..., 1].copy()
    mosaic[0::2, 0::2] = image[0::2, 0::2, 0]
    mosaic[1::2, 1::2] = image[1::2, 1::2, 2]
    return mosaic


_CROSS = np.array([[0, 1, 0], [1, 4, 1], [0, 1, 0]], np.float32) / 4
_FULL = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]], np.float32) / 4


def _demosaic(mosaic: FloatArray) -> FloatArray:
    """Bilinear interpolation of an RGGB mosaic; linear, so it may be given noise alone."""
    planes = np.zeros((*mosaic.shape, 3), np.float32)
    planes[0::2, 0::2, 0] = mosaic[0::2, 0::2]
    planes[0::2, 1::2, 1] = mosaic[0::2, 1::2]
    planes[1::2, 0::2, 1] = mosaic[1::2, 0::2]
    planes[1::2, 1::2, 2] = mosaic[1::2, 1::2]
    for channel, kernel in enumerate((_FULL, _CROSS, _FULL)):
        planes[..., channel] = cv2.filter2D(planes[..., channel], -1, kernel)
    return planes


def _in_camera_smoothing(noise: FloatArray, smooth: float, farther: float) -> FloatArray:
    luma = noise @ _LUMA
    chroma = noise - luma[..., None]
    luma = floats(cv2.GaussianBlur(luma, (0, 0), max(smooth, 0.2)))
    width = max(farther * smooth, 0.2)
    near, wide = (
        floats(cv2.GaussianBlur(chroma, (0, 0), part)) for part in (width, _BLOTCHES * width)
    )
    # A field of white noise loses strength in proportion to the width it is blurred over.
    mixed = near + _BLOTCHES * wide
    return floats(luma[..., None] + mixed * (near.std() / max(float(mixed.std()), 1e-9)))


def coarse_noise(
    image: FloatArray, rng: Generator, *, sigma: float, size: float, colour: float
) -> FloatArray:
    """Noise that development has drawn out into blotches of about `size` pixels.

    What is left of sensor noise in a file after demosaicing, noise reduction, resizing and
    compression: correlated between neighbours, more so in colour than in luminance, and of an
    overall standard deviation of `sigma` 8-bit levels, of which the share `colour` (0 to 1) is
    colour noise. Stronger in the shadows or in the lights, by a random exponent.
    """
    luma = smooth_field(image.shape[:2], rng, size)
    chroma = np.stack([smooth_field(image.shape[:2], rng, 2.5 * size) for _ in range(3)], 2)
    chroma -= (chroma @ _LUMA)[..., None]
    noise = (1 - colour) * luma[..., None] + colour * chroma
    level = np.clip(cv2.GaussianBlur(image, (0, 0), 1.0) @ _LUMA, 0.02, 1)
    strength = level ** rng.uniform(-0.4, 0.6)
    noise *= (strength / strength.mean())[..., None]
    return floats(image + noise * (sigma / 255 / max(float(noise.std()), 1e-6)))


def smooth_field(shape: tuple[int, ...], rng: Generator, size: float) -> FloatArray:
    """White noise of `shape` (h, w) smoothed over `size` pixels, of standard deviation 1."""
    white = rng.standard_normal(shape, np.float32)
    field = floats(cv2.GaussianBlur(white, (0, 0), max(size, 0.1)))
    return field / max(float(field.std()), 1e-6)


def film_grain(image: FloatArray, rng: Generator, *, sigma: float, size: float) -> FloatArray:
    """Monochrome grain of `size` pixels, strongest in the mid-tones; `sigma` in 8-bit levels."""
    field = rng.standard_normal(image.shape[:2], np.float32)
    field = floats(cv2.GaussianBlur(field, (0, 0), max(size, 0.2)))
    field *= np.float32(sigma / 255) / max(float(field.std()), 1e-6)
    level = np.clip(image @ _LUMA, 0, 1)
    return floats(image + (field * np.sqrt(np.clip(4 * level * (1 - level), 0.05, 1)))[..., None])
