"""Reading and writing the predictor's weights: a network file, and a file for each task adapter.

Both are safetensors whose header says what they are, an adapter's matrices and a network's large
convolutions in 8 bits. An adapter's header names the checksum of the network it was trained with,
for with another one it would do harm.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from engine.diffusion.blocks import Block, BlockRanges
from engine.diffusion.network import Network, NetworkSizes, TaskAdapter
from engine.diffusion.tensor_files import write_tensors
from engine.errors import MissingWeights, WrongAdapter, WrongWeights

_NETWORK_KIND, _ADAPTER_KIND = "restorer-predictor", "restorer-task-adapter"
_SCALE = ":scale"
"""Ends the name of the scales that belong to a tensor of 8-bit numbers."""
_RANGES = "ranges"
"""Begins the names of the ranges of blocks, which go on with a block's number and a field."""
_LARGE = 24_000
"""Weights from which a convolution is written in 8 bits. Those of the finest level have fewer: they
are a few hundredths of a file, and most of what rounding costs in quality is theirs."""

_ENDS = {"head", "tail", "tails"}
"""What the first and the last convolutions of the networks are called."""


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
    eight_bit: bool = False,
) -> None:
    """Write the network as `save_module` does; `kind` and `notes` say what else than a predictor
    it is."""
    header = {
        **(notes or {}),
        "kind": kind,
        "widths": json.dumps(list(network.sizes.widths)),
        "blocks": str(network.sizes.blocks),
        "licence": licence,
    }
    save_module(network, path, header, eight_bit=eight_bit)


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
    give_ranges(network.blocks, path)
    return network.eval().requires_grad_(False), header


def save_adapter(adapter: TaskAdapter, path: Path, header: AdapterHeader) -> None:
    """Write an adapter, its matrices in 8 bits with a scale for each row, the rest in half
    precision, which pictures hardly show (model card, "what was tried")."""
    fields = {
        "kind": _ADAPTER_KIND,
        "task": header.task,
        "title": header.title,
        "rank": str(header.rank),
        "network": header.network,
        "recipe": header.recipe,
        "licence": header.licence,
    }
    tensors: dict[str, Tensor] = {}
    for key, value in adapter.state_dict().items():
        if value.ndim == 2:
            tensors[key], tensors[key + _SCALE] = _in_eight_bits(value)
        else:
            tensors[key] = value
    _write(tensors, path, fields)


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
    adapter.ranges = load_ranges(path)
    if not _fit(adapter.ranges, network.sizes.block_widths):
        raise WrongAdapter(f"{path.name} does not fit the predictor.")
    return adapter.eval().requires_grad_(False), header


def network_of(path: Path) -> str:
    """The sha256 of the network file that an adapter was made for.

    Raises `MissingWeights`, `WrongWeights`, or `WrongAdapter` if the file is none.
    """
    header, _ = _opened(path, lambda key: False)
    if header.get("kind") != _ADAPTER_KIND or "network" not in header:
        raise WrongAdapter(f"{path.name} does not hold a task adapter.")
    return header["network"]


def add_ranges(path: Path, ranges: Mapping[int, BlockRanges]) -> None:
    """Write the ranges of blocks, by number, into a file of weights, in place of those it has.

    Raises `MissingWeights` or `WrongWeights`.
    """
    header, stored = _opened(path)
    kept = {key: value for key, value in stored.items() if not _is_range(key)}
    for index, block in ranges.items():
        kept[f"{_RANGES}.{index}.before"] = block.before
        kept[f"{_RANGES}.{index}.inside"] = block.inside
    _write(kept, path, header)


def load_ranges(path: Path) -> dict[int, BlockRanges]:
    """The ranges that a file tells, by block; raises `MissingWeights` or `WrongWeights`."""
    _, stored = _opened(path, _is_range)
    try:
        return {
            int(key.split(".")[1]): BlockRanges(
                value.float(), stored[key.replace("before", "inside")].float()
            )
            for key, value in stored.items()
            if key.endswith("before")
        }
    except (KeyError, ValueError, IndexError) as error:
        raise WrongWeights(f"The ranges in {path.name} are damaged.") from error


def give_ranges(blocks: Iterable[nn.Module], path: Path) -> None:
    """Tell the blocks of a network the ranges of their own layers, from its file.

    Raises `WrongWeights` for those of another network.
    """
    own = [block for block in blocks if isinstance(block, Block)]
    ranges = load_ranges(path)
    if not _fit(ranges, [len(block.first) for block in own]):
        raise WrongWeights(f"The ranges in {path.name} are damaged.")
    for index, block in enumerate(own):
        block.ranges = ranges.get(index)


def _fit(ranges: Mapping[int, BlockRanges], widths: Sequence[int]) -> bool:
    """Whether ranges are those of blocks of these widths."""
    return all(
        index < len(widths) and one.before.shape == one.inside.shape == (widths[index],)
        for index, one in ranges.items()
    )


def save_module(
    module: nn.Module, path: Path, header: Mapping[str, str], *, eight_bit: bool = False
) -> None:
    """Write the weights of a module in half precision, with a header that says what they are.

    With `eight_bit` its large convolutions are written in 8 bits, with a scale for each slice along
    the first axis: each output channel, or input channel where a convolution enlarges (symmetric,
    as Jacob et al. 2018 have it). Not those of a network's finest level, nor its first, whose
    errors all others would see, nor its last.
    """
    save_weights(module.state_dict(), path, header, eight_bit=eight_bit)


def save_weights(
    weights: Mapping[str, Tensor], path: Path, header: Mapping[str, str], *, eight_bit: bool = False
) -> None:
    """Write the weights of a module by their names, as `save_module` does."""
    tensors: dict[str, Tensor] = {}
    for key, value in weights.items():
        ends = not _ENDS.isdisjoint(key.split("."))
        if eight_bit and not ends and value.ndim == 4 and value.numel() >= _LARGE:
            tensors[key], tensors[key + _SCALE] = _in_eight_bits(value)
        else:
            tensors[key] = value
    _write(tensors, path, header)


def holds_eight_bits(path: Path) -> bool:
    """Whether a file's large convolutions are written in 8 bits.

    Raises `MissingWeights` or `WrongWeights`.
    """
    return any(value.dtype == torch.int8 for value in _opened(path)[1].values())


def read_module(path: Path) -> tuple[dict[str, str], dict[str, Tensor]]:
    """Header and float32 weights of a file; raises `MissingWeights` or `WrongWeights`."""
    header, stored = _opened(path, lambda key: not _is_range(key))
    weights = {}
    for key, value in stored.items():
        if value.dtype == torch.int8:
            scale = stored.get(key + _SCALE)
            if scale is None or scale.shape != value.shape[:1]:
                raise WrongWeights(f"The weights file {path.name} lacks the scale of {key}.")
            weights[key] = value.float() * scale.float().view(-1, *[1] * (value.ndim - 1))
        elif not key.endswith(_SCALE):
            weights[key] = value.float()
    return header, weights


def _write(tensors: Mapping[str, Tensor], path: Path, header: Mapping[str, str]) -> None:
    """Write tensors, floating point ones in half precision, in one step."""
    stored = {
        key: value.detach()
        .to("cpu", torch.float16 if value.is_floating_point() else value.dtype)
        .contiguous()
        for key, value in tensors.items()
    }
    write_tensors(stored, path, header)


def _in_eight_bits(weight: Tensor) -> tuple[Tensor, Tensor]:
    """A weight (n, m, ...) as whole numbers of -127 to 127, and the scale (n) of each slice."""
    flat = weight.detach().float().flatten(1)
    # Rounded to half first, so that the numbers are right for the scale that is stored.
    scale = (flat.abs().amax(1) / 127).half().float().clamp_min(1e-7)
    whole = (flat / scale[:, None]).round().clamp(-127, 127)
    return whole.to(torch.int8).view_as(weight), scale


def _is_range(key: str) -> bool:
    return key.startswith(f"{_RANGES}.")


def _opened(
    path: Path, wanted: Callable[[str], bool] = bool
) -> tuple[dict[str, str], dict[str, Tensor]]:
    """Header and tensors of a file as they are stored, those whose names are `wanted`; raises as
    `read_module` does."""
    if not path.exists():
        raise MissingWeights(f"The weights file {path.name} is missing.")
    try:
        with safe_open(path, "pt") as file:
            header = dict(file.metadata() or {})
            keys = [key for key in file.keys() if wanted(key)]  # noqa: SIM118  # no mapping
            return header, {key: file.get_tensor(key) for key in keys}
    except (SafetensorError, OSError) as error:
        raise WrongWeights(f"The weights file {path.name} is damaged.") from error
