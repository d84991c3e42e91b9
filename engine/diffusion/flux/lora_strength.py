"""How strongly a LoRA was trained: alpha, where it lies beside the weights and not among them.

diffusers writes peft's configuration into the header of a file, its names behind that of the
network; peft itself writes it to `adapter_config.json` beside `adapter_model.safetensors`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open

from engine.errors import WrongAdapter, WrongWeights

_HEADER = "lora_adapter_metadata"
_NETWORK = "transformer."
_PEFTS_OWN, _BESIDE = "adapter_model.safetensors", "adapter_config.json"


@dataclass(frozen=True, slots=True)
class LoraStrength:
    """What a file says for all its layers."""

    alpha: float | None = None
    """None is the rank, whatever it is."""
    exceptions: tuple[tuple[str, float], ...] = ()
    """Ends of layers' names, as patterns, and the alpha of those; the first that fits counts."""
    by_root: bool = False
    """Whether alpha is divided by the root of the rank (rsLoRA, arXiv 2312.03732)."""

    def share(self, layer: str, rank: int) -> float:
        """What an addition to a layer, by its name in the network, is multiplied by."""
        fitting = (value for end, value in self.exceptions if re.match(rf"(.*\.)?({end})$", layer))
        alpha = next(fitting, self.alpha)
        if alpha is None:
            return 1.0
        return alpha / (rank**0.5 if self.by_root else rank)


def strength_of(path: Path) -> LoraStrength:
    """What a LoRA's file, or the configuration beside it, says; the plain one if neither does.

    Raises `WrongAdapter` where it cannot be read, and `WrongWeights` for a damaged file.
    """
    try:
        text = _configuration(path)
        return LoraStrength() if text is None else _strength(json.loads(text))
    except (OSError, ValueError, TypeError, AttributeError, re.error) as error:
        raise WrongAdapter(
            f"{path.name} does not say how strong it is: {error}.",
            "Take another copy of it, or another LoRA.",
        ) from error


def _configuration(path: Path) -> str | None:
    try:
        with safe_open(path, "pt") as file:
            told = (file.metadata() or {}).get(_HEADER)
    except SafetensorError as error:
        raise WrongWeights(f"The weights file {path.name} is damaged.") from error
    beside = path.with_name(_BESIDE)
    if told is None and path.name == _PEFTS_OWN and beside.exists():
        return beside.read_text(encoding="utf-8")
    return told


def _strength(told: Mapping[str, object]) -> LoraStrength:
    """Raises `ValueError`, `TypeError`, `AttributeError` or `re.error`."""
    own = {name.removeprefix(_NETWORK): value for name, value in told.items()}
    alpha, exceptions = own.get("lora_alpha"), own.get("alpha_pattern") or {}
    if not isinstance(exceptions, Mapping):
        raise TypeError("its exceptions are a table")
    for end in exceptions:
        re.compile(end)
    return LoraStrength(
        None if alpha is None else _number(alpha),
        tuple((end, _number(value)) for end, value in exceptions.items()),
        bool(own.get("use_rslora")),
    )


def _number(value: object) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(f"{value!r} is no number")
    return float(value)
