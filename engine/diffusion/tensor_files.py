"""Tensors in files, read one at a time and as they lie there: safetensors in one file or several,
and GGUF, whose blocks of few bits stay as they are until a layer needs them. Files of our own are
written here, too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from engine.diffusion.quantised.gguf_formats import FORMATS
from engine.errors import MissingWeights, WrongWeights

EVERY = slice(None)

_GGUF_PLAIN = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
"""GGUF's formats that are numbers and not blocks."""
_DTYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "F8_E4M3": torch.float8_e4m3fn,
    "F8_E5M2": torch.float8_e5m2,
    "I8": torch.int8,
    "U8": torch.uint8,
}
"""Safetensors' names of the formats that weights come in."""


def write_tensors(tensors: Mapping[str, Tensor], path: Path, header: Mapping[str, str]) -> None:
    """Write a safetensors file, whole or not at all; nothing half done is left beside it.

    Raises `OSError` or, where the disk is full, `SafetensorError`.
    """
    fresh = path.with_name(path.name + ".new")
    try:
        save_file(dict(tensors), fresh, metadata=dict(header))
        fresh.replace(path)
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


class TensorFiles(Protocol):
    """Named tensors on disk."""

    label: str
    """How to call the file to its user."""

    @property
    def names(self) -> frozenset[str]: ...

    def rows(self, name: str) -> int:
        """Length of a tensor's first axis; 1 for a single number."""

    def axes(self, name: str) -> int:
        """How many axes a tensor has; 0 for a single number."""

    def dtype(self, name: str) -> torch.dtype | None:
        """The format `read` gives it in; None for those that no weight comes in."""

    def packing(self, name: str) -> str:
        """GGUF's name of a short format, in which `read` gives bytes; else empty."""

    def read(self, name: str, rows: slice = EVERY) -> Tensor:
        """A tensor, or some of its rows; of GGUF's short formats the bytes (rows, bytes).

        Raises `WrongWeights` if the file is damaged.
        """


class SafetensorsFiles:
    """One safetensors file, or the shards that an index lists."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Raises `MissingWeights` or `WrongWeights`."""
        self.label = paths[0].name
        self._places: dict[str, Path] = {}
        for path in paths:
            if not path.exists():
                raise MissingWeights(f"The weights file {path.name} is missing.")
            try:
                with safe_open(path, "pt") as file:
                    self._places |= dict.fromkeys(file.keys(), path)
            except (SafetensorError, OSError) as error:
                raise _damaged(path) from error

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._places)

    def rows(self, name: str) -> int:
        shape = self._shape(name)
        return shape[0] if shape else 1

    def axes(self, name: str) -> int:
        return len(self._shape(name))

    def dtype(self, name: str) -> torch.dtype | None:
        with safe_open(self._places[name], "pt") as file:
            return _DTYPES.get(str(file.get_slice(name).get_dtype()))

    def packing(self, name: str) -> str:
        return ""

    def read(self, name: str, rows: slice = EVERY) -> Tensor:
        path = self._places[name]
        try:
            with safe_open(path, "pt") as file:
                value: Tensor = (
                    file.get_tensor(name) if rows == EVERY else file.get_slice(name)[rows]
                )
                return value
        except (SafetensorError, OSError) as error:
            raise _damaged(path) from error

    def _shape(self, name: str) -> list[int]:
        with safe_open(self._places[name], "pt") as file:
            shape: list[int] = file.get_slice(name).get_shape()
        return shape


class GgufFile:
    """A GGUF file; needs the package gguf."""

    def __init__(self, path: Path) -> None:
        """Raises `MissingWeights` or `WrongWeights`."""
        if not path.exists():
            raise MissingWeights(f"The weights file {path.name} is missing.")
        try:
            from gguf import GGUFReader
        except ImportError as error:
            raise WrongWeights(
                f"{path.name} is a GGUF file, and the package that reads them is not installed.",
                "Install the package gguf, or choose weights in safetensors.",
            ) from error
        self.label = path.name
        try:
            reader = GGUFReader(path)
            self._tensors = {tensor.name: tensor for tensor in reader.tensors}
        except (ValueError, IndexError, KeyError, OSError) as error:
            raise _damaged(path) from error

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._tensors)

    def rows(self, name: str) -> int:
        return len(self._whole(name))

    def axes(self, name: str) -> int:
        return int(self._tensors[name].data.ndim)

    def dtype(self, name: str) -> torch.dtype | None:
        return _GGUF_PLAIN.get(self._tensors[name].tensor_type.name, torch.uint8)

    def packing(self, name: str) -> str:
        kind = str(self._tensors[name].tensor_type.name)
        return "" if kind in _GGUF_PLAIN else kind

    def read(self, name: str, rows: slice = EVERY) -> Tensor:
        kind = str(self._tensors[name].tensor_type.name)
        if kind in _GGUF_PLAIN:
            values = torch.from_numpy(self._whole(name)[rows].copy())
            return values.view(_GGUF_PLAIN[kind])
        if kind not in FORMATS:
            raise WrongWeights(
                f"{self.label} stores numbers as {kind}, which cannot be read.",
                "Choose the file in another precision.",
            )
        return torch.from_numpy(self._whole(name)[rows].copy())

    def _whole(self, name: str) -> NDArray[np.generic]:
        """A tensor as it lies in the file, in as many rows as it has: the package gives BF16 in
        bytes, and those of a bias would count twice."""
        found = self._tensors[name]
        data: NDArray[np.generic] = found.data
        return data.view(np.int16) if str(found.tensor_type.name) == "BF16" else data


def open_tensors(path: Path) -> TensorFiles:
    """Open a weights file, or a folder in diffusers' layout with its shards.

    Raises `MissingWeights` or `WrongWeights`.
    """
    if path.is_dir():
        return SafetensorsFiles(_shards(path))
    if path.suffix == ".gguf":
        return GgufFile(path)
    if path.suffix != ".safetensors":
        raise WrongWeights(
            f"{path.name} is neither safetensors nor GGUF.",
            "Other formats can hold programs and are not opened; choose one of these two.",
        )
    return SafetensorsFiles([path])


def _shards(folder: Path) -> list[Path]:
    """The weights of a folder: what its index lists, or its only file."""
    index = folder / "diffusion_pytorch_model.safetensors.index.json"
    if not index.exists():
        return [folder / "diffusion_pytorch_model.safetensors"]
    try:
        places = json.loads(index.read_text(encoding="utf-8"))["weight_map"]
        names = sorted({str(name) for name in places.values()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(index) from error
    if not names or any(Path(name).name != name for name in names):
        raise _damaged(index)
    return [folder / name for name in names]


def _damaged(path: Path) -> WrongWeights:
    return WrongWeights(f"The weights file {path.name} is damaged.")
