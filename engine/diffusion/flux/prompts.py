"""Stored prompt embeddings: what a text encoder would say, so that none is needed to restore.

A prompt file is safetensors with `text` (tokens, width) and, for FLUX.1, `pooled` (width). Its
header holds the words and the family of text encoders that made it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from engine.diffusion.tensor_files import write_tensors
from engine.errors import MissingWeights, NoPlace, WrongWeights

_KIND = "restorer-prompt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """An embedded prompt."""

    words: str
    family: str
    """Of the backbone that understands it: "flux1", "flux2"."""
    text: Tensor
    """(tokens, width)."""
    pooled: Tensor | None = None
    """(width)."""


def save_prompt(prompt: Prompt, path: Path) -> None:
    """Write a prompt file, whole or not at all; raises `NoPlace` where it cannot be written."""
    tensors = {"text": prompt.text.detach().cpu().contiguous()}
    if prompt.pooled is not None:
        tensors["pooled"] = prompt.pooled.detach().cpu().contiguous()
    header = {"kind": _KIND, "words": prompt.words, "family": prompt.family}
    try:
        write_tensors(tensors, path, header)
    except (SafetensorError, OSError) as error:  # the former also where the disk is full
        raise NoPlace(f"The prompt {path.name} cannot be written: {error}") from error


def load_prompt(path: Path, family: str) -> Prompt:
    """Read a prompt file for `family`; raises `MissingWeights` or `WrongWeights`."""
    if not path.exists():
        raise MissingWeights(f"The prompt file {path.name} is missing.")
    try:
        with safe_open(path, "pt") as file:
            header = dict(file.metadata() or {})
            tensors: dict[str, Tensor] = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise WrongWeights(f"The prompt file {path.name} is damaged.") from error
    text = tensors.get("text")
    if header.get("kind") != _KIND or text is None or text.ndim != 2:
        raise WrongWeights(f"{path.name} does not hold a prompt.")
    if header.get("family") != family:
        made_for = header.get("family", "another family")
        raise WrongWeights(f"The prompt {path.name} was embedded for {made_for}, not for {family}.")
    pooled = tensors.get("pooled")
    return Prompt(words=header.get("words", ""), family=family, text=text, pooled=pooled)


def blank_prompt(family: str, tokens: int, width: int, pooled_width: int | None) -> Prompt:
    """A prompt of zeros, for networks that are trained with one, and for measuring."""
    pooled = None if pooled_width is None else torch.zeros(pooled_width)
    return Prompt(words="", family=family, text=torch.zeros(tokens, width), pooled=pooled)
