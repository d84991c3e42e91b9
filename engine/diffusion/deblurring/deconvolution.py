"""Taking a known blur out of a picture."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from torch import Tensor

from engine.diffusion.runner import as_tensor
from engine.photo import FloatArray, floats

_EXPONENT = np.float32(1.5)
"""From sRGB's values to those in which blur adds up. Light itself does so at about 2.2, but where
the camera cut highlights or bent its tones that makes dark rims; model card, "what was tried"."""


def added_up(srgb: FloatArray) -> FloatArray:
    """sRGB-encoded values 0..1, of any shape, to those in which blur is taken to add up, 0..1."""
    return floats(np.clip(srgb, 0, 1) ** _EXPONENT)


def encoded(values: FloatArray) -> FloatArray:
    """`added_up` undone, 0..1."""
    return floats(np.clip(values, 0, 1) ** (1 / _EXPONENT))


@torch.inference_mode()
def deconvolved(
    blurred: FloatArray, prior: FloatArray, kernel: FloatArray, weight: float
) -> FloatArray:
    """The picture (h, w, 3) which, blurred by `kernel`, is nearest to `blurred`, (h, w, 3).

    Pictures are sRGB-encoded, 0..1; `kernel` (n, n), n odd, sums to 1. By least squares of that
    distance and, `weight` times, of the one to `prior` (h, w, 3), in `added_up` values: where the
    blur lets nothing through, the prior decides. In the Fourier domain this is Wiener's filter
    (1949) about a prior instead of about 0. Beyond its border a picture goes on as in a mirror.
    """
    height, width = blurred.shape[:2]
    size = _fast(height + 2 * len(kernel)), _fast(width + 2 * len(kernel))
    through = _transfer(kernel, size)
    seen, known = (torch.fft.rfft2(_framed(added_up(p), size)) for p in (blurred, prior))
    mixed = (through.conj() * seen + weight * known) / (through.abs() ** 2 + weight)
    inner = torch.fft.irfft2(mixed, s=size)[:, :height, :width]
    return encoded(floats(inner.permute(1, 2, 0).contiguous().numpy()))


def _transfer(kernel: FloatArray, size: tuple[int, int]) -> Tensor:
    """What a blur does to each frequency of a picture of `size` (height, width), as by `rfft2`."""
    side = len(kernel)
    filled = torch.zeros(size)
    filled[:side, :side] = torch.from_numpy(kernel)
    through: Tensor = torch.fft.rfft2(torch.roll(filled, (-(side // 2), -(side // 2)), (0, 1)))
    return through


def _fast(length: int) -> int:
    """The next length of which Fourier transforms are quick."""
    return int(cv2.getOptimalDFTSize(length))


def _framed(picture: FloatArray, size: tuple[int, int]) -> Tensor:
    """(3, *size): the picture, and behind it its mirrors at both ends, faded into one another, so
    that it goes on evenly where the transform joins its borders."""
    planes = as_tensor(picture).permute(2, 0, 1)
    for axis, long in zip((1, 2), size, strict=True):
        length = planes.shape[axis]
        more = torch.arange(long - length)
        ending = planes.index_select(axis, _mirrored(length + more, length))
        starting = planes.index_select(axis, _mirrored(more - len(more), length))
        fade = (more + 0.5) / len(more)
        fade = fade.reshape([-1 if at == axis else 1 for at in range(3)])
        planes = torch.cat((planes, torch.lerp(ending, starting, fade)), axis)
    return planes


def _mirrored(index: Tensor, length: int) -> Tensor:
    """Where a line of `length` pixels that goes on as in mirrors is read, for any `index`."""
    index = index.remainder(2 * length)
    return torch.where(index < length, index, 2 * length - 1 - index)
