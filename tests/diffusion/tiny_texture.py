"""Texture priors as large as a postage stamp."""

from __future__ import annotations

import torch
from torch import nn

from engine.diffusion.network import NetworkSizes
from engine.diffusion.texture_network import TextureNetworks, TextureSizes
from engine.diffusion.texture_prior import TexturePrior

TINY = TextureSizes(NetworkSizes((8, 12), 1), NetworkSizes((6, 8, 10), 1))
"""The scene one level deeper than the denoiser, as in the one that ships."""


def tiny_networks(*, guided: bool = False, seed: int = 0) -> TextureNetworks:
    """All weights by chance, those that start at zero too."""
    torch.manual_seed(seed)
    networks = TextureNetworks(TINY, guided=guided)
    for layer in networks.denoiser.told:
        assert isinstance(layer, nn.Conv2d)
        nn.init.normal_(layer.weight, std=0.2)
    return networks.eval().requires_grad_(False)


def shaken_guidance(networks: TextureNetworks) -> TextureNetworks:
    """Guidance that does something."""
    assert networks.guidance is not None
    for name, weight in networks.guidance.named_parameters():
        if ".out." in name:
            nn.init.normal_(weight, std=0.3)
    return networks


def tiny_prior(*, guided: bool = False) -> TexturePrior:
    networks = tiny_networks(guided=guided)
    if guided:
        shaken_guidance(networks)
    return TexturePrior("tiny-texture", networks, torch.float32)
