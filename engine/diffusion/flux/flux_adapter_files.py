"""Files of FluxIR adapters: safetensors whose header says what they are and what they fit.

An adapter steers the inside of one backbone and would do harm in another, so the header names that
backbone; and the trajectory it was trained on, which is the one it has to be run on.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from engine.diffusion.flux.flux_adapter import FluxAdapter
from engine.diffusion.tensor_files import write_tensors
from engine.errors import BadRecipe, MissingWeights, WrongAdapter, WrongWeights
from engine.trajectory import Trajectory, trajectory_from, trajectory_table

_KIND = "restorer-flux-adapter"

NewAdapter = Callable[[int, int, str], FluxAdapter]
"""From rank, longest prompt and device to an adapter for the backbone at hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FluxAdapterHeader:
    """What an adapter file says about itself."""

    title: str
    backbone: str
    """Id of the backbone it was trained on, as in the catalogue."""
    trajectory: Trajectory
    recipe: str
    """Of the degradations it was trained against."""
    rank: int
    text_tokens: int
    licence: str
    taught: str = ""
    """What it was taught after its first training, and by which reward; for people."""


def save_flux_adapter(
    adapter: FluxAdapter,
    path: Path,
    header: FluxAdapterHeader,
    dtype: torch.dtype = torch.bfloat16,
) -> None:
    """Write an adapter, whole or not at all; raises `ValueError` if the header is another's."""
    if (header.rank, header.text_tokens) != (adapter.sizes.rank, adapter.sizes.text_tokens):
        raise ValueError(f"{header.title} has other sizes than its header says")
    fields = {
        "kind": _KIND,
        "title": header.title,
        "backbone": header.backbone,
        "trajectory": json.dumps(trajectory_table(header.trajectory)),
        "recipe": header.recipe,
        "rank": str(header.rank),
        "text_tokens": str(header.text_tokens),
        "licence": header.licence,
    }
    if header.taught:
        fields["taught"] = header.taught
    tensors = {
        name: value.detach().to("cpu", dtype).contiguous()
        for name, value in adapter.state_dict().items()
    }
    write_tensors(tensors, path, fields)


def read_header(path: Path) -> FluxAdapterHeader:
    """What an adapter file says about itself, without its weights.

    Raises `MissingWeights`, `WrongWeights` if it is damaged, `WrongAdapter` if it is none.
    """
    fields, _ = _read(path, with_tensors=False)
    return _header(path, fields)


def load_flux_adapter(
    path: Path,
    backbone: str,
    new_adapter: NewAdapter,
    *,
    device: torch.device,
    dtype: torch.dtype,
) -> tuple[FluxAdapter, FluxAdapterHeader]:
    """Read an adapter for the backbone with this id; raises as `read_header` does.

    `WrongAdapter` also if it was made for another backbone.
    """
    fields, tensors = _read(path, with_tensors=True)
    header = _header(path, fields)
    if header.backbone != backbone:
        raise WrongAdapter(f"{path.name} was made for {header.backbone}, not for {backbone}.")
    adapter = new_adapter(header.rank, header.text_tokens, "meta")
    ready = {name: value.to(device, dtype) for name, value in tensors.items()}
    try:
        adapter.load_state_dict(ready, assign=True)
    except RuntimeError as error:
        raise WrongAdapter(f"{path.name} does not fit {backbone}.") from error
    return adapter.eval().requires_grad_(False), header


def _header(path: Path, fields: dict[str, str]) -> FluxAdapterHeader:
    if fields.get("kind") != _KIND:
        raise WrongAdapter(f"{path.name} does not hold an adapter for FLUX.")
    try:
        header = FluxAdapterHeader(
            title=fields["title"],
            backbone=fields["backbone"],
            trajectory=trajectory_from(json.loads(fields["trajectory"]), path.name),
            recipe=fields["recipe"],
            rank=int(fields["rank"]),
            text_tokens=int(fields["text_tokens"]),
            licence=fields["licence"],
            taught=fields.get("taught", ""),
        )
    except (KeyError, ValueError, AttributeError, BadRecipe) as error:
        raise WrongAdapter(f"{path.name} has an incomplete header.") from error
    if min(header.rank, header.text_tokens) < 1:
        raise WrongAdapter(f"{path.name} has an incomplete header.")
    return header


def _read(path: Path, *, with_tensors: bool) -> tuple[dict[str, str], dict[str, Tensor]]:
    if not path.exists():
        raise MissingWeights(f"The adapter {path.name} is missing.")
    try:
        with safe_open(path, "pt") as file:
            header = dict(file.metadata() or {})
            names = list(file.keys()) if with_tensors else []
            tensors: dict[str, Tensor] = {name: file.get_tensor(name) for name in names}
    except (SafetensorError, OSError) as error:
        raise WrongWeights(f"The adapter {path.name} is damaged.") from error
    return header, tensors
