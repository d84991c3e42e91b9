"""How a photo is blurred, read from the photo: the first half of blind deconvolution.

From coarse to fine the picture's edges are guessed, and the blur is fitted that turns them into
what is seen (Cho and Lee 2009, "Fast motion deblurring"; Xu, Zheng and Jia 2013, "Unnatural L0
sparse representation for natural image deblurring"). What is guessed from is what a deblurring
network makes of the picture, and of what was sharpened by the last fit.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import torch
from torch import Tensor

from engine.diffusion.deblurring.deconvolution import added_up, deconvolved, encoded
from engine.diffusion.deblurring.edges import edges_alone
from engine.diffusion.runner import as_tensor
from engine.diffusion.tiled import Work
from engine.photo import FloatArray, floats
from engine.resize import reduced

SIDE = 41
"""Side, in pixels, of the largest blur that is read."""
_SCALES = (0.25, 0.354, 0.5, 0.707, 1.0)
_ROUNDS = 3
"""Fits at each scale."""
LOOKS = len(_SCALES) * (_ROUNDS + 1) - 1
"""How often a picture is sharpened until its blur is read."""
_PRIOR = 0.05
"""Weight of the network's picture in what is sharpened on the way."""
_FEW = 6e-3
"""How much fewer edges are worth."""
_STRONG = 0.9
"""Share of the pixels that no blur is fitted by, for their gradients are too faint."""
_RIDGE = 0.03
"""Weight of small blurs, beside the mean power of the edges."""
_FAINT = 0.1
"""Of a blur's strongest place: what is fainter is taken for noise."""
_ISLAND = 0.2
"""Of a blur's sum: a lighter part that lies apart is taken for noise."""
_COUNTED = 1_000_000
"""Most values that a quantile is taken from."""


def blur_kernel(picture: FloatArray, sharpen: Work) -> tuple[FloatArray, FloatArray]:
    """The one blur of a whole picture (h, w, 3), sRGB-encoded, 0..1, each side at least twice
    `SIDE`: (`SIDE`, `SIDE`), not negative, summing to 1 about its middle; and what `sharpen` makes
    of the picture, (h, w, 3), which is among what is looked at.

    `sharpen` makes a picture sharper. One that is sharp, or shows no edge to read a blur from,
    gets a blur, too.
    """
    kernel, start = np.ones((1, 1), np.float32), picture
    for small, side in _pyramid(picture):
        sharp = start = sharpen(small)
        for _ in range(_ROUNDS):
            if len(kernel) > 1:
                sharp = sharpen(deconvolved(small, start, resized(kernel, side), _PRIOR))
            edges = edges_alone(as_tensor(encoded(added_up(sharp).mean(-1))), _FEW)
            seen = added_up(small).mean(-1)
            kernel = fitted_kernel(added_up(floats(edges.numpy())), seen, side)
    return kernel, start


def fitted_kernel(edges: FloatArray, blurred: FloatArray, side: int) -> FloatArray:
    """The blur (side, side), side odd, that best turns the strong gradients of `edges` (h, w) into
    those of `blurred` (h, w), cleared of what no blur has.

    Least squares in the Fourier domain (Cho and Lee 2009), where borders are faded out.
    """
    height, width = edges.shape
    fade = torch.outer(*(torch.hann_window(n, periodic=False).sqrt() for n in (height, width)))
    given, seen = (torch.gradient(as_tensor(picture)) for picture in (edges, blurred))
    strength = torch.hypot(*given)
    counted = strength.flatten()[:: 1 + strength.numel() // _COUNTED]
    strong = fade * (strength >= torch.quantile(counted, _STRONG))
    together, power = torch.zeros(()), torch.zeros(())
    for have, want in zip(given, seen, strict=True):
        source, target = torch.fft.rfft2(have * strong), torch.fft.rfft2(want * fade)
        together, power = together + source.conj() * target, power + source.abs() ** 2
    fit = torch.fft.irfft2(together / (power + _RIDGE * power.mean() + 1e-12), s=(height, width))
    middle: Tensor = torch.roll(fit, (side // 2, side // 2), (0, 1))[:side, :side]
    return _cleared(floats(middle.numpy()))


def resized(kernel: FloatArray, side: int) -> FloatArray:
    """A blur (n, n) as it is in a picture `side` / n times as large, (side, side)."""
    large = cv2.resize(kernel, (side, side), interpolation=cv2.INTER_CUBIC)
    return _centred(floats(np.maximum(large, 0)))


def spread(kernel: FloatArray) -> float:
    """How far a blur (n, n) reaches: the root mean square distance from its middle, in pixels."""
    away = np.indices(kernel.shape) - len(kernel) // 2
    return float(np.sqrt((kernel * (away**2).sum(0)).sum()))


def _pyramid(picture: FloatArray) -> Iterator[tuple[FloatArray, int]]:
    """The picture from small to its own size, each with the side of the blur there."""
    height, width = picture.shape[:2]
    for scale in _SCALES:
        size = round(width * scale), round(height * scale)
        small = reduced(picture, *size) if scale < 1 else picture
        yield small, max(5, int(SIDE * scale) // 2 * 2 + 1)


def _cleared(kernel: FloatArray) -> FloatArray:
    """Without what is negative, faint or apart."""
    kernel = np.maximum(kernel, 0)
    kernel[kernel < _FAINT * kernel.max()] = 0
    count, parts = cv2.connectedComponents((kernel > 0).astype(np.uint8), connectivity=8)
    sums = np.bincount(parts.ravel(), kernel.ravel(), count)
    heavy = sums >= _ISLAND * sums.sum()
    return _centred(floats(np.where(heavy[parts], kernel, 0)))


def _centred(kernel: FloatArray) -> FloatArray:
    """Summing to 1, its centre of gravity in the middle; a point where there is nothing."""
    half, total = len(kernel) // 2, kernel.sum()
    if total <= 0:
        point = np.zeros_like(kernel)
        point[half, half] = 1
        return point
    by = [half - round(float((kernel * at).sum() / total)) for at in np.indices(kernel.shape)]
    return np.roll(kernel / total, by, (0, 1))
