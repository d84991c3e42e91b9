"""Modulation tables: the AdaLN layers of FLUX, looked up instead of computed.

The layers that make shifts, scales and gates see nothing but time, guidance and pooled prompt. With
a fixed schedule and prompt their outputs are a few rows; the layers, 3.25 of FLUX.1's 11.9 billion
parameters, need not be there at all. (Chroma, Lodestone Rock 2025, prunes the same layers.)

A table belongs to one backbone, one prompt and one schedule; another needs another.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn
from torch.nn import functional as F

from engine.diffusion.tensor_files import write_tensors
from engine.errors import MissingWeights, WrongWeights

_KIND = "restorer-modulation-table"
_LAYERS = re.compile(
    r"(?:(?:^|\.)(?:norm1|norm1_context|norm|norm_out)|stream_modulation(?:_img|_txt)?)\.linear$"
)
_SAME_SIGMA = 1e-6
"""Sigmas nearer than this are one: it is finer than float32 tells times apart near 1000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModulationTable:
    """What every modulation layer gives at every sigma of a schedule."""

    backbone: str
    conditions: str
    """`fingerprint` of prompt and guidance."""
    sigmas: tuple[float, ...]
    rows: dict[str, Tensor]
    """By the layer's name: (sigmas, outputs)."""

    def covers(self, sigmas: Sequence[float], conditions: str) -> bool:
        """Whether a run with this prompt and guidance finds all it needs; 0 is never evaluated."""
        if conditions != self.conditions:
            return False
        return all(self._place(sigma) is not None for sigma in sigmas if sigma > 0)

    def place(self, sigma: float) -> int:
        """The row of `sigma`; raises `WrongWeights` if there is none."""
        found = self._place(sigma)
        if found is None:
            raise WrongWeights(
                f"The modulation table has no row for sigma {sigma:g}.",
                "Make the table again for this number of steps.",
            )
        return found

    def _place(self, sigma: float) -> int | None:
        near = (i for i, known in enumerate(self.sigmas) if abs(known - sigma) < _SAME_SIGMA)
        return next(near, None)


class RecordedLayer(nn.Module):
    """Stands where a modulation layer stood, and gives its recorded output for one sigma."""

    rows: Tensor

    def __init__(self, rows: Tensor) -> None:
        super().__init__()
        self.register_buffer("rows", rows, persistent=False)
        self.place = 0

    def forward(self, time: Tensor) -> Tensor:
        """(1, outputs), the same for every picture of a batch."""
        return self.rows[self.place : self.place + 1].to(time.dtype)


def modulation_layers(network: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """Name and layer of all that depends on time alone, in a transformer of either family."""
    for name, layer in network.named_modules():
        if _LAYERS.search(name):
            yield name, layer


def parameters_spared(network: nn.Module) -> int:
    """How many parameters a table makes superfluous."""
    layers = modulation_layers(network)
    return sum(weight.numel() for _, layer in layers for weight in layer.parameters())


@torch.no_grad()
def tabulate(
    network: nn.Module,
    times: Sequence[Tensor],
    sigmas: Sequence[float],
    *,
    backbone: str,
    conditions: str,
) -> ModulationTable:
    """Record a network's modulation for the embedded times (1, width) of these sigmas."""
    rows = {}
    for name, layer in modulation_layers(network):
        rows[name] = torch.cat([layer(F.silu(time)) for time in times]).clone()
    return ModulationTable(
        backbone=backbone, conditions=conditions, sigmas=tuple(sigmas), rows=rows
    )


def install(table: ModulationTable, network: nn.Module) -> None:
    """Put the table's rows where the network's modulation layers stand, and drop those.

    The network may be on the "meta" device, so that the layers are never loaded. Raises
    `WrongWeights` if the table was made for another network.
    """
    layers = dict(modulation_layers(network))
    if set(layers) != set(table.rows):
        raise WrongWeights(f"The modulation table was made for {table.backbone}, a different one.")
    for name, rows in table.rows.items():
        if rows.shape != (len(table.sigmas), _outputs(layers[name])):
            raise WrongWeights(f"The modulation table of {table.backbone} has other sizes.")
        network.set_submodule(name, RecordedLayer(rows))


def select(table: ModulationTable, network: nn.Module, sigma: Tensor) -> None:
    """Set the network to one sigma, () or (b); raises `WrongWeights` if the table lacks it.

    Raises `ValueError` if pictures of one batch are at different sigmas.
    """
    values = sigma.reshape(-1).tolist()
    if any(value != values[0] for value in values):
        raise ValueError("with a modulation table all pictures are at one sigma")
    place = table.place(values[0])
    for _, layer in modulation_layers(network):
        assert isinstance(layer, RecordedLayer)
        layer.place = place


def fingerprint(pooled: Tensor | None, guidance: float | None) -> str:
    """A short name for what, beside time, modulation depends on."""
    mark = hashlib.sha256(repr(guidance).encode())
    if pooled is not None:
        mark.update(pooled.detach().cpu().float().contiguous().numpy().tobytes())
    return mark.hexdigest()[:16]


def save_table(table: ModulationTable, path: Path) -> None:
    """Write a table, whole or not at all, in the format it was recorded in."""
    header = {
        "kind": _KIND,
        "backbone": table.backbone,
        "conditions": table.conditions,
        "sigmas": json.dumps(list(table.sigmas)),
    }
    rows = {name: value.detach().cpu().contiguous() for name, value in table.rows.items()}
    write_tensors(rows, path, header)


def load_table(path: Path, backbone: str) -> ModulationTable:
    """Read the table of a backbone; raises `MissingWeights` or `WrongWeights`."""
    if not path.exists():
        raise MissingWeights(f"The modulation table {path.name} is missing.")
    try:
        with safe_open(path, "pt") as file:
            header = dict(file.metadata() or {})
            rows: dict[str, Tensor] = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
        if header.get("kind") != _KIND:
            raise WrongWeights(f"{path.name} does not hold a modulation table.")
        table = ModulationTable(
            backbone=header["backbone"],
            conditions=header["conditions"],
            sigmas=tuple(float(sigma) for sigma in json.loads(header["sigmas"])),
            rows=rows,
        )
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise WrongWeights(f"The modulation table {path.name} is damaged.") from error
    if table.backbone != backbone:
        raise WrongWeights(f"{path.name} was made for {table.backbone}, not for {backbone}.")
    return table


def _outputs(layer: nn.Module) -> int:
    if isinstance(layer, RecordedLayer):
        return layer.rows.shape[1]
    features = getattr(layer, "out_features")  # noqa: B009  # quantised layers have it too
    assert isinstance(features, int)
    return features
