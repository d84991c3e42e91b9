"""The 8 x 8 cosine transform, in which noise, sharpness and JPEG all leave their mark."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.photo import FloatArray

SIDE = 8
FREQUENCY: NDArray[np.int64] = np.add.outer(np.arange(SIDE), np.arange(SIDE))
"""Diagonal of each coefficient: 0 for the mean, 14 for the finest checkerboard; shape (8, 8)."""


def cosine_basis() -> FloatArray:
    """The orthonormal type-II cosine transform of length 8, one basis vector a row."""
    k, x = np.mgrid[0:SIDE, 0:SIDE]
    basis = np.sqrt(2 / SIDE) * np.cos(np.pi * (2 * x + 1) * k / (2 * SIDE))
    basis[0] /= np.sqrt(2)
    return np.asarray(basis, np.float32)


def cut_blocks(plane: FloatArray, left: int = 0, top: int = 0) -> FloatArray:
    """The whole 8 x 8 blocks of a plane (height, width) from (`left`, `top`) on: (n, 8, 8)."""
    part = plane[top:, left:]
    rows, columns = part.shape[0] // SIDE, part.shape[1] // SIDE
    part = part[: rows * SIDE, : columns * SIDE]
    return part.reshape(rows, SIDE, columns, SIDE).swapaxes(1, 2).reshape(-1, SIDE, SIDE)


def cut_all(planes: Sequence[FloatArray]) -> FloatArray:
    """The blocks of several planes in one array (n, 8, 8); n may be 0."""
    return np.concatenate([np.zeros((0, SIDE, SIDE), np.float32), *map(cut_blocks, planes)])


def transform(blocks: FloatArray) -> FloatArray:
    """Orthonormal coefficients (n, 8, 8) of blocks (n, 8, 8); rows are vertical frequencies."""
    basis = cosine_basis()
    return np.asarray(basis @ blocks @ basis.T, np.float32)


def means(blocks: FloatArray) -> FloatArray:
    """Mean of each block of (n, 8, 8)."""
    flat = blocks.reshape(-1, SIDE * SIDE)
    return np.asarray(flat @ np.full(SIDE * SIDE, 1 / SIDE**2, np.float32), np.float32)
