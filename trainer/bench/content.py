"""Made-up photographs of any size, for measuring speed where no photograph need be at hand."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.photo import FloatArray

Bytes = NDArray[np.uint8]

SIDE = 1024
NOISE = 8.0


def made_up_photo(megapixels: float) -> Bytes:
    """A noisy picture (h, w, 3), 3:2, with surfaces, edges and texture; always the same one."""
    width = round((megapixels * 1.5e6) ** 0.5)
    height = round(megapixels * 1e6 / width)
    sample = _sample()
    sample = np.concatenate((sample, sample[:, ::-1]), axis=1)
    sample = np.concatenate((sample, sample[::-1]), axis=0)
    times = (-(-height // sample.shape[0]), -(-width // sample.shape[1]), 1)
    return np.ascontiguousarray(np.tile(sample, times)[:height, :width])


def as_floats(photo: Bytes) -> FloatArray:
    """8 bit to 0..1."""
    return np.asarray(photo, np.float32) / np.float32(255)


def write_jpeg(path: Path, megapixels: float) -> None:
    """Save a made-up photo as a camera would."""
    swapped = np.ascontiguousarray(made_up_photo(megapixels)[..., ::-1])
    # a buffer rather than `imwrite`, which on Windows fails on names outside its code page
    done, file = cv2.imencode(".jpg", swapped, [cv2.IMWRITE_JPEG_QUALITY, 92])
    assert done
    path.write_bytes(file.tobytes())


def _sample() -> Bytes:
    """One tile: clouds of every scale, as photographs have, polygons for edges, sensor noise."""
    rng = np.random.default_rng(20)
    picture = np.full((SIDE, SIDE, 3), 128, np.float32)
    for octave in range(1, 9):
        cells = rng.normal(0, 90 / octave**1.5, (2**octave, 2**octave, 3)).astype(np.float32)
        picture += cv2.resize(cells, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    for _ in range(40):
        corners = rng.uniform(0, SIDE, 2) + rng.normal(0, 60, (4, 2))
        colour = rng.uniform(20, 235, 3).tolist()
        cv2.fillPoly(picture, [np.asarray(corners, np.int32)], colour, cv2.LINE_8)
    noisy = picture + rng.normal(0, NOISE, picture.shape)
    return np.asarray(np.rint(np.clip(noisy, 0, 255)), np.uint8)
