"""FLUX at a size that runs in no time: diffusers' own classes, random weights, nothing to fetch."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from engine.diffusion.backbone import LatentSpec
from engine.diffusion.flux import flux1, flux2
from engine.diffusion.flux.autoencoder import Flux1Autoencoder, Flux2Autoencoder
from engine.diffusion.flux.flux1 import Flux1
from engine.diffusion.flux.flux2 import Flux2
from engine.diffusion.flux.flux_adapter import FluxAdapter
from engine.diffusion.flux.flux_models import (
    Flux1Sizes,
    Flux2Sizes,
    VaeSizes,
    flux1_transformer,
    flux1_vae,
    flux2_transformer,
    flux2_vae,
)
from engine.diffusion.flux.prompts import Prompt

FLUX1 = Flux1Sizes(
    double=2, single=3, heads=2, head_width=16, text_width=12, pooled_width=6, axes=(4, 6, 6)
)
FLUX1_GUIDED = Flux1Sizes(
    double=2, single=3, heads=2, head_width=16, text_width=12, pooled_width=6, axes=(4, 6, 6),
    guided=True,
)  # fmt: skip
FLUX2 = Flux2Sizes(double=2, single=3, heads=2, head_width=16, text_width=12, axes=(4, 4, 4, 4))
VAE1 = VaeSizes(widths=(4, 4, 8, 8), layers=1, groups=2)
VAE2 = VaeSizes(latent_channels=32, widths=(4, 4, 8, 8), layers=1, groups=2)
SPEC1 = LatentSpec(id="tiny-flux1", channels=16, scale=8, patch=2)
SPEC1_GUIDED = LatentSpec(id="tiny-flux1-dev", channels=16, scale=8, patch=2, guided="distilled")
SPEC2 = LatentSpec(id="tiny-flux2", channels=32, scale=8, patch=2)
RANK, TEXT_TOKENS, WORDS = 3, 7, 5


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def shaken(network: nn.Module, seed: int, spread: float = 0.2) -> nn.Module:
    """The network with every weight and statistic moved by chance, so that none is special."""
    chance = generator(seed)
    with torch.no_grad():
        for weight in network.parameters():
            weight.add_(torch.randn(weight.shape, generator=chance) * spread)
        for name, value in network.named_buffers():
            if name.endswith("running_var"):
                value.mul_(torch.rand(value.shape, generator=chance) + 0.5)
            elif name.endswith("running_mean"):
                value.add_(torch.randn(value.shape, generator=chance))
    return network


def tiny_transformer1(sizes: Flux1Sizes = FLUX1, seed: int = 0) -> nn.Module:
    torch.manual_seed(seed)
    return shaken(flux1_transformer(sizes), seed, 0.05)


def tiny_transformer2(sizes: Flux2Sizes = FLUX2, seed: int = 0) -> nn.Module:
    torch.manual_seed(seed)
    return shaken(flux2_transformer(sizes), seed, 0.05)


def tiny_autoencoder1(seed: int = 1) -> Flux1Autoencoder:
    torch.manual_seed(seed)
    return Flux1Autoencoder(flux1_vae(VAE1), VAE1.scale, VAE1.shift)


def tiny_autoencoder2(seed: int = 1) -> Flux2Autoencoder:
    torch.manual_seed(seed)
    return Flux2Autoencoder(shaken(flux2_vae(VAE2), seed, 0.02))


def prompt1(words: int = WORDS, seed: int = 2) -> Prompt:
    chance = generator(seed)
    text = torch.randn(words, FLUX1.text_width, generator=chance)
    pooled = torch.randn(FLUX1.pooled_width, generator=chance)
    return Prompt(words="restore", family="flux1", text=text, pooled=pooled)


def prompt2(words: int = WORDS, seed: int = 2) -> Prompt:
    text = torch.randn(words, FLUX2.text_width, generator=generator(seed))
    return Prompt(words="restore", family="flux2", text=text)


def tiny_flux1(adapter: FluxAdapter | None = None, seed: int = 0) -> Flux1:
    return Flux1(
        SPEC1, tiny_transformer1(seed=seed), tiny_autoencoder1(), prompt1(), adapter=adapter
    )


def tiny_flux1_guided(adapter: FluxAdapter | None = None, guidance: float = 3.5) -> Flux1:
    return Flux1(
        SPEC1_GUIDED,
        tiny_transformer1(FLUX1_GUIDED),
        tiny_autoencoder1(),
        prompt1(),
        adapter=adapter,
        guidance=guidance,
    )


def fresh_adapter1(sizes: Flux1Sizes = FLUX1, seed: int = 3) -> FluxAdapter:
    """An adapter as a training starts with it, for `tiny_transformer1`."""
    torch.manual_seed(seed)
    adapter = flux1.new_adapter(sizes, RANK, TEXT_TOKENS)
    adapter.start_from(tiny_transformer1(sizes))
    return adapter


def tiny_flux2(adapter: FluxAdapter | None = None) -> Flux2:
    return Flux2(SPEC2, tiny_transformer2(), tiny_autoencoder2(), prompt2(), adapter=adapter)


def fresh_adapter2(seed: int = 3) -> FluxAdapter:
    """An adapter as a training starts with it, for `tiny_transformer2`."""
    torch.manual_seed(seed)
    adapter = flux2.new_adapter(FLUX2, RANK, TEXT_TOKENS)
    adapter.start_from(tiny_transformer2())
    return adapter


def latent(channels: int, height: int, width: int, count: int = 1, seed: int = 4) -> Tensor:
    return torch.randn(count, channels, height, width, generator=generator(seed))


def picture(height: int, width: int, count: int = 1, seed: int = 5) -> Tensor:
    return torch.rand(count, 3, height, width, generator=generator(seed))
