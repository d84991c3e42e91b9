"""The weights of a prior, read for a placement; the modulation table is made where one is wanted.

A table is made once, on the processor, from the model with all its layers, and kept beside the
weights; from then on the layers it replaces are not even read.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError

from engine.backbones import BackboneSpec
from engine.diffusion.flux.flux_adapter_files import read_header
from engine.diffusion.flux.flux_backbone import FluxBackbone
from engine.diffusion.flux.flux_loading import FluxOrder, load_flux, shipped_sizes
from engine.diffusion.flux.flux_models import Flux1Sizes
from engine.diffusion.flux.lora import add_lora
from engine.diffusion.flux.modulation import load_table, save_table
from engine.diffusion.flux.prompts import Prompt, blank_prompt, load_prompt
from engine.diffusion.sampling import asked_sigmas
from engine.errors import RestorerError, WrongAdapter, WrongWeights
from engine.placement import Placement, stored_as
from engine.shelf import TABLES
from engine.stamps import Stamp
from engine.trajectory import Trajectory

_HOME = torch.device("cpu")

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorWeights:
    """All that loaded weights follow from, but for their placement."""

    spec: BackboneSpec
    folder: Path
    variants: tuple[str, ...]
    """Those that are here."""
    device: str
    """As asked for, “auto” among them."""
    adapter: Path | None
    """One in our own format."""
    lora: Path | None
    stamps: tuple[Stamp | None, ...] = ()
    """Sizes and times of the adapters' files."""
    fixed: tuple[Path | None, Trajectory] | None = None
    """Prompt and trajectory, where a modulation table is made for just these."""


def prompt_of(weights: PriorWeights, path: Path | None) -> Prompt:
    """The prompt in a file, or a blank one for None, as long as the adapter was trained with.

    Raises `MissingWeights`, `WrongWeights`, and `WrongAdapter` if the adapter has no offsets for
    all of its tokens.
    """
    spec = weights.spec
    longest = spec.text_tokens
    if weights.adapter is not None:
        longest = read_header(weights.adapter).text_tokens
    sizes = shipped_sizes(spec).transformer
    blank = blank_prompt(
        spec.family,
        longest,
        sizes.text_width,
        sizes.pooled_width if isinstance(sizes, Flux1Sizes) else None,
    )
    if path is None:
        return blank
    prompt = load_prompt(path, spec.family)
    if _widths(prompt) != _widths(blank):
        raise WrongWeights(
            f"The prompt {path.name} was embedded by another text encoder than {spec.title}'s."
        )
    if len(prompt.text) > longest and weights.adapter is not None:
        raise WrongAdapter(
            f"{weights.adapter.name} takes prompts of {longest} tokens, not {len(prompt.text)}."
        )
    return prompt


def _widths(prompt: Prompt) -> tuple[int, int | None]:
    """Of the embedding, and of the pooled one if there is one."""
    pooled = prompt.pooled
    return prompt.text.shape[1], None if pooled is None else pooled.numel()


def load_weights(weights: PriorWeights, prompt: Prompt, placement: Placement) -> FluxBackbone:
    """Read a model where its weights have their home: on the device, or beside it if off-loaded.

    Raises `MissingWeights`, `WrongWeights`, `WrongAdapter`, and what the device says when memory
    runs out.
    """
    home = torch.device(placement.device) if placement.offload == "none" else _HOME
    dtype: torch.dtype = getattr(torch, placement.dtype)
    stored = stored_as(placement.variant, weights.variants)
    order = FluxOrder(
        variant=stored,
        shorten="int8" if stored != placement.variant else None,
        prompt=prompt,
        adapter=weights.adapter,
        table=_table(weights, prompt, placement) if placement.tables else None,
        device=home,
        dtype=dtype,
    )
    spec = weights.spec
    backbone, _ = load_flux(spec, shipped_sizes(spec), weights.folder, order)
    if weights.lora is not None:
        add_lora(backbone.transformer, weights.lora, 1.0, device=home, dtype=dtype)
    return backbone


def _table(weights: PriorWeights, prompt: Prompt, placement: Placement) -> Path | None:
    """The file with the modulation table, made now if it is not there.

    None where it cannot be kept: then the model runs with all its layers.
    """
    if weights.fixed is None:
        return None
    _, trajectory = weights.fixed
    sigmas = asked_sigmas(trajectory, 1)
    order = FluxOrder(
        variant=stored_as(placement.variant, weights.variants),
        prompt=prompt,
        device=_HOME,
        dtype=getattr(torch, placement.dtype),
    )
    path = weights.folder / TABLES / f"{_name(weights, prompt, order, sigmas)}.safetensors"
    try:
        load_table(path, weights.spec.id)
        return path
    except RestorerError:
        _LOG.info("the modulation table of %s is made", weights.spec.id)
    backbone, _ = load_flux(weights.spec, shipped_sizes(weights.spec), weights.folder, order)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        save_table(backbone.modulation(sigmas), path)
    except (OSError, SafetensorError) as error:  # the latter where the disk is full
        _LOG.warning("the modulation table cannot be kept: %s", error)
        return None
    return path


def _name(
    weights: PriorWeights, prompt: Prompt, order: FluxOrder, sigmas: tuple[float, ...]
) -> str:
    """The same exactly for the same table."""
    files = weights.spec.files_of(order.variant)
    place = next((file.path for file in files if file.role == "transformer"), None)
    if place is None:
        raise WrongWeights("The catalogue names no transformer for this model.")
    found = (weights.folder / place).stat()
    mark = hashlib.sha256(repr((order.variant, order.dtype, order.guidance, sigmas)).encode())
    mark.update(repr((found.st_size, found.st_mtime_ns)).encode())
    if prompt.pooled is not None:
        mark.update(prompt.pooled.float().contiguous().numpy().tobytes())
    return mark.hexdigest()[:24]
