"""FLUX from files on disk: a folder in diffusers' layout, one safetensors file, or GGUF.

In safetensors the numbers may be of 32 or 16 bits, of 8 (FP8 with its scales) or of 4 (NF4).

Sizes come from configs that we ship, names from diffusers or from Black Forest Labs. Tensors are
read one by one into a network without weights, so memory never holds a model twice; with a
modulation table the layers it replaces are not read at all. Nothing here touches the network.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from engine.diffusion.autoencoder import Autoencoder, Flux1Autoencoder, Flux2Autoencoder
from engine.diffusion.flux_models import (
    Flux1Sizes,
    Flux2Sizes,
    VaeSizes,
    flux1_transformer,
    flux1_vae,
    flux2_transformer,
    flux2_vae,
)
from engine.diffusion.flux_names import Piece, autoencoder_piece, transformer_piece
from engine.diffusion.gguf_layers import is_packed, put_packed
from engine.diffusion.modulation import ModulationTable, install
from engine.diffusion.nf4_layers import Nf4Weight, companions, is_nf4, put_nf4, read_nf4
from engine.diffusion.tensor_files import TensorFiles, open_tensors
from engine.errors import WrongWeights

_PREFIXES = ("", "model.diffusion_model.", "model.", "transformer.", "first_stage_model.", "vae.")
"""What programs put before the names when they save several networks in one file."""
_OTHERS = ("text_encoders.", "cond_stage_model.", "conditioner.")
_SCALE, _INPUT_SCALE = ".weight_scale", ".input_scale"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a file is read into a network."""

    files: TensorFiles
    piece: Callable[[str], Piece]
    """From a parameter's name to its place, in the names the file uses."""
    device: torch.device
    dtype: torch.dtype


def load_transformer(
    path: Path,
    sizes: Flux1Sizes | Flux2Sizes,
    *,
    device: torch.device,
    dtype: torch.dtype,
    table: ModulationTable | None = None,
) -> nn.Module:
    """Read a FLUX transformer, in `dtype`; GGUF's short formats and NF4 stay as they are.

    Raises `MissingWeights`, or `WrongWeights` if the file is damaged or holds something else.
    """
    build = flux1_transformer if isinstance(sizes, Flux1Sizes) else flux2_transformer
    network = build(sizes, "meta")  # type: ignore[arg-type]  # each builder gets its own sizes
    expected = list(network.state_dict())
    if table is not None:
        install(table, network)
    _fill(network, expected, path, transformer_piece, device, dtype)
    return network.to(device).eval().requires_grad_(False)


def load_autoencoder(
    path: Path,
    sizes: VaeSizes,
    family: str,
    *,
    device: torch.device,
    dtype: torch.dtype,
) -> Autoencoder:
    """Read the autoencoder of "flux1" or "flux2"; raises as `load_transformer` does."""
    network = (flux1_vae if family == "flux1" else flux2_vae)(sizes, "meta")
    expected = [name for name in network.state_dict() if not name.endswith("batches_tracked")]
    _fill(network, expected, path, autoencoder_piece, device, dtype)
    network = network.eval().requires_grad_(False)
    if family == "flux1":
        return Flux1Autoencoder(network, sizes.scale, sizes.shift, dtype)
    return Flux2Autoencoder(network, dtype)


def _fill(
    network: nn.Module,
    expected: list[str],
    path: Path,
    original: Callable[[str], Piece],
    device: torch.device,
    dtype: torch.dtype,
) -> None:
    """Read every parameter in `expected` that the network still has; all others must be known."""
    files = open_tensors(path)
    piece = _naming(files, expected, original)
    reading = Reading(files=files, piece=piece, device=device, dtype=dtype)
    present = network.state_dict()
    used: set[str] = set()
    ready: dict[str, Tensor] = {}
    for name in expected:
        stored = _stored(reading, name)
        used |= {stored, *_scales(stored)}
        if name not in present:
            continue
        if is_nf4(files, stored):
            put_nf4(network, name, _nf4(reading, name, stored, present[name].shape), dtype)
            continue
        value = _value(reading, name, stored, present[name].shape)
        if is_packed(value):
            put_packed(network, name, value, dtype)
        else:
            ready[name] = value
    _refuse_strangers(files, used)
    network.load_state_dict(ready, strict=False, assign=True)


def _naming(
    files: TensorFiles, expected: list[str], original: Callable[[str], Piece]
) -> Callable[[str], Piece]:
    """Diffusers' names or the original ones, with whatever the file puts before them."""
    first, names = expected[0], files.names
    for prefix in _PREFIXES:
        if prefix + first in names and all(prefix + one in names for one in expected[-3:]):
            return lambda name: Piece((prefix + name,))
        if any(prefix + one in names for one in original(first).names):
            return lambda name: _prefixed(original(name), prefix)
    raise WrongWeights(f"{files.label} does not hold the network it should.")


def _prefixed(piece: Piece, prefix: str) -> Piece:
    names = tuple(prefix + name for name in piece.names)
    return Piece(names, piece.part, piece.whole, piece.swapped)


def _stored(reading: Reading, name: str) -> str:
    """The name under which a parameter lies in the file."""
    names = reading.piece(name).names
    found = next((one for one in names if one in reading.files.names), None)
    if found is None:
        raise WrongWeights(f"{reading.files.label} lacks {names[0]}: it is not a complete model.")
    return found


def _value(reading: Reading, name: str, stored: str, shape: torch.Size) -> Tensor:
    """A parameter as the network wants it, on its device."""
    piece, files = reading.piece(name), reading.files
    rows = slice(None) if piece.whole else _rows(piece, shape[0], files.rows(stored))
    value = files.read(stored, rows)
    if is_packed(value):
        if piece.swapped:
            value = torch.cat([*value.chunk(2)[::-1]])
        _check(files, stored, torch.Size(value.quant_shape), shape)  # type: ignore[attr-defined]
        return value.to(reading.device)
    if value.ndim == len(shape) + 2 and value.shape[-2:] == (1, 1):
        value = value[..., 0, 0]  # attention that was stored as a convolution of one pixel
    _check(files, stored, value.shape, shape)
    value = _unscaled(reading, stored, value, rows)
    if piece.swapped:
        value = torch.cat([*value.chunk(2)[::-1]])
    return value.to(reading.device, reading.dtype)


def _nf4(reading: Reading, name: str, stored: str, shape: torch.Size) -> Nf4Weight:
    """A weight of four bits as the network wants it, on its device."""
    piece = reading.piece(name)
    weight = read_nf4(reading.files, stored)
    if not piece.whole:
        weight = weight.part(_rows(piece, shape[0], weight.shape[0]))
    _check(reading.files, stored, weight.shape, shape)
    return (weight.swapped() if piece.swapped else weight).to(reading.device)


def _rows(piece: Piece, height: int, total: int) -> slice:
    """Which of the stored `total` rows a parameter of this height is."""
    start = total - height if piece.part < 0 else piece.part * height
    return slice(start, start + height)


def _check(files: TensorFiles, stored: str, found: torch.Size, expected: torch.Size) -> None:
    if found != expected:
        sizes = " x ".join(map(str, found)), " x ".join(map(str, expected))
        raise WrongWeights(
            f"{files.label} is another model: its {stored} is {sizes[0]}, not {sizes[1]}."
        )


def _unscaled(reading: Reading, stored: str, value: Tensor, rows: slice) -> Tensor:
    """Numbers of 8 bits times their scale, one for all or one for each row, where there is one."""
    scales = [name for name in _scales(stored) if name.endswith(_SCALE)]
    if not scales or scales[0] not in reading.files.names:
        return value
    single = reading.files.rows(scales[0]) == 1
    scale = reading.files.read(scales[0], slice(None) if single else rows).float()
    return value.float() * scale.reshape(-1, *[1] * (value.ndim - 1))


def _scales(stored: str) -> list[str]:
    """Names that may accompany a weight of 8 or 4 bits."""
    stem, _, kind = stored.rpartition(".")
    if kind != "weight":
        return []
    return [stem + _SCALE, stem + _INPUT_SCALE, *companions(stored)]


def _refuse_strangers(files: TensorFiles, used: set[str]) -> None:
    """Raise `WrongWeights` if the file holds more of this network than was asked for."""
    owners = {prefix for prefix in _PREFIXES if any(name.startswith(prefix) for name in used)}
    prefix = max((one for one in owners if all(n.startswith(one) for n in used)), key=len)
    rest = (name for name in files.names - used if name.startswith(prefix))
    apart = (*_OTHERS, *(one for one in _PREFIXES if one and one != prefix))
    strange = sorted(n for n in rest if not n.startswith(apart) and not n.endswith("_tracked"))
    if strange:
        raise WrongWeights(f"{files.label} is another model: it has {strange[0]} besides.")
