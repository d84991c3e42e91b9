"""From an entry of the catalogue and the files in a model's folder to a backbone that runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from torch import nn

from engine.backbones import BackboneFile, BackboneSpec
from engine.diffusion.backbone import LatentSpec
from engine.diffusion.flux import flux1, flux2
from engine.diffusion.flux.autoencoder import Autoencoder
from engine.diffusion.flux.flux_adapter import FluxAdapter
from engine.diffusion.flux.flux_adapter_files import FluxAdapterHeader, load_flux_adapter
from engine.diffusion.flux.flux_backbone import FluxBackbone
from engine.diffusion.flux.flux_configs import FluxSizes, read_sizes
from engine.diffusion.flux.flux_files import load_autoencoder, load_transformer
from engine.diffusion.flux.flux_models import Flux1Sizes, Flux2Sizes
from engine.diffusion.flux.modulation import load_table
from engine.diffusion.flux.prompts import Prompt, load_prompt
from engine.diffusion.flux.vae_tiles import TiledAutoencoder
from engine.diffusion.quantised.eight_bit_layers import (
    DTYPES,
    EightBits,
    can_multiply_short,
    multiply_short,
)
from engine.errors import WrongWeights
from engine.schedule import SHIFTS

GUIDANCE = 3.5
"""Strength for distilled networks, that of FLUX.1-dev's own examples."""


@dataclass(frozen=True, slots=True)
class Family:
    """What differs between families: everything else is a value."""

    backbone: type[FluxBackbone]
    new_adapter: Callable[[Flux1Sizes | Flux2Sizes, int, int, str], FluxAdapter]


@dataclass(frozen=True, slots=True, kw_only=True)
class FluxOrder:
    """How a backbone is to be loaded."""

    variant: str
    """Precision of the transformer, one of the spec's."""
    prompt: Path | Prompt
    """Its file, or itself."""
    negative: Path | None = None
    adapter: Path | None = None
    scale: float = 1.0
    """Of the adapter."""
    guidance: float = GUIDANCE
    """Counts for distilled networks only."""
    table: Path | None = None
    """Modulation table; with one, the layers it replaces are not loaded."""
    shorten: EightBits | None = None
    """Into what matrices of 16 bits are rounded as they are read, to need half the memory."""
    multiply_short: bool = False
    """Whether matrices of eight bits are multiplied in them, where the device can: faster, and a
    little less exact."""
    device: torch.device
    dtype: torch.dtype
    """In which transformer and adapter compute."""
    autoencoder_dtype: torch.dtype = torch.float32
    autoencoder_side: int = 0
    """Largest side, in pixels, of what the autoencoder gets at once; 0 is without limit."""


def shipped_sizes(spec: BackboneSpec) -> FluxSizes:
    """The sizes in the configs that ship with the catalogue; raises `WrongWeights`."""
    return read_sizes(spec.config("transformer"), spec.config("autoencoder"))


def latent_spec(spec: BackboneSpec) -> LatentSpec:
    """What sampling asks for, from the catalogue's entry."""
    return LatentSpec(
        id=spec.id,
        channels=spec.latent_channels,
        scale=spec.latent_scale,
        patch=spec.patch,
        guided=spec.guided,
        shift=_shift(spec),
    )


def _shift(spec: BackboneSpec) -> str | float:
    """Black Forest Labs shift FLUX.1's schedule for dev, and not for schnell."""
    if spec.family not in SHIFTS or (spec.family == flux1.FAMILY and spec.guided == "none"):
        return 0.0
    return spec.family


def load_flux(
    spec: BackboneSpec, sizes: FluxSizes, folder: Path, order: FluxOrder
) -> tuple[FluxBackbone, FluxAdapterHeader | None]:
    """Load a model from its folder, and an adapter's header where one is asked for.

    Raises `MissingWeights`, `WrongWeights`, `WrongAdapter`.
    """
    family = flux_family(spec)
    files = spec.files_of(order.variant)
    table = None if order.table is None else load_table(order.table, spec.id)
    autoencoder = _autoencoder(spec, sizes, folder / _file(files, "autoencoder").path, order)
    transformer = load_transformer(
        _weights(folder, _file(files, "transformer")),
        sizes.transformer,
        device=order.device,
        dtype=order.dtype,
        table=table,
        shorten=order.shorten,
    )
    if order.multiply_short:
        _let_multiply_short(transformer, order.device)
    adapter, header = _adapter(spec, sizes, order)
    latents = latent_spec(spec)
    backbone = family.backbone(
        latents,
        transformer,
        autoencoder,
        order.prompt
        if isinstance(order.prompt, Prompt)
        else load_prompt(order.prompt, spec.family),
        negative=None if order.negative is None else load_prompt(order.negative, spec.family),
        adapter=adapter,
        scale=order.scale,
        guidance=order.guidance if latents.guided == "distilled" else None,
        dtype=order.dtype,
    )
    if table is not None:
        backbone.use_table(table)
    return backbone, header


def _autoencoder(spec: BackboneSpec, sizes: FluxSizes, path: Path, order: FluxOrder) -> Autoencoder:
    whole = load_autoencoder(
        path,
        sizes.autoencoder,
        spec.family,
        device=order.device,
        dtype=order.autoencoder_dtype,
    )
    return TiledAutoencoder(whole, order.autoencoder_side) if order.autoencoder_side else whole


def _adapter(
    spec: BackboneSpec, sizes: FluxSizes, order: FluxOrder
) -> tuple[FluxAdapter | None, FluxAdapterHeader | None]:
    if order.adapter is None:
        return None, None
    return load_flux_adapter(
        order.adapter,
        spec.id,
        partial(flux_family(spec).new_adapter, sizes.transformer),
        device=order.device,
        dtype=order.dtype,
    )


def flux_family(spec: BackboneSpec) -> Family:
    """That of a model; raises `WrongWeights` for one that is not of FLUX's kind."""
    if spec.family not in FAMILIES:
        raise WrongWeights(f"{spec.title} is no model of FLUX's kind.", "Choose another model.")
    return FAMILIES[spec.family]


def _file(files: tuple[BackboneFile, ...], role: str) -> BackboneFile:
    found = next((file for file in files if file.role == role), None)
    if found is None:
        raise WrongWeights(f"The catalogue names no {role} for this model.")
    return found


def _weights(folder: Path, file: BackboneFile) -> Path:
    """The transformer's file, or the folder of its shards."""
    place = folder / file.path
    return place.parent if file.format == "diffusers" else place


def _let_multiply_short(transformer: nn.Module, device: torch.device) -> None:
    for kind in DTYPES:
        if can_multiply_short(device, kind):
            multiply_short(transformer, kind)


def _new1(sizes: Flux1Sizes | Flux2Sizes, rank: int, text_tokens: int, device: str) -> FluxAdapter:
    assert isinstance(sizes, Flux1Sizes)
    return flux1.new_adapter(sizes, rank, text_tokens, device)


def _new2(sizes: Flux1Sizes | Flux2Sizes, rank: int, text_tokens: int, device: str) -> FluxAdapter:
    assert isinstance(sizes, Flux2Sizes)
    return flux2.new_adapter(sizes, rank, text_tokens, device)


FAMILIES = {
    flux1.FAMILY: Family(flux1.Flux1, _new1),
    flux2.FAMILY: Family(flux2.Flux2, _new2),
}
