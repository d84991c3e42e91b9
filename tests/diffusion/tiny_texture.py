"""Texture priors as large as a postage stamp."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch
from torch import nn

from engine.backbones import BackboneSpec, Mirror, SizeRules, find_backbone
from engine.diffusion.network import NetworkSizes
from engine.diffusion.texture_files import GuidanceHeader, save_guidance, save_prior
from engine.diffusion.texture_network import TextureNetworks, TextureSizes
from engine.diffusion.texture_prior import TexturePrior, texture_trajectory
from engine.weights import sha256

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


def write_texture_model(folder: Path, *, seed: int = 0) -> BackboneSpec:
    """A texture prior with its guidance in a folder of models, and its entry of the catalogue."""
    place = folder / "tiny-texture"
    place.mkdir(parents=True, exist_ok=True)
    networks = shaken_guidance(tiny_networks(guided=True, seed=seed))
    save_prior(networks, place / "prior.safetensors", "Apache-2.0")
    assert networks.guidance is not None
    header = GuidanceHeader(
        title="Tiny",
        backbone="tiny-texture",
        network=sha256(place / "prior.safetensors"),
        trajectory=texture_trajectory(2),
        recipe="none",
        licence="Apache-2.0",
    )
    save_guidance(networks.guidance, place / "guidance.safetensors", header)
    shipped = find_backbone("lite-texture")
    files = tuple(
        replace(file, bytes=None, sha256=None, mirrors=(Mirror(repo="nobody/nothing", file="x"),))
        for file in shipped.files
    )
    size = SizeRules(multiple_of=TINY.multiple_of, minimum=64, native=128)
    return replace(
        shipped,
        id="tiny-texture",
        shipped=False,
        patch=TINY.multiple_of,
        width=64,
        size=size,
        files=files,
    )
