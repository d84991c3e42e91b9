"""Noise removal without a network: non-local means, and BM3D by its authors' package.

That package, `bm3d`, is free for non-commercial use only, so it is a yardstick of the bench and
nothing else depends on it.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.photo import FloatArray

Bytes = NDArray[np.uint8]

SEARCH = 21
"""Pixels across of the window in which non-local means looks for similar patches."""


def nlm_rgb(image: FloatArray, h: float) -> FloatArray:
    """OpenCV's non-local means of (h, w, 3), 0 to 1, on RGB with patches of 3 x 3.

    `h` is the strength, in steps of 1/255.
    """
    return from_bytes(cv2.fastNlMeansDenoising(as_bytes(image), None, h, 3, SEARCH))


def nlm_lab(image: FloatArray, h: float) -> FloatArray:
    """`nlm_rgb` on L*a*b* with patches of 7 x 7."""
    swapped = cv2.cvtColor(as_bytes(image), cv2.COLOR_RGB2BGR)
    quiet = cv2.fastNlMeansDenoisingColored(swapped, None, h, h, 7, SEARCH)
    return from_bytes(cv2.cvtColor(quiet, cv2.COLOR_BGR2RGB))


def bm3d_rgb(image: FloatArray, sigma: float) -> FloatArray:
    """BM3D of (h, w, 3), 0 to 1; `sigma` is that of the noise, 0 to 1.

    Raises `ImportError` where the package is not installed.
    """
    # by name, because the package has no types and is usually not there
    run = cast(
        "Callable[[FloatArray, float], FloatArray]", importlib.import_module("bm3d").bm3d_rgb
    )
    return np.asarray(run(image, sigma), np.float32)


def bm3d_installed() -> bool:
    """Whether `bm3d_rgb` can be called."""
    return importlib.util.find_spec("bm3d") is not None


def as_bytes(image: FloatArray) -> Bytes:
    """0 to 1 in the 256 steps that OpenCV's filters take."""
    return np.asarray(np.rint(np.clip(image, 0, 1) * 255), np.uint8)


def from_bytes(image: NDArray[np.integer | np.floating]) -> FloatArray:
    """What came of `as_bytes`, 0 to 1 again."""
    return np.asarray(image, np.float32) / np.float32(255)
