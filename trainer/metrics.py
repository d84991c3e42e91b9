"""How near a restored picture is to the clean one: PSNR, SSIM, colour, and traces of a grid.

Pictures are (h, w, 3) RGB, sRGB-encoded, 0 to 1; all is computed in float64. The luma measures are
those of the super-resolution literature: the Y of BT.601 in its studio range, data range 1.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.photo import FloatArray

Doubles = NDArray[np.float64]

BEST_PSNR = 100.0
"""dB; what equal pictures score, so that means and JSON stay finite."""

WINDOW = 11
SPREAD = 1.5
C1, C2 = 0.01**2, 0.03**2


def psnr(restored: FloatArray, clean: FloatArray) -> float:
    """Peak signal-to-noise ratio in dB over all values at once, peak 1; at most `BEST_PSNR`."""
    return _psnr(*_doubles(restored, clean))


def psnr_luma(restored: FloatArray, clean: FloatArray) -> float:
    """`psnr` of the Y channel."""
    return _psnr(*(luma(picture) for picture in _doubles(restored, clean)))


def ssim(restored: FloatArray, clean: FloatArray) -> float:
    """Structural similarity (Wang, Bovik, Sheikh and Simoncelli 2004), mean over R, G and B.

    Gaussian window of 11 x 11 with sigma 1.5, K1 = 0.01, K2 = 0.03, data range 1, and only where
    the window lies wholly inside. Pictures smaller than the window raise `ValueError`.
    """
    a, b = _doubles(restored, clean)
    return float(np.mean([_ssim(a[..., c], b[..., c]) for c in range(a.shape[2])]))


def ssim_luma(restored: FloatArray, clean: FloatArray) -> float:
    """`ssim` of the Y channel."""
    a, b = _doubles(restored, clean)
    return _ssim(luma(a), luma(b))


def luma(picture: Doubles) -> Doubles:
    """Y of ITU-R BT.601 in studio range, 16/255 to 235/255, of (h, w, 3); gives (h, w)."""
    weights = np.array((65.481, 128.553, 24.966)) / 255
    return np.asarray(picture @ weights + 16 / 255, np.float64)


def lab(picture: FloatArray | Doubles) -> Doubles:
    """CIE L*a*b* (D65, 2 degrees) of sRGB-encoded values (..., 3): L 0 to 100, a and b signed."""
    encoded = np.asarray(picture, np.float64)
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        (
            (0.4124564, 0.3575761, 0.1804375),
            (0.2126729, 0.7151522, 0.0721750),
            (0.0193339, 0.1191920, 0.9503041),
        )
    )
    ratio = linear @ (to_xyz / to_xyz.sum(axis=1, keepdims=True)).T
    small, slope = (6 / 29) ** 3, (29 / 6) ** 2 / 3
    f = np.where(ratio > small, np.cbrt(ratio), slope * ratio + 4 / 29)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack((116 * y - 16, 500 * (x - y), 200 * (y - z)), axis=-1)


def delta_e(first: Doubles, second: Doubles) -> Doubles:
    """CIEDE2000 colour difference of L*a*b* colours (..., 3), after Sharma, Wu and Dalal 2005.

    1 is about what an eye can just see side by side.
    """
    l1, a1, b1 = (first[..., i] for i in range(3))
    l2, a2, b2 = (second[..., i] for i in range(3))
    stretch = 1.5 - 0.5 * _steep((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2)
    c1, c2 = np.hypot(stretch * a1, b1), np.hypot(stretch * a2, b2)
    h1 = np.degrees(np.arctan2(b1, stretch * a1)) % 360
    h2 = np.degrees(np.arctan2(b2, stretch * a2)) % 360
    coloured = c1 * c2 > 0
    apart = h2 - h1
    # exactly opposite hues are left as they are, so that the order of the two does not matter
    turn = np.where(np.abs(apart) > 180, apart - 360 * np.sign(apart), apart) * coloured
    hue = np.where(coloured, h1 + turn / 2, h1 + h2)
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    toward = sum(
        weight * np.cos(np.radians(times * hue + shift))
        for weight, times, shift in ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    )
    scale_l = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    part_l, part_c = (l2 - l1) / scale_l, (c2 - c1) / (1 + 0.045 * chroma)
    part_h = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    part_h = part_h / (1 + 0.015 * chroma * (1 + toward))
    blue = np.radians(60 * np.exp(-(((hue % 360 - 275) / 25) ** 2)))
    rotation = -np.sin(blue) * 2 * _steep(chroma)
    square = part_l**2 + part_c**2 + part_h**2 + rotation * part_c * part_h
    return np.asarray(np.sqrt(np.maximum(square, 0)), np.float64)


def flat_colour_error(restored: FloatArray, clean: FloatArray, block: int = 8) -> float:
    """Mean CIEDE2000 between the mean colours of blocks in which the clean picture is flat.

    The flattest tenth of the blocks is taken, so that every picture has some.
    """
    rows, columns = clean.shape[0] // block, clean.shape[1] // block
    a, b = (
        picture[: rows * block, : columns * block].reshape(rows, block, columns, block, 3)
        for picture in _doubles(restored, clean)
    )
    unrest = b.std(axis=(1, 3)).max(axis=-1)
    flat = unrest <= np.quantile(unrest, 0.1)
    return float(delta_e(lab(a.mean(axis=(1, 3))[flat]), lab(b.mean(axis=(1, 3))[flat])).mean())


def grid_excess(restored: FloatArray, clean: FloatArray) -> float:
    """How far the error jumps more at one phase of a grid than elsewhere; 0 where no grid shows.

    Looks at steps of the error between neighbours, down and across, at the periods 2, 4, 8 and 16
    at which JPEG blocks and strided convolutions leave marks. 0.1 is a tenth above the mean step.
    """
    a, b = _doubles(restored, clean)
    error = a.mean(axis=2) - b.mean(axis=2)
    worst = 0.0
    for steps in (np.abs(np.diff(error, axis=0)).mean(1), np.abs(np.diff(error, axis=1)).mean(0)):
        for period in (2, 4, 8, 16):
            whole = steps[: len(steps) // period * period].reshape(-1, period)
            if whole.size:
                # the median over the repeats: a grid shows everywhere, a lone edge does not
                share = whole / (whole.mean(1, keepdims=True) + 1e-6)
                worst = max(worst, float(np.median(share, 0).max()))
    return max(0.0, worst - 1)


def _steep(chroma: Doubles) -> Doubles:
    return np.asarray(np.sqrt(chroma**7 / (chroma**7 + 25.0**7)), np.float64)


def _psnr(a: Doubles, b: Doubles) -> float:
    error = float(np.mean((a - b) ** 2))
    return min(BEST_PSNR, -10 * float(np.log10(max(error, 1e-300))))


def _ssim(a: Doubles, b: Doubles) -> float:
    if min(a.shape) < WINDOW:
        raise ValueError(f"SSIM needs pictures of {WINDOW} pixels or more, not {a.shape}")
    mean_a, mean_b = _windowed(a), _windowed(b)
    var_a, var_b = _windowed(a * a) - mean_a**2, _windowed(b * b) - mean_b**2
    both = _windowed(a * b) - mean_a * mean_b
    above = (2 * mean_a * mean_b + C1) * (2 * both + C2)
    return float(np.mean(above / ((mean_a**2 + mean_b**2 + C1) * (var_a + var_b + C2))))


def _windowed(channel: Doubles) -> Doubles:
    kernel = cv2.getGaussianKernel(WINDOW, SPREAD)
    edge = WINDOW // 2
    smooth = cv2.sepFilter2D(channel, cv2.CV_64F, kernel, kernel)
    return np.asarray(smooth[edge:-edge, edge:-edge], np.float64)


def _doubles(restored: FloatArray, clean: FloatArray) -> tuple[Doubles, Doubles]:
    if restored.shape != clean.shape:
        raise ValueError(f"pictures of one size are compared, not {restored.shape}, {clean.shape}")
    return np.asarray(restored, np.float64), np.asarray(clean, np.float64)
