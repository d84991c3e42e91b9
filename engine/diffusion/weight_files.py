"""Reading and writing the predictor's weights: a network file, and a file for each task adapter.

Both are safetensors in half precision whose header says what they are. An adapter's header names
the checksum of the network it was trained with, for with another one it would do harm.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from engine.diffusion.network import Network, NetworkSizes, TaskAdapter
from engine.errors import MissingWeights, WrongAdapter, WrongWeights

_NETWORK_KIND, _ADAPTER_KIND = "restorer-predictor", "restorer-task-adapter"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterHeader:
    """What an adapter file says about itself."""

    task: str
    title: str
    rank: int
    network: str
    """sha256 of the network file it belongs to."""
    recipe: str
    licence: str


def save_network(
    network: Network,
    path: Path,
    licence: str,
    *,
    kind: str = _NETWORK_KIND,
    notes: Mapping[str, str] | None = None,
) -> None:
    """Write the network in half precision; `kind` and `notes` say what else than a predictor."""
    header = {
        **(notes or {}),
        "kind": kind,
        "widths": json.dumps(list(network.sizes.widths)),
        "blocks": str(network.sizes.blocks),
        "licence": licence,
    }
    save_module(network, path, header)


def load_network(path: Path) -> Network:
    """Read a predictor's network file; raises `MissingWeights` or `WrongWeights`."""
    return load_noted(path, _NETWORK_KIND)[0]


def load_noted(path: Path, kind: str) -> tuple[Network, Mapping[str, str]]:
    """A network of this kind, and its file's header; raises `MissingWeights`, `WrongWeights`."""
    header, tensors = read_module(path)
    if header.get("kind") != kind:
        raise WrongWeights(f"{path.name} does not hold a {kind.removeprefix('restorer-')}.")
    try:
        sizes = NetworkSizes(tuple(json.loads(header["widths"])), int(header["blocks"]))
        network = Network(sizes)
        network.load_state_dict(tensors)
    except (KeyError, ValueError, RuntimeError) as error:
        raise WrongWeights(f"{path.name} holds no usable network.") from error
    return network.eval().requires_grad_(False), header


def save_adapter(adapter: TaskAdapter, path: Path, header: AdapterHeader) -> None:
    """Write an adapter in half precision."""
    fields = {
        "kind": _ADAPTER_KIND,
        "task": header.task,
        "title": header.title,
        "rank": str(header.rank),
        "network": header.network,
        "recipe": header.recipe,
        "licence": header.licence,
    }
    save_module(adapter, path, fields)


def load_adapter(path: Path, network: Network, checksum: str) -> tuple[TaskAdapter, AdapterHeader]:
    """Read an adapter for `network`, whose file has `checksum`.

    Raises `MissingWeights`, `WrongWeights`, or `WrongAdapter` if it belongs to another network.
    """
    fields, tensors = read_module(path)
    if fields.get("kind") != _ADAPTER_KIND:
        raise WrongAdapter(f"{path.name} does not hold a task adapter.")
    try:
        header = AdapterHeader(
            task=fields["task"],
            title=fields["title"],
            rank=int(fields["rank"]),
            network=fields["network"],
            recipe=fields["recipe"],
            licence=fields["licence"],
        )
    except (KeyError, ValueError) as error:
        raise WrongAdapter(f"{path.name} has an incomplete header.") from error
    if header.network != checksum:
        raise WrongAdapter(f"{path.name} was made for another version of the predictor.")
    adapter = TaskAdapter(network.sizes, header.rank)
    try:
        adapter.load_state_dict(tensors)
    except RuntimeError as error:
        raise WrongAdapter(f"{path.name} does not fit the predictor.") from error
    return adapter.eval().requires_grad_(False), header


def save_module(module: nn.Module, path: Path, header: Mapping[str, str]) -> None:
    """Write the weights of a module in half precision, with a header that says what they are."""
    tensors = {
        key: value.detach().to("cpu", torch.float16).contiguous()
        for key, value in module.state_dict().items()
    }
    fresh = path.with_name(path.name + ".new")
    save_file(tensors, fresh, metadata=dict(header))
    fresh.replace(path)


def read_module(path: Path) -> tuple[dict[str, str], dict[str, Tensor]]:
    """Header and float32 weights of a file; raises `MissingWeights` or `WrongWeights`."""
    if not path.exists():
        raise MissingWeights(f"The weights file {path.name} is missing.")
    try:
        with safe_open(path, "pt") as file:
            header = dict(file.metadata() or {})
            tensors = {key: file.get_tensor(key).float() for key in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise WrongWeights(f"The weights file {path.name} is damaged.") from error
    return header, tensors
