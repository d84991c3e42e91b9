"""Changes of a whole picture's light and colour: looks, underexposure, faded dyes."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from engine.light import linear_to_srgb, srgb_to_linear
from engine.photo import FloatArray, floats
from trainer.degradations.depth import scene_depth
from trainer.degradations.haze import Haze
from trainer.degradations.noise import camera_noise

_LUMA = floats([0.2126, 0.7152, 0.0722])
_BLACK = 0.003
"""Light of the deepest black of a print."""


def graded(image: FloatArray, rng: Generator, *, amount: float) -> FloatArray:
    """Another photographer's taste: exposure, contrast, warmth and saturation, `amount` 0 to 1."""
    linear = srgb_to_linear(np.clip(image, 0, 1))
    linear = linear * floats(2.0 ** (amount * (rng.normal(0, 0.3) + rng.normal(0, 0.06, 3))))
    picture = linear_to_srgb(np.clip(linear, 0, 1)) ** np.exp(amount * rng.normal(0, 0.2))
    gray = (picture @ _LUMA)[..., None]
    picture = gray + (picture - gray) * np.exp(amount * rng.normal(0, 0.25))
    # an S-shaped curve, or its reverse
    picture = picture - amount * rng.normal(0, 0.04) * np.sin(2 * np.pi * np.clip(picture, 0, 1))
    return floats(np.clip(picture, 0, 1))


def lamplit(image: FloatArray, rng: Generator, *, stops: float) -> FloatArray:
    """Light of a lamp, mostly a warm one, that no white balance has taken out: `stops` from the
    weakest colour to the strongest, in linear light."""
    way = -1.0 if rng.random() < 0.2 else 1.0
    middle = rng.uniform(-0.1, 0.5)
    gains = 2.0 ** (way * stops * np.array((0.5, 0.5 * middle, -0.5)))
    return linear_to_srgb(floats(np.clip(srgb_to_linear(np.clip(image, 0, 1)) * gains, 0, 1)))


def veil(
    image: FloatArray, rng: Generator, *, density: float, airlight: float, glow: float
) -> tuple[FloatArray, Haze | None]:
    """Haze over a whole scene, I = J t + A (1 - t), t = exp(-density * depth) (Koschmieder).

    `density` is the optical depth of what is farthest, `airlight` the brightness of A, 0 to 1,
    whose tint may be that of dust, smog or a blue morning, or of the light that the scene lies in.
    In every second picture A falls by the share `glow`, 0 to 1, away from the sun or a lamp. It is
    mixed in as encoded values, as haze is usually rendered and undone, and told with the picture;
    now and then as linear light, and then no transmission undoes it. Half of the pictures that it
    makes bright are exposed for it.
    """
    transmission = np.exp(-np.float32(density) * scene_depth(image, rng))[..., None]
    warmth = float(rng.normal(0, 0.02 if rng.random() < 0.7 else 0.07))
    tint = floats([1 + warmth, 1 + float(rng.normal(0, 0.008)), 1 - warmth])
    if rng.random() < 0.5:
        tint = tint * _illuminant(image) ** np.float32(rng.uniform(0, 1))
    shape = image.shape[:2]
    light = _falling(shape, rng, glow) if rng.random() < 0.5 else np.ones(shape, np.float32)
    air = floats(np.clip(airlight * tint * light[..., None], 0, 1))
    if rng.random() < 0.1:
        light = srgb_to_linear(image) * transmission + srgb_to_linear(air) * (1 - transmission)
        return linear_to_srgb(floats(np.clip(light, 0, 1))), None
    added = floats(air * (1 - transmission))
    hazy = floats(image * transmission + added)
    gain = np.float32(min(1.0, rng.uniform(0.5, 0.75) / max(float(hazy.mean()), 1e-3)))
    if rng.random() < 0.5 and gain < 1:
        # a darker picture is one seen through less, with what makes up for it in the airlight
        hazy, transmission, added = hazy * gain, transmission * gain, added * gain
        air = floats(added / np.maximum(1 - transmission, 1e-3))
    return hazy, Haze(floats(transmission[..., 0]), air)


def _illuminant(image: FloatArray) -> FloatArray:
    """Colour of the light (3), its strongest part 1: that of the brightest places (Land's Retinex,
    1977, without its single brightest pixels)."""
    bright = np.quantile(image.reshape(-1, 3), 0.97, axis=0) + 0.02
    return floats(bright / bright.max())


def _falling(shape: tuple[int, int], rng: Generator, share: float) -> FloatArray:
    """1 where a light is and `share` less where it is farthest, (h, w): around a point in the
    picture or beside it."""
    height, width = shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / np.float32(max(height, width))
    down, across = rng.uniform(-0.5, 1.2) * height, rng.uniform(-0.3, 1.3) * width
    away = np.hypot(y - down / max(height, width), x - across / max(height, width))
    away = away / rng.uniform(0.3, 1.2)
    fall = away**2 / (1 + away**2)
    fall = fall - fall.min()
    return floats(1 - share * fall / max(float(fall.max()), 1e-3))


def underexposed(
    image: FloatArray, rng: Generator, *, stops: float, curve: float, noise: float
) -> FloatArray:
    """Too little light: linear light times 2 ** -`stops`, a black level, a tone curve, and noise.

    `curve` is the standard deviation of the logarithm of the tone curve's exponent; `noise` that
    of the noise at black, as a share of white, with photon noise to match.
    """
    gains = 2.0 ** -(stops + rng.normal(0, 0.05, 3))
    linear = srgb_to_linear(np.clip(image, 0, 1)) * floats(gains)
    dark = linear_to_srgb(np.clip(linear, 0, 1)) ** np.float32(np.exp(rng.normal(0, curve)))
    if rng.random() < 0.25:
        level = rng.uniform(-0.03, 0.04)
        dark = np.clip(dark * (1 - max(level, 0)) + level, 0, 1)
    smooth = rng.uniform(0, 0.8)
    return camera_noise(floats(dark), rng, shot=noise * 0.5, read=noise, smooth=smooth)


def bleached(
    image: FloatArray, rng: Generator, *, loss: float, uneven: float, stain: float
) -> FloatArray:
    """A colour print whose three dyes lost density in light, and whose base has yellowed.

    Optical density per colour is scaled: by 1 - `loss` on average, each dye by up to `uneven` (0
    to 1) more or less; dyes overlap a little, so that colours also lose saturation. `stain` is the
    density of the yellowed base in blue; old prints may have lost their deepest black as well.
    """
    light = np.maximum(srgb_to_linear(np.clip(image, 0, 1)), np.float32(_BLACK))
    density = -np.log10(light)
    kept = np.clip((1 - loss) * (1 + uneven * rng.uniform(-1, 1, 3)), 0.2, 1.0)
    overlap = rng.uniform(0, 0.12) * loss
    mixing = (1 - overlap) * np.diag(kept) + overlap * kept.mean() / 3
    base = stain * np.array((rng.uniform(0, 0.3), rng.uniform(0.1, 0.5), 1.0))
    lifted = rng.uniform(0, 0.1) * loss * rng.random()
    faded = 10.0 ** -(density @ floats(mixing).T + floats(base))
    return linear_to_srgb(floats(np.clip(lifted + (1 - lifted) * faded, 0, 1)))
