"""Sharpening without a network: unsharp mask, and Richardson-Lucy with the usual kernels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from engine.photo import FloatArray


def unsharp(image: FloatArray, radius: float, amount: float) -> FloatArray:
    """(h, w, 3) plus `amount` times its difference to a Gaussian blur of sigma `radius` pixels."""
    soft = cv2.GaussianBlur(image, (0, 0), radius)
    return np.asarray(np.clip(image + amount * (image - soft), 0, 1), np.float32)


def deconvolved(
    image: FloatArray, kernel: FloatArray, stops: Sequence[int]
) -> Iterator[FloatArray]:
    """Richardson-Lucy deconvolution (Richardson 1972, Lucy 1974) of (h, w, 3), 0 to 1.

    `kernel` is odd-sized and sums to 1. Yields the estimate after each number of rounds in
    `stops`, which rise.
    """
    observed = np.maximum(image, np.float32(1e-3))
    estimate, mirrored = observed, np.ascontiguousarray(kernel[::-1, ::-1])
    for done in range(1, max(stops) + 1):
        seen = np.maximum(_filtered(estimate, mirrored), np.float32(1e-4))
        correction = _filtered(np.asarray(observed / seen, np.float32), kernel)
        estimate = np.asarray(np.clip(estimate * correction, 0, 1), np.float32)
        if done in stops:
            yield estimate


def blur_kernels() -> Iterator[FloatArray]:
    """The kernels that sharpening dialogs offer: Gaussian, lens (disc), and motion by angle."""
    for spread in (0.8, 1.3, 2.0):
        yield gaussian(spread)
    for radius in (1.5, 2.0, 2.5, 3.0, 3.5, 4.0):
        yield disc(radius)
    for length in (5.0, 9.0, 15.0):
        for angle in (0, 45, 90, 135):
            yield line(length, angle)


def gaussian(spread: float) -> FloatArray:
    """A Gaussian of sigma `spread` pixels."""
    side = 2 * round(3 * spread) + 1
    row = cv2.getGaussianKernel(side, spread)
    return np.asarray(row @ row.T, np.float32)


def disc(radius: float) -> FloatArray:
    """A disc with a soft rim, as a lens out of focus draws a point."""
    reach = int(np.ceil(radius))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    cover = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1)
    return np.asarray(cover / cover.sum(), np.float32)


def line(length: float, angle: float) -> FloatArray:
    """A straight line of `length` pixels at `angle` degrees."""
    reach = int(np.ceil(length / 2))
    cover = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    turn = np.radians(angle)
    step = np.array((np.cos(turn), np.sin(turn))) * (length - 1) / 2
    centre = np.array((reach, reach))
    start, end = ((centre + s * step) * 16 for s in (-1, 1))
    first, last = np.rint(start).astype(int).tolist(), np.rint(end).astype(int).tolist()
    cv2.line(cover, first, last, 1.0, 1, cv2.LINE_AA, 4)
    return np.asarray(cover / cover.sum(), np.float32)


def _filtered(image: FloatArray, kernel: FloatArray) -> FloatArray:
    # OpenCV correlates, so a kernel is mirrored to convolve
    found = cv2.filter2D(image, -1, kernel, borderType=cv2.BORDER_REFLECT)
    return np.asarray(found, np.float32)
