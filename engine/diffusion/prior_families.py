"""What differs between families of priors on the way from files to a backbone on a device.

Adding a family is a module for its backbone and a line in `PRIOR_FAMILIES`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import torch

from engine.backbones import BackboneSpec
from engine.diffusion import texture_prior
from engine.diffusion.backbone import Backbone
from engine.diffusion.flux import flux1, flux2
from engine.diffusion.flux.flux_adapter_files import read_header
from engine.diffusion.flux.prompts import Prompt
from engine.diffusion.offload import Stage
from engine.diffusion.prior_weights import PriorWeights, load_weights, prompt_of
from engine.diffusion.runner import in_format
from engine.diffusion.texture_files import (
    check_made_for,
    load_prior_networks,
    read_guidance_header,
)
from engine.diffusion.texture_network import TextureNetworks
from engine.diffusion.texture_prior import TexturePrior
from engine.errors import WrongWeights
from engine.placement import Placement
from engine.trajectory import Trajectory


class Steering(Protocol):
    """What is asked of an adapter's header."""

    @property
    def backbone(self) -> str:
        """Id of the model it was made for."""

    @property
    def trajectory(self) -> Trajectory: ...


class Staged(Protocol):
    """Keeps a backbone, and has it where the last placement wanted it."""

    prompt: Prompt | None
    """The prompt from now on, for models that read one."""

    def __call__(self, placement: Placement, /) -> Backbone: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorFamily:
    """How the files of a family are read."""

    adapters: str
    """How the kinds of its adapters begin, in the headers of their files."""
    loras: bool
    """Whether it takes LoRAs."""
    header: Callable[[Path], Steering]
    """Of an adapter's file."""
    belongs: Callable[[BackboneSpec, Path, Path], None]
    """Raises `WrongAdapter` where an adapter's file, the last, was not made for the files that a
    model has in a folder, whatever its header says of the model."""
    prompt: Callable[[PriorWeights, Path | None], Prompt | None]
    stage: Callable[[PriorWeights, Prompt | None], Staged]


class TextureStage:
    """The small networks of a texture prior: a copy of them for where they are wanted."""

    def __init__(self, weights: PriorWeights) -> None:
        self._weights = weights
        self._networks: TextureNetworks | None = None
        self._prior: TexturePrior | None = None
        self._at: tuple[str, str] | None = None
        self.prompt: Prompt | None = None

    def __call__(self, placement: Placement) -> TexturePrior:
        """The prior, placed so; it is read from its files the first time.

        Raises `MissingWeights`, `WrongWeights`, `WrongAdapter`, and what the device says when
        memory runs out.
        """
        at = placement.device, placement.dtype
        if self._prior is None or at != self._at:
            if self._networks is None:
                self._networks = _networks(self._weights, placement.variant)
            device, dtype = torch.device(placement.device), getattr(torch, placement.dtype)
            spec = self._weights.spec
            self._prior = TexturePrior(spec.id, in_format(self._networks, device, dtype), dtype)
            self._at = at
        return self._prior


def prior_family(spec: BackboneSpec) -> PriorFamily:
    """That of a model; raises `WrongWeights` for one that this version does not know."""
    if spec.family not in PRIOR_FAMILIES:
        raise WrongWeights(
            f"{spec.title} belongs to a family that this version cannot run.",
            "Choose another model, or update the program.",
        )
    return PRIOR_FAMILIES[spec.family]


def _networks(weights: PriorWeights, variant: str) -> TextureNetworks:
    spec = weights.spec
    path = weights.folder / _network_file(spec, variant)
    networks = load_prior_networks(path, weights.adapter)
    if networks.sizes.multiple_of != spec.patch:
        raise WrongWeights(f"{spec.title} has other sizes than the catalogue says.")
    return networks


def _network_file(spec: BackboneSpec, variant: str) -> str:
    files = spec.files_of(variant if variant in spec.variants else spec.variant)
    place = next((file.path for file in files if file.role == "transformer"), None)
    if place is None:
        raise WrongWeights("The catalogue names no network for this model.")
    return place


def _made_for(spec: BackboneSpec, folder: Path, adapter: Path) -> None:
    check_made_for(read_guidance_header(adapter), adapter, folder / _network_file(spec, ""))


def _flux_stage(weights: PriorWeights, prompt: Prompt | None) -> Staged:
    assert prompt is not None
    return Stage(partial(load_weights, weights, prompt))


_FLUX = PriorFamily(
    adapters="restorer-flux",
    loras=True,
    header=read_header,
    belongs=lambda spec, folder, adapter: None,
    prompt=prompt_of,
    stage=_flux_stage,
)
PRIOR_FAMILIES = {
    flux1.FAMILY: _FLUX,
    flux2.FAMILY: _FLUX,
    texture_prior.FAMILY: PriorFamily(
        adapters="restorer-texture",
        loras=False,
        header=read_guidance_header,
        belongs=_made_for,
        prompt=lambda weights, path: None,
        stage=lambda weights, prompt: TextureStage(weights),
    ),
}
