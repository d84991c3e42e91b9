"""FLUX from files on disk: a folder in diffusers' layout, one safetensors file, or GGUF.

In safetensors the numbers may be of 32 or 16 bits, of 8 (FP8 or int8 with their scales, from
torchao too) or of 4 (NF4).

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

from engine.diffusion.flux.autoencoder import Autoencoder, Flux1Autoencoder, Flux2Autoencoder
from engine.diffusion.flux.flux_models import (
    Flux1Sizes,
    Flux2Sizes,
    VaeSizes,
    flux1_transformer,
    flux1_vae,
    flux2_transformer,
    flux2_vae,
)
from engine.diffusion.flux.flux_names import Piece, autoencoder_piece, transformer_piece
from engine.diffusion.flux.modulation import ModulationTable, install
from engine.diffusion.flux.patch_autoencoder import PatchSizes, load_patch_autoencoder
from engine.diffusion.quantised import eight_bit_layers, nf4_layers
from engine.diffusion.quantised.eight_bit_layers import (
    EightBits,
    eight_bit_values,
    eight_bit_weight,
    is_torchao,
    read_eight_bit,
)
from engine.diffusion.quantised.gguf_layers import GgufWeight
from engine.diffusion.quantised.nf4_layers import is_nf4, read_nf4
from engine.diffusion.quantised.short_weights import ShortWeight, put_short
from engine.diffusion.tensor_files import TensorFiles, open_tensors
from engine.errors import WrongWeights

_PREFIXES = ("", "model.diffusion_model.", "model.", "transformer.", "first_stage_model.", "vae.")
"""What programs put before the names when they save several networks in one file."""
_OTHERS = ("text_encoders.", "cond_stage_model.", "conditioner.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a file is read into a network."""

    files: TensorFiles
    piece: Callable[[str], Piece]
    """From a parameter's name to its place, in the names the file uses."""
    device: torch.device
    dtype: torch.dtype
    shorten: EightBits | None = None
    """Into what the blocks' matrices of 16 bits and more are rounded."""


def load_transformer(
    path: Path,
    sizes: Flux1Sizes | Flux2Sizes,
    *,
    device: torch.device,
    dtype: torch.dtype,
    table: ModulationTable | None = None,
    shorten: EightBits | None = None,
) -> nn.Module:
    """Read a FLUX transformer, in `dtype`; formats of 8 bits and fewer stay as they are.

    With `shorten` the blocks' longer matrices are rounded to 8 bits while they are read. Raises
    `MissingWeights`, or `WrongWeights` if the file is damaged or holds something else.
    """
    build = flux1_transformer if isinstance(sizes, Flux1Sizes) else flux2_transformer
    network = build(sizes, "meta")  # type: ignore[arg-type]  # each builder gets its own sizes
    expected = list(network.state_dict())
    if table is not None:
        install(table, network)
    _fill(network, expected, path, transformer_piece, device, dtype, shorten)
    return network.to(device).eval().requires_grad_(False)


def load_autoencoder(
    path: Path,
    sizes: VaeSizes | PatchSizes,
    family: str,
    *,
    device: torch.device,
    dtype: torch.dtype,
) -> Autoencoder:
    """Read the autoencoder of "flux1" or "flux2"; raises as `load_transformer` does."""
    if isinstance(sizes, PatchSizes):
        return load_patch_autoencoder(path, sizes, device=device, dtype=dtype)
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
    shorten: EightBits | None = None,
) -> None:
    """Read every parameter in `expected` that the network still has; all others must be known."""
    files = open_tensors(path)
    piece = _naming(files, expected, original)
    reading = Reading(files=files, piece=piece, device=device, dtype=dtype, shorten=shorten)
    present = network.state_dict()
    used: set[str] = set()
    ready: dict[str, Tensor] = {}
    for name in expected:
        stored = _stored(reading, name)
        used |= {stored, *_companions(stored)}
        if name not in present:
            continue
        short = _short(reading, name, stored, present[name].shape)
        if short is not None:
            put_short(network, name, short, dtype)
            continue
        value = _value(reading, name, stored, present[name].shape)
        if shorten is not None and _in_block(network, name):
            put_short(network, name, eight_bit_weight(value, shorten), dtype)
        else:
            ready[name] = value.to(dtype)
    _refuse_strangers(files, used)
    network.load_state_dict(ready, strict=False, assign=True)


def _in_block(network: nn.Module, name: str) -> bool:
    """Whether a parameter is the matrix of a layer in one of the transformer's blocks."""
    place, _, kind = name.rpartition(".")
    layer = network.get_submodule(place)
    return kind == "weight" and "transformer_blocks." in name and isinstance(layer, nn.Linear)


def _naming(
    files: TensorFiles, expected: list[str], original: Callable[[str], Piece]
) -> Callable[[str], Piece]:
    """Diffusers' names or the original ones, with whatever the file puts before them."""
    first = expected[0]
    for prefix in _PREFIXES:
        if all(_holds(files, prefix + one) for one in (first, *expected[-3:])):
            return lambda name: Piece((prefix + name,))
        if any(_holds(files, prefix + one) for one in original(first).names):
            return lambda name: _prefixed(original(name), prefix)
    raise WrongWeights(f"{files.label} does not hold the network it should.")


def _holds(files: TensorFiles, name: str) -> bool:
    """Whether a parameter is in the file, whole or in parts."""
    return name in files.names or is_torchao(files, name)


def _prefixed(piece: Piece, prefix: str) -> Piece:
    names = tuple(prefix + name for name in piece.names)
    return Piece(names, piece.part, piece.whole, piece.swapped)


def _stored(reading: Reading, name: str) -> str:
    """The name under which a parameter lies in the file."""
    names = reading.piece(name).names
    found = next((one for one in names if _holds(reading.files, one)), None)
    if found is None:
        raise WrongWeights(f"{reading.files.label} lacks {names[0]}: it is not a complete model.")
    return found


def _value(reading: Reading, name: str, stored: str, shape: torch.Size) -> Tensor:
    """A parameter of plain numbers as the network wants it, on its device."""
    piece, files = reading.piece(name), reading.files
    value = files.read(stored, _wanted(reading, piece, stored, shape[0]))
    if value.ndim == len(shape) + 2 and value.shape[-2:] == (1, 1):
        value = value[..., 0, 0]  # attention that was stored as a convolution of one pixel
    _check(files, stored, value.shape, shape)
    if piece.swapped:
        value = torch.cat([*value.chunk(2)[::-1]])
    return value.to(reading.device)


def _short(reading: Reading, name: str, stored: str, shape: torch.Size) -> ShortWeight | None:
    """A parameter of few bits as the network wants it, on its device; None if it has many."""
    piece, files = reading.piece(name), reading.files
    weight: ShortWeight
    if is_nf4(files, stored):
        weight = read_nf4(files, stored)
        if not piece.whole:
            weight = weight.part(_rows(piece, shape[0], weight.shape[0]))
    elif values := eight_bit_values(files, stored):
        weight = read_eight_bit(files, stored, _wanted(reading, piece, values, shape[0]))
    elif packing := files.packing(stored):
        rows = _wanted(reading, piece, stored, shape[0])
        weight = GgufWeight(files.read(stored, rows), packing)
    else:
        return None
    _check(files, stored, weight.shape, shape)
    return (weight.swapped() if piece.swapped else weight).to(reading.device)


def _wanted(reading: Reading, piece: Piece, stored: str, height: int) -> slice:
    """Which rows of the stored tensor make up a parameter of that height."""
    return slice(None) if piece.whole else _rows(piece, height, reading.files.rows(stored))


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


def _companions(stored: str) -> list[str]:
    """Names of what may accompany a weight of 8 or 4 bits."""
    if not stored.endswith(".weight"):
        return []
    return [*eight_bit_layers.companions(stored), *nf4_layers.companions(stored)]


def _refuse_strangers(files: TensorFiles, used: set[str]) -> None:
    """Raise `WrongWeights` if the file holds more of this network than was asked for."""
    owners = {prefix for prefix in _PREFIXES if any(name.startswith(prefix) for name in used)}
    prefix = max((one for one in owners if all(n.startswith(one) for n in used)), key=len)
    rest = (name for name in files.names - used if name.startswith(prefix))
    apart = (*_OTHERS, *(one for one in _PREFIXES if one and one != prefix))
    strange = sorted(n for n in rest if not n.startswith(apart) and not n.endswith("_tracked"))
    if strange:
        raise WrongWeights(f"{files.label} is another model: it has {strange[0]} besides.")
