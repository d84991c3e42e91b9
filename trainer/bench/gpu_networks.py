"""FLUX of any size with random weights, made on the device in the format that is measured.

Each matrix is made in its own format at once, and never in more bits first, so that a card that
holds the finished network can be measured with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from engine.diffusion.flux.flux_models import (
    FLUX1_SCHNELL,
    FLUX1_VAE,
    FLUX2_KLEIN_4B,
    FLUX2_VAE,
    Flux1Sizes,
    Flux2Sizes,
    VaeSizes,
    flux1_transformer,
    flux2_transformer,
)
from engine.diffusion.flux.modulation import ModulationTable, install, modulation_layers
from engine.diffusion.quantised.eight_bit_layers import DTYPES, EightBits, EightBitWeight
from engine.diffusion.quantised.gguf_formats import FORMATS
from engine.diffusion.quantised.gguf_layers import GgufWeight
from engine.diffusion.quantised.nf4_layers import Nf4Weight, nf4_codes
from engine.diffusion.quantised.short_weights import ShortWeight, put_short


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A network to measure."""

    title: str
    transformer: Flux1Sizes | Flux2Sizes
    autoencoder: VaeSizes
    catalogue: str = ""
    """The model's id, where there is one of these sizes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How matrices are stored, and in what they are multiplied."""

    bits: float
    make: Callable[[int, int, torch.Generator], ShortWeight] | None
    """(rows, columns, chance) to a matrix on the generator's device; None keeps plain numbers."""
    multiplied: EightBits | None = None
    """None is the plain number format of the device."""
    variant: str = ""
    """Name of the precision in the catalogue, where it has one."""


MODELS = {
    "full": Model(
        title="FLUX.1 schnell, 11.9 B",
        transformer=FLUX1_SCHNELL,
        autoencoder=FLUX1_VAE,
        catalogue="flux1-schnell",
    ),
    "klein": Model(
        title="FLUX.2 klein, 3.9 B",
        transformer=FLUX2_KLEIN_4B,
        autoencoder=FLUX2_VAE,
        catalogue="flux2-klein-4b",
    ),
    "small": Model(
        title="a small FLUX.1",
        transformer=Flux1Sizes(
            double=2,
            single=4,
            heads=4,
            head_width=64,
            text_width=256,
            pooled_width=64,
            axes=(16, 24, 24),
        ),
        autoencoder=VaeSizes(widths=(32, 64, 64, 64), layers=1, groups=8),
    ),
}


def transformer(
    model: Model,
    form: Format,
    device: torch.device,
    dtype: torch.dtype,
    table: ModulationTable | None = None,
) -> nn.Module:
    """The model's transformer with random weights, matrices of its blocks in `form`.

    With a `table` the layers it replaces are never made.
    """
    network = _on_meta(model)
    if table is not None:
        install(table, network)
    chance = torch.Generator(device).manual_seed(1)
    for name, parameter in list(network.named_parameters()):
        place, _, kind = name.rpartition(".")
        layer = network.get_submodule(place)
        in_block = "transformer_blocks." in name and isinstance(layer, nn.Linear)
        if form.make is not None and in_block and kind == "weight":
            rows, columns = parameter.shape
            put_short(network, name, form.make(rows, columns, chance), dtype)
        else:
            value = _plain(parameter, kind, chance, dtype)
            setattr(layer, kind, nn.Parameter(value, requires_grad=False))
    return network.to(device).eval()


def random_table(
    model: Model, sigmas: tuple[float, ...], conditions: str, device: torch.device
) -> ModulationTable:
    """A modulation table of small numbers, for a network that is made without those layers."""
    chance = torch.Generator(device).manual_seed(2)
    rows = {}
    for name, layer in modulation_layers(_on_meta(model)):
        shape = len(sigmas), int(getattr(layer, "out_features"))  # noqa: B009
        rows[name] = 0.1 * torch.randn(shape, generator=chance, device=device)
    return ModulationTable(backbone=model.title, conditions=conditions, sigmas=sigmas, rows=rows)


def parameters(model: Model, *, with_modulation: bool = True) -> int:
    """Of the transformer."""
    network = _on_meta(model)
    total = sum(one.numel() for one in network.parameters())
    if with_modulation:
        return total
    layers = modulation_layers(network)
    return total - sum(one.numel() for _, layer in layers for one in layer.parameters())


def filled(network: nn.Module, device: torch.device, dtype: torch.dtype) -> nn.Module:
    """A network that was made on "meta", with random weights on a device."""
    chance = torch.Generator(device).manual_seed(3)
    for name, parameter in list(network.named_parameters()):
        place, _, kind = name.rpartition(".")
        value = nn.Parameter(_plain(parameter, kind, chance, dtype), requires_grad=False)
        setattr(network.get_submodule(place), kind, value)
    for name, buffer in list(network.named_buffers()):
        place, _, kind = name.rpartition(".")
        setattr(network.get_submodule(place), kind, torch.ones_like(buffer, device=device))
    return network.eval()


def _on_meta(model: Model) -> nn.Module:
    if isinstance(model.transformer, Flux1Sizes):
        return flux1_transformer(model.transformer, "meta")
    return flux2_transformer(model.transformer, "meta")


def _plain(parameter: Tensor, kind: str, chance: torch.Generator, dtype: torch.dtype) -> Tensor:
    """Matrices that keep a signal's size, norms near one, biases near zero."""
    value = torch.randn(parameter.shape, generator=chance, device=chance.device, dtype=dtype)
    if parameter.ndim >= 2:
        return value.mul_(_spread(parameter[0].numel()))
    return value.mul_(0.1).add_(1.0 if kind == "weight" else 0.0)


def _spread(columns: int) -> float:
    return 0.7 / math.sqrt(columns)


def _eight_bits(kind: EightBits) -> Callable[[int, int, torch.Generator], ShortWeight]:
    def make(rows: int, columns: int, chance: torch.Generator) -> ShortWeight:
        place = chance.device
        if kind == "int8":
            size = (rows, columns)
            values = torch.randint(
                -127, 128, size, generator=chance, device=place, dtype=torch.int8
            )
            spread = 73.6  # of all whole numbers from -127 to 127
        else:
            plain = torch.randn(rows, columns, generator=chance, device=place, dtype=torch.bfloat16)
            values, spread = plain.mul_(100).clamp_(-448, 448).to(DTYPES[kind]), 100.0
        scale = torch.full((rows, 1), _spread(columns) / spread, device=place)
        return EightBitWeight(values, scale)

    return make


def _nf4(rows: int, columns: int, chance: torch.Generator) -> ShortWeight:
    packed = _bytes((rows, columns // 2), chance)
    codes = nf4_codes().to(chance.device)
    largest = torch.full((rows, columns // 64), _spread(columns) / 0.55, device=chance.device)
    return Nf4Weight(packed, largest, codes)


def _gguf(kind: str) -> Callable[[int, int, torch.Generator], ShortWeight]:
    def make(rows: int, columns: int, chance: torch.Generator) -> ShortWeight:
        form = FORMATS[kind]
        packed = _bytes((rows, columns // form.weights, form.bytes), chance)
        if kind == "Q4_K":
            # 15 steps around zero; all eight scales and offsets are 32, in ggml's six bits each
            step = _spread(columns) / 4.6 / 32
            packed[..., :4] = torch.tensor([step, 7.5 * step]).half().view(torch.uint8).to(packed)
            shares = [32 | 2 << 6] * 8 + [0] * 4
            packed[..., 4:16] = torch.tensor(shares, dtype=torch.uint8).to(packed)
        else:
            step = _spread(columns) / 73.6
            packed[..., :2] = torch.tensor([step]).half().view(torch.uint8).to(packed)
        return GgufWeight(packed.reshape(rows, -1), kind)

    return make


def _bytes(shape: tuple[int, ...], chance: torch.Generator) -> Tensor:
    return torch.randint(0, 256, shape, generator=chance, device=chance.device, dtype=torch.uint8)


NETWORK_FORMATS = {
    "bf16": Format(bits=16, make=None, variant="bf16"),
    "int8": Format(bits=8, make=_eight_bits("int8"), multiplied="int8", variant="int8"),
    "int8-stored": Format(bits=8, make=_eight_bits("int8"), variant="int8"),
    "fp8": Format(bits=8, make=_eight_bits("fp8"), multiplied="fp8", variant="fp8"),
    "fp8-stored": Format(bits=8, make=_eight_bits("fp8"), variant="fp8"),
    "nf4": Format(bits=4.5, make=_nf4, variant="nf4"),
    "q8": Format(bits=8.5, make=_gguf("Q8_0"), variant="q8"),
    "q4": Format(bits=4.5, make=_gguf("Q4_K"), variant="q4"),
}
"""By the names of `--formats`. bf16 is float32 where the device computes faster in that."""
