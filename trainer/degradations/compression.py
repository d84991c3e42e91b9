"""What saving leaves behind."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from engine.photo import FloatArray, floats

_SAMPLINGS = (
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420,
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422,
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
)


def jpeg(image: FloatArray, rng: Generator, *, quality: float) -> FloatArray:
    """One JPEG compression at `quality` 1 to 100; colour is subsampled by 4:2:0 more often."""
    sampling = int(rng.choice(_SAMPLINGS, p=(0.6, 0.1, 0.3)))
    options = (
        cv2.IMWRITE_JPEG_QUALITY,
        round(quality),
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
        sampling,
    )
    pixels = (np.clip(image[..., ::-1], 0, 1) * 255 + 0.5).astype(np.uint8)
    _, data = cv2.imencode(".jpg", pixels, options)
    decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert decoded is not None, "what was just encoded decodes"
    return floats(decoded[..., ::-1]) / np.float32(255)


def rounded(image: FloatArray, rng: Generator) -> FloatArray:
    """Clip and round to 8 bit, as nearly every file is stored."""
    del rng  # rounding is not random
    return floats(np.rint(np.clip(image, 0, 1) * 255)) / np.float32(255)
