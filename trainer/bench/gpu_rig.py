"""What `restorer bench gpu` measures with: its settings, and backbones with random weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from engine.diffusion.backbone import LatentSpec
from engine.diffusion.flux import flux1, flux2
from engine.diffusion.flux.autoencoder import Autoencoder, Flux1Autoencoder, Flux2Autoencoder
from engine.diffusion.flux.flux1 import Flux1
from engine.diffusion.flux.flux2 import Flux2
from engine.diffusion.flux.flux_adapter import RANK, FluxAdapter
from engine.diffusion.flux.flux_backbone import FluxBackbone
from engine.diffusion.flux.flux_models import Flux1Sizes, flux1_vae, flux2_vae
from engine.diffusion.flux.prompts import Prompt
from engine.schedule import Schedule
from trainer.bench.flop_count import adapter_flops, forward_flops, image_tokens
from trainer.bench.gpu_networks import Model, filled


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What is measured, and how long."""

    model: Model
    device: torch.device
    dtype: torch.dtype
    side: int
    """Of the tile, in pixels."""
    text_tokens: int
    steps: int
    repeats: int
    compiled: bool
    ceilings: Mapping[str, float]

    @property
    def sigmas(self) -> tuple[float, ...]:
        return Schedule(steps=self.steps).sigmas(image_tokens(self.side))

    @property
    def is_flux1(self) -> bool:
        return isinstance(self.model.transformer, Flux1Sizes)

    def flops(self, *, table: bool, adapter: bool) -> float:
        """Of a step. Without an adapter FLUX.2 is shown the photo as as many tokens again."""
        sizes, tokens = self.model.transformer, image_tokens(self.side)
        shown = tokens if adapter or self.is_flux1 else 2 * tokens
        total = forward_flops(sizes, shown, self.text_tokens, modulation=not table)
        return total + (adapter_flops(sizes, tokens, self.text_tokens) if adapter else 0.0)


class NoAutoencoder:
    """For runs that need none."""

    def encode(self, image: Tensor, multiple_of: int) -> Tensor:
        raise NotImplementedError

    def decode(self, latent: Tensor) -> Tensor:
        raise NotImplementedError


def new_backbone(
    setup: Setup, network: nn.Module, autoencoder: Autoencoder | None = None
) -> FluxBackbone:
    """A backbone around a transformer, with a prompt of chance."""
    autoencoder = autoencoder or NoAutoencoder()
    sizes, chance = setup.model.transformer, torch.Generator().manual_seed(4)
    text = torch.randn(setup.text_tokens, sizes.text_width, generator=chance)
    spec = LatentSpec(
        id=setup.model.title, channels=sizes.channels // 4, scale=8, patch=2, guided="none"
    )
    if isinstance(sizes, Flux1Sizes):
        pooled = torch.randn(sizes.pooled_width, generator=chance)
        prompt = Prompt(words="", family=flux1.FAMILY, text=text, pooled=pooled)
        return Flux1(spec, network, autoencoder, prompt, dtype=setup.dtype)
    prompt = Prompt(words="", family=flux2.FAMILY, text=text)
    return Flux2(spec, network, autoencoder, prompt, dtype=setup.dtype)


def new_adapter(setup: Setup) -> FluxAdapter:
    """Of the shipped rank, with random weights."""
    sizes, words = setup.model.transformer, setup.text_tokens
    if isinstance(sizes, Flux1Sizes):
        adapter = flux1.new_adapter(sizes, RANK, words, "meta")
    else:
        adapter = flux2.new_adapter(sizes, RANK, words, "meta")
    filled(adapter, setup.device, setup.dtype)
    return adapter.requires_grad_(False)


def new_autoencoder(setup: Setup, dtype: torch.dtype) -> Autoencoder:
    """The model's own, computing in `dtype`."""
    sizes = setup.model.autoencoder
    if setup.is_flux1:
        network = filled(flux1_vae(sizes, "meta"), setup.device, dtype)
        return Flux1Autoencoder(network, sizes.scale, sizes.shift, dtype)
    return Flux2Autoencoder(filled(flux2_vae(sizes, "meta"), setup.device, dtype), dtype)


def new_latent(setup: Setup, seed: int) -> Tensor:
    """Standard normal noise of the tile's latent."""
    channels, side = setup.model.transformer.channels // 4, setup.side // 8
    chance = torch.Generator().manual_seed(seed)
    return torch.randn(1, channels, side, side, generator=chance).to(setup.device)
