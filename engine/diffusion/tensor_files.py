"""Tensors in files, read one at a time and as they lie there: safetensors in one file or several,
and GGUF, whose blocks of few bits stay as they are until a layer needs them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from engine.errors import MissingWeights, WrongWeights

EVERY = slice(None)

_GGUF_PLAIN = ("F32", "F16")
"""Formats in which numpy, and so torch, sees numbers and not bytes."""


class TensorFiles(Protocol):
    """Named tensors on disk."""

    label: str
    """How to call the file to its user."""

    @property
    def names(self) -> frozenset[str]: ...

    def rows(self, name: str) -> int:
        """Length of a tensor's first axis; 1 for a single number."""

    def read(self, name: str, rows: slice = EVERY) -> Tensor:
        """A tensor, or some of its rows; of GGUF's short formats a `GGUFParameter`.

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
        with safe_open(self._places[name], "pt") as file:
            shape = file.get_slice(name).get_shape()
        return int(shape[0]) if shape else 1

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
        return int(self._tensors[name].data.shape[0])

    def read(self, name: str, rows: slice = EVERY) -> Tensor:
        from diffusers.quantizers.gguf.utils import SUPPORTED_GGUF_QUANT_TYPES, GGUFParameter

        found = self._tensors[name]
        values = torch.from_numpy(found.data[rows].copy())
        if found.tensor_type.name in _GGUF_PLAIN:
            return values
        if found.tensor_type not in SUPPORTED_GGUF_QUANT_TYPES:
            raise WrongWeights(
                f"{self.label} stores numbers as {found.tensor_type.name}, which cannot be read.",
                "Choose the file in another precision.",
            )
        packed: Tensor = GGUFParameter(values, quant_type=found.tensor_type)
        return packed


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
