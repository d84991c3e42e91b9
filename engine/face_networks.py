"""The three small networks that find faces (MTCNN; Zhang et al., 2016), computed with NumPy.

Their weights come with the package `mtcnn` (MIT licence, 2 MB); of its code, which needs
TensorFlow, nothing is loaded. All pictures are (n, h, w, c), values -1 to 1.
"""

from __future__ import annotations

import io
import math
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

import imagecodecs
import numpy as np

from engine.errors import MissingWeights
from engine.photo import FloatArray, floats


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a network says of n places: how likely each is a face, (n,), and by how much of its
    size the sides left, top, right, bottom should move, (n, 4)."""

    score: FloatArray
    shift: FloatArray


def proposals(image: FloatArray) -> Verdict:
    """For every second place of one picture (h, w, 3), seen through a window of 12 pixels.

    `score` is (h', w') and `shift` (h', w', 4); the window of [y, x] begins at (2 y, 2 x).
    """
    weights = _weights("pnet")
    x = _pooled(_convolved(image[None], weights), 2, overhang=True)
    x = _convolved(_convolved(x, weights), weights)
    shift, score = _dense(x, weights), _dense(x, weights)
    return Verdict(_likely(score)[0], shift[0])


def refined(crops: FloatArray) -> Verdict:
    """For crops (n, 24, 24, 3)."""
    weights = _weights("rnet")
    x = _pooled(_convolved(crops, weights), 3, overhang=True)
    x = _pooled(_convolved(x, weights), 3, overhang=False)
    x = _flat(_convolved(x, weights))
    x = _bent(_dense(x, weights), next(weights))
    shift, score = _dense(x, weights), _dense(x, weights)
    return Verdict(_likely(score), shift)


def judged(crops: FloatArray) -> Verdict:
    """For crops (n, 48, 48, 3); the last word."""
    weights = _weights("onet")
    x = _pooled(_convolved(crops, weights), 3, overhang=True)
    x = _pooled(_convolved(x, weights), 3, overhang=False)
    x = _pooled(_convolved(x, weights), 2, overhang=True)
    x = _flat(_convolved(x, weights))
    x = _bent(_dense(x, weights), next(weights))
    shift, _, score = _dense(x, weights), _dense(x, weights), _dense(x, weights)
    return Verdict(_likely(score), shift)


def _convolved(x: FloatArray, weights: Iterator[FloatArray]) -> FloatArray:
    """A convolution without border, and its bend."""
    kernel, bias = next(weights), next(weights)
    high, wide = kernel.shape[:2]
    rows, columns = x.shape[1] - high + 1, x.shape[2] - wide + 1
    around = [x[:, i : i + rows, j : j + columns] for i in range(high) for j in range(wide)]
    out = np.concatenate(around, 3) @ kernel.reshape(-1, kernel.shape[3]) + bias
    return _bent(floats(out), next(weights))


def _bent(x: FloatArray, slope: FloatArray) -> FloatArray:
    """Negative values times `slope` (PReLU)."""
    return floats(np.maximum(x, 0) + slope.reshape(-1) * np.minimum(x, 0))


def _pooled(x: FloatArray, side: int, *, overhang: bool) -> FloatArray:
    """The largest of each `side` x `side` places, two steps apart; a window may hang over the
    lower and right edges if `overhang`."""
    if overhang:
        over = [(0, (n + 1) // 2 * 2 - 2 + side - n) for n in x.shape[1:3]]
        x = np.pad(x, [(0, 0), *over, (0, 0)], constant_values=-np.inf)
    rows, columns = ((n - side) // 2 * 2 + 1 for n in x.shape[1:3])
    out = x[:, 0:rows:2, 0:columns:2]
    for i in range(side):
        for j in range(side):
            out = np.maximum(out, x[:, i : i + rows : 2, j : j + columns : 2])
    return out


def _dense(x: FloatArray, weights: Iterator[FloatArray]) -> FloatArray:
    matrix, bias = next(weights), next(weights)
    return floats(x @ matrix.reshape(-1, matrix.shape[-1]) + bias)


def _flat(x: FloatArray) -> FloatArray:
    """(n, h, w, c) as (n, w h c): the weights were trained column by column."""
    return x.transpose(0, 2, 1, 3).reshape(len(x), -1)


def _likely(score: FloatArray) -> FloatArray:
    """The second of two classes, 0 to 1."""
    return floats(1 / (1 + np.exp(np.clip(score[..., 0] - score[..., 1], -60, 60))))


def _weights(name: str) -> Iterator[FloatArray]:
    return iter(_stored(name))


@lru_cache(maxsize=3)
def _stored(name: str) -> tuple[FloatArray, ...]:
    """The arrays of a network in their order; raises `MissingWeights`."""
    package = find_spec("mtcnn")
    places = [] if package is None else package.submodule_search_locations or []
    for place in places:
        path = Path(place) / "assets" / "weights" / f"{name}.lz4"
        if path.is_file():
            return tuple(_Arrays(io.BytesIO(imagecodecs.lz4f_decode(path.read_bytes()))).load())
    raise MissingWeights("The part of the program that finds faces is not installed.")


class _Record:
    """The description of an array in a file; once it is known, the values are read."""

    stream: BinaryIO
    values: FloatArray

    def __setstate__(self, state: dict[str, object]) -> None:
        shape = state["shape"]
        if state["dtype"] != np.float32 or state["order"] != "C" or not isinstance(shape, tuple):
            raise pickle.UnpicklingError("weights are float32, row by row")
        self.stream.read(self.stream.read(1)[0])  # what aligns the values
        count = math.prod(shape)
        self.values = np.frombuffer(self.stream.read(4 * count), "<f4").reshape(shape)


class _Arrays(pickle.Unpickler):
    """Reads a list of arrays as joblib writes it, and refuses to make anything else.

    In such a file each array's values follow, aligned, the record that describes them.
    """

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream)
        self._stream = stream

    def load(self) -> list[FloatArray]:
        return [record.values for record in super().load()]

    def find_class(self, module: str, name: str) -> object:
        match module, name:
            case "joblib.numpy_pickle", "NumpyArrayWrapper":
                return type("Record", (_Record,), {"stream": self._stream})
            case "numpy", "ndarray" | "dtype":
                return getattr(np, name)
        raise pickle.UnpicklingError(f"{module}.{name} has no place among weights")
