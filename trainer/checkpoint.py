"""The state of an interrupted training, as safetensors and JSON: no pickles."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from engine.errors import CannotSave

_FIRST_KIND = "AdamW"
"""The optimiser of states that do not name theirs."""
_SAMPLES = 64
"""Places of a file that are looked at, evenly spread, its head and its end among them."""
_SAMPLE = 64 << 10
"""Bytes at each."""


@dataclass(slots=True)
class Position:
    """How far a training is."""

    step: int = 0
    seconds: float = 0.0
    """Of work, interruptions not counted."""
    crops: int = 0
    means: dict[str, float] = field(default_factory=dict)
    """Running mean loss per task."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a training is of, beside its weights; "" where nothing is said of it."""

    network: str = ""
    """sha256 of a network that it is put onto and does not change, or its `sampled_sum`."""
    pairs: str = ""
    """Sign of what it learns from: equal for equal recipes, pools and seeds."""


@dataclass(slots=True)
class TrainState:
    """All that changes during a training, network and adapters, their average, the optimiser; and
    what it began with."""

    weights: nn.Module
    average: nn.Module
    optimiser: torch.optim.Optimizer
    position: Position
    origin: Origin = field(default_factory=Origin)


def sign_of(recipe: object, seed: int) -> str:
    """A few letters, the same for equal recipes, which are frozen records, and seeds."""
    return hashlib.sha256(f"{recipe!r} {seed}".encode()).hexdigest()[:16]


def sampled_sum(paths: Iterable[Path]) -> str:
    """A checksum of the sizes of files and of samples of them, as 64 hexadecimal digits.

    A training changes all of a network, so samples tell two of them apart, in no time for files of
    many gigabytes. It does not find damage. Raises `OSError`.
    """
    found = hashlib.sha256()
    for path in paths:
        size = path.stat().st_size
        found.update(size.to_bytes(8))
        with path.open("rb") as file:
            for index in range(_SAMPLES):
                file.seek(max(0, size - _SAMPLE) * index // (_SAMPLES - 1))
                found.update(file.read(_SAMPLE))
    return found.hexdigest()


def save_state(state: TrainState, folder: Path) -> None:
    """Write `folder`/state.safetensors; an older state is replaced at the end.

    state.json beside it repeats, for people, how far the training is. Raises `CannotSave`; the
    older state is still there then.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(state, folder)
    except (OSError, SafetensorError) as error:
        raise CannotSave(
            f"The state of the training cannot be written to {folder}: {error}.",
            "Make room there, or name another --run; the same command goes on from the last state.",
        ) from error


def _write(state: TrainState, folder: Path) -> None:
    tensors = {f"weights.{k}": v for k, v in state.weights.state_dict().items()}
    tensors |= {f"average.{k}": v for k, v in state.average.state_dict().items()}
    for index, entry in state.optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{index}.{k}": _tensor(v) for k, v in entry.items()}
    tensors = {k: v.detach().contiguous().cpu() for k, v in tensors.items()}
    header = {
        "position": json.dumps(asdict(state.position)),
        "optimiser": _kind(state),
        "origin": json.dumps(asdict(state.origin)),
    }
    fresh = folder / "state.safetensors.new"
    save_file(tensors, fresh, metadata=header)
    fresh.replace(folder / "state.safetensors")
    (folder / "state.json").write_text(header["position"] + "\n", encoding="utf-8")


def load_state(state: TrainState, folder: Path) -> bool:
    """Continue from what `save_state` wrote; False where there is nothing.

    `state.origin` is then that of the state. Raises `RuntimeError`, `ValueError`, `KeyError` or
    `TypeError` where it is of other weights or another optimiser, or no state.
    """
    path = folder / "state.safetensors"
    if not path.exists():
        return False
    with safe_open(path, "pt") as file:  # the two files are not replaced in the same moment
        header = file.metadata() or {}
    if header.get("optimiser", _FIRST_KIND) != _kind(state):
        raise ValueError("the state is of another optimiser")
    position = Position(**json.loads(header["position"]))
    origin = Origin(**json.loads(header.get("origin", "{}")))
    if origin.network and state.origin.network and origin.network != state.origin.network:
        raise ValueError("the state is of another network")
    tensors = load_file(path)
    state.weights.load_state_dict(_under(tensors, "weights."))
    state.average.load_state_dict(_under(tensors, "average."))
    saved = state.optimiser.state_dict()
    entries: dict[int, dict[str, Tensor]] = {}
    for key, value in _under(tensors, "optimiser.").items():
        index, name = key.split(".", 1)
        entries.setdefault(int(index), {})[name] = value
    saved["state"] = entries
    state.optimiser.load_state_dict(saved)
    _laid_out_like_weights(state.optimiser)
    state.position, state.origin = position, origin
    return True


def _kind(state: TrainState) -> str:
    return type(state.optimiser).__name__


def _laid_out_like_weights(optimiser: torch.optim.Optimizer) -> None:
    """Give the moments the memory layout of their weights, which files do not keep.

    The fused optimiser walks through both by address and would pair the wrong elements.
    """
    for weight, entry in optimiser.state.items():
        for key, value in entry.items():
            if isinstance(value, Tensor) and value.shape == weight.shape:
                entry[key] = torch.empty_like(weight, dtype=value.dtype).copy_(value)


def _tensor(value: Tensor | float) -> Tensor:
    return value if isinstance(value, Tensor) else torch.tensor(value)


def _under(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
