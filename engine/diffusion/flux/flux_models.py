"""The networks of FLUX: their published sizes, and diffusers' own classes built from them.

The sizes are those of the configs that come with the weights (FLUX.1-schnell and -dev, and
FLUX.2-klein-4B, Black Forest Labs). Since they stand here, no config is looked up anywhere.

diffusers takes seconds to import, so it is imported where a network is built and not before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

VAE_STAGES = 4
"""Resolutions inside the autoencoders; each but the last halves the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flux1Sizes:
    """A `FluxTransformer2DModel`; the defaults are FLUX.1-schnell."""

    double: int = 19
    """Blocks with separate weights for image and text."""
    single: int = 38
    """Blocks that run image and text through the same weights."""
    heads: int = 24
    head_width: int = 128
    channels: int = 64
    """Of a token: latent channels times 2x2."""
    text_width: int = 4096
    pooled_width: int = 768
    guided: bool = False
    """Whether the strength of guidance is an input (FLUX.1-dev)."""
    axes: tuple[int, int, int] = (16, 56, 56)
    """How the head width is shared between the three position axes."""

    @property
    def width(self) -> int:
        return self.heads * self.head_width

    @property
    def blocks(self) -> int:
        return self.double + self.single


@dataclass(frozen=True, slots=True, kw_only=True)
class Flux2Sizes:
    """A `Flux2Transformer2DModel`; the defaults are FLUX.2-klein-4B."""

    double: int = 5
    single: int = 20
    heads: int = 24
    head_width: int = 128
    channels: int = 128
    text_width: int = 7680
    guided: bool = False
    axes: tuple[int, int, int, int] = (32, 32, 32, 32)

    @property
    def width(self) -> int:
        return self.heads * self.head_width

    @property
    def blocks(self) -> int:
        return self.double + self.single


@dataclass(frozen=True, slots=True, kw_only=True)
class VaeSizes:
    """An autoencoder; the defaults are FLUX.1's (`AutoencoderKL`)."""

    latent_channels: int = 16
    widths: tuple[int, int, int, int] = (128, 256, 512, 512)
    layers: int = 2
    groups: int = 32
    scale: float = 0.3611
    """latent = (encoded - shift) * scale; FLUX.2 uses running means and variances instead."""
    shift: float = 0.1159


FLUX1_SCHNELL = Flux1Sizes()
FLUX1_DEV = Flux1Sizes(guided=True)
FLUX2_KLEIN_4B = Flux2Sizes()
FLUX1_VAE = VaeSizes()
FLUX2_VAE = VaeSizes(latent_channels=32)


def flux1_transformer(sizes: Flux1Sizes, device: str = "cpu") -> nn.Module:
    """A `FluxTransformer2DModel` with random weights, or with none on device "meta"."""
    from diffusers import FluxTransformer2DModel

    with torch.device(device):
        network: nn.Module = FluxTransformer2DModel(
            **_shared(sizes), pooled_projection_dim=sizes.pooled_width
        )
    return network.eval().requires_grad_(False)


def flux2_transformer(sizes: Flux2Sizes, device: str = "cpu") -> nn.Module:
    """A `Flux2Transformer2DModel` with random weights, or with none on device "meta"."""
    from diffusers import Flux2Transformer2DModel

    with torch.device(device):
        network: nn.Module = Flux2Transformer2DModel(**_shared(sizes))
    return network.eval().requires_grad_(False)


def _shared(sizes: Flux1Sizes | Flux2Sizes) -> dict[str, Any]:
    """What both families have, in diffusers' words."""
    return {
        "in_channels": sizes.channels,
        "num_layers": sizes.double,
        "num_single_layers": sizes.single,
        "attention_head_dim": sizes.head_width,
        "num_attention_heads": sizes.heads,
        "joint_attention_dim": sizes.text_width,
        "guidance_embeds": sizes.guided,
        "axes_dims_rope": sizes.axes,
    }


def flux1_vae(sizes: VaeSizes = FLUX1_VAE, device: str = "cpu") -> nn.Module:
    """FLUX.1's `AutoencoderKL` with random weights, or with none on device "meta"."""
    from diffusers import AutoencoderKL

    with torch.device(device):
        vae: nn.Module = AutoencoderKL(**vae_config(sizes))
    return vae.eval().requires_grad_(False)


def flux2_vae(sizes: VaeSizes = FLUX2_VAE, device: str = "cpu") -> nn.Module:
    """FLUX.2's `AutoencoderKLFlux2` with random weights, or with none on device "meta"."""
    from diffusers import AutoencoderKLFlux2

    with torch.device(device):
        vae: nn.Module = AutoencoderKLFlux2(
            latent_channels=sizes.latent_channels,
            block_out_channels=sizes.widths,
            layers_per_block=sizes.layers,
            norm_num_groups=sizes.groups,
        )
    return vae.eval().requires_grad_(False)


def vae_config(sizes: VaeSizes) -> dict[str, object]:
    """FLUX.1's autoencoder in diffusers' words."""
    return {
        "down_block_types": ("DownEncoderBlock2D",) * VAE_STAGES,
        "up_block_types": ("UpDecoderBlock2D",) * VAE_STAGES,
        "block_out_channels": sizes.widths,
        "layers_per_block": sizes.layers,
        "norm_num_groups": sizes.groups,
        "latent_channels": sizes.latent_channels,
        "sample_size": 1024,
        "scaling_factor": sizes.scale,
        "shift_factor": sizes.shift,
        "use_quant_conv": False,
        "use_post_quant_conv": False,
    }


def count(network: nn.Module) -> int:
    """Parameters of a network, on whatever device."""
    return sum(weight.numel() for weight in network.parameters())
