"""LoRA adapters: W x + scale * (alpha / rank) B A x beside a transformer's linear layers.

Hu et al., "LoRA" (arXiv 2106.09685). Files are peft's, as diffusers and most trainers write them:
`<layer>.lora_A.weight` (rank, inputs), `<layer>.lora_B.weight` (outputs, rank), and perhaps
`<layer>.alpha`, under diffusers' names or Black Forest Labs'; or kohya's, who says `lora_down` and
`lora_up`, and writes underscores for points. Where no layer names its alpha, the header does
(diffusers), or the configuration beside the file (peft); else alpha is the rank. The weights stay
as they are, so any number of adapters stack, also on quantised layers, and come off again without
a trace.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import torch
from torch import Tensor, nn

from engine.diffusion.flux.flux_names import transformer_piece
from engine.diffusion.flux.lora_strength import LoraStrength, strength_of
from engine.diffusion.quantised.short_weights import ShortLinear
from engine.diffusion.tensor_files import SafetensorsFiles
from engine.errors import WrongAdapter

_PREFIXES = ("", "transformer.", "diffusion_model.", "base_model.model.", "unet.")
_WHOLE, _END = -1, -2
"""In place of a row: the whole matrix, or whatever lies at its end."""
_ALPHA = ".alpha"
_PAIRS = ((".lora_A.weight", ".lora_B.weight"), (".lora_down.weight", ".lora_up.weight"))
"""What the two matrices are called: by peft, and by kohya."""


@dataclass(frozen=True, slots=True)
class LowRank:
    """One adapter's addition to one layer."""

    down: Tensor
    """(rank, inputs)."""
    up: Tensor
    """(outputs, rank), alpha / rank and the scale multiplied in."""


class LayerWithLoras(nn.Module):
    """A layer, and what adapters add to it."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer
        self.additions: list[LowRank] = []

    @property
    def out_features(self) -> int:
        return int(getattr(self.layer, "out_features"))  # noqa: B009  # nn.Module promises none

    def forward(self, x: Tensor) -> Tensor:
        """(..., inputs) to (..., outputs)."""
        out: Tensor = self.layer(x)
        for low in self.additions:
            # The layer may have come from elsewhere, or compute more finely, for this once.
            out = out + x @ low.down.to(x).T @ low.up.to(x).T
        return out


def add_lora(
    transformer: nn.Module,
    path: Path,
    scale: float,
    *,
    device: torch.device,
    dtype: torch.dtype,
) -> int:
    """Add an adapter from its file, on top of those that are there; returns how many layers it has.

    The transformer is changed only if the whole file fits. A modulation table made before does not
    know of it. Raises `MissingWeights`, `WrongWeights`, and `WrongAdapter` if the file is not a
    LoRA for this transformer.
    """
    files = SafetensorsFiles([path])
    found = dict(_additions(transformer, files, strength_of(path), scale))
    used = {name for _, names in found.values() for name in names}
    strange = sorted(files.names - used)
    if not found or strange:
        reason = f"it has {strange[0]}" if strange else "it is empty"
        raise WrongAdapter(f"{path.name} is not a LoRA for this model: {reason}.")
    for name, (low, _) in found.items():
        layer = transformer.get_submodule(name)
        if not isinstance(layer, LayerWithLoras):
            layer = LayerWithLoras(layer)
            transformer.set_submodule(name, layer)
        layer.additions.append(LowRank(low.down.to(device, dtype), low.up.to(device, dtype)))
    return len(found)


def is_lora(names: Iterable[str]) -> bool:
    """Whether a file with tensors of these names is a LoRA, for whatever model."""
    marks = [down.removesuffix("weight") for down, _ in _PAIRS]
    return any(mark in name for name in names for mark in marks)


def remove_loras(transformer: nn.Module) -> None:
    """Take all adapters off; every layer is itself again."""
    for name, layer in list(transformer.named_modules()):
        if isinstance(layer, LayerWithLoras):
            transformer.set_submodule(name, layer.layer)


def _additions(
    transformer: nn.Module, files: SafetensorsFiles, strength: LoraStrength, scale: float
) -> Iterator[tuple[str, tuple[LowRank, set[str]]]]:
    """For each layer that the file has something for: the addition, and the names it used."""
    for name, layer in _linear_layers(transformer):
        rows, columns = int(layer.out_features), int(layer.in_features)
        for (stem, start), (down_name, up_name) in product(_stems(name, rows), _PAIRS):
            if stem + down_name not in files.names or stem + up_name not in files.names:
                continue
            down = files.read(stem + down_name).float()
            whole = files.read(stem + up_name).float()
            if start == _WHOLE and len(whole) != rows:
                raise WrongAdapter(f"{files.label} was made for a model of another size.")
            first = len(whole) - rows if start == _END else max(start, 0)
            up = whole[first : first + rows]
            if down.shape[1:] != (columns,) or up.shape != (rows, down.shape[0]):
                raise WrongAdapter(f"{files.label} was made for a model of another size.")
            used = {stem + down_name, stem + up_name}
            share = strength.share(name, len(down))
            if stem + _ALPHA in files.names:
                share = float(files.read(stem + _ALPHA)) / len(down)
                used.add(stem + _ALPHA)
            yield name, (LowRank(down, up * (scale * share)), used)
            break


def _linear_layers(transformer: nn.Module) -> Iterator[tuple[str, nn.Linear | ShortLinear]]:
    for name, layer in transformer.named_modules():
        plain = layer.layer if isinstance(layer, LayerWithLoras) else layer
        if isinstance(plain, nn.Linear | ShortLinear) and not name.endswith(".layer"):
            yield name, plain


def _stems(name: str, rows: int) -> Iterator[tuple[str, int]]:
    """Names a layer's addition may have, and the row of B at which its part begins."""
    piece = transformer_piece(name + ".weight")
    stored = piece.names[0].removesuffix(".weight")
    start = _WHOLE if piece.whole else _END if piece.part < 0 else piece.part * rows
    for prefix in _PREFIXES:
        yield prefix + name, _WHOLE
        if not piece.swapped:
            yield prefix + stored, start
    yield "lora_transformer_" + name.replace(".", "_"), _WHOLE
    if not piece.swapped:
        yield "lora_unet_" + stored.replace(".", "_"), start
