"""Whole models on disk, as large as a postage stamp, and a catalogue that lists them."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

import engine.backbones
import engine.shelf
from engine.backbones import BackboneSpec, find_backbone
from engine.diffusion.flux.flux_adapter_files import FluxAdapterHeader, save_flux_adapter
from engine.diffusion.flux.prompts import blank_prompt, save_prompt
from engine.resources import resource
from engine.schedule import Schedule
from engine.shelf import Shelf
from engine.trajectory import Trajectory
from tests.diffusion.tiny_flux import (
    FLUX1,
    FLUX2,
    RANK,
    TEXT_TOKENS,
    VAE1,
    VAE2,
    WORDS,
    fresh_adapter1,
    generator,
    prompt2,
    shaken,
    tiny_autoencoder1,
    tiny_autoencoder2,
    tiny_transformer1,
    tiny_transformer2,
)

Family = Literal["flux1", "flux2"]
STEPS = 2
TRAJECTORY = Trajectory(start="degraded", schedule=Schedule(steps=STEPS, start=0.6))

_MODEL = """
[[backbones]]
id = "{id}"
title = "Tiny {family}"
summary = "For tests."
family = "{family}"
licence = "Apache-2.0"
may_sell = "Yes."
licence_url = "https://nowhere.test"
steps = {steps}
guided = "none"
parameters = 1e5
modulation = {modulation}
variant = "bf16"
latent_channels = {channels}
latent_scale = 8
patch = 2
width = 32
text_tokens = 16
reference = {reference}
shipped = {shipped}
size = {{ multiple_of = 16, minimum = 64, native = 128 }}
painting = {{ width = 64, height = 64, steps = {steps} }}
{files}
"""
_FILE = """
[[backbones.files]]
path = "{path}"
role = "{role}"
format = "safetensors"
{more}
mirrors = [{{ repo = "nobody/nothing", file = "{path}" }}]
"""


@dataclass(frozen=True)
class TinyModels:
    """A user's folder for models, and resources that name what may lie in it."""

    resources: Path
    folder: Path

    @property
    def shelf(self) -> Shelf:
        return Shelf(self.folder)

    def spec(self, id: str) -> BackboneSpec:
        return find_backbone(id)

    def add(
        self,
        family: Family,
        *,
        adapter: bool = True,
        phrases: tuple[str, ...] = ("denoise",),
        shipped: bool = False,
        modulation: float = 0.0,
        on_disk: bool = True,
    ) -> BackboneSpec:
        """List a model, and put its files where they belong."""
        id = f"tiny-{family}"
        roles = {"transformer": "transformer", "autoencoder": "autoencoder"}
        if family == "flux1":
            roles |= {"prompt": "prompt"} | ({"adapter": "adapter"} if adapter else {})
        self._list(id, family, roles, shipped=shipped, modulation=modulation)
        spec = find_backbone(id)
        if on_disk:
            place = engine.shelf.resource("models", id) if shipped else self.folder / id
            place.mkdir(parents=True)
            (_write1 if family == "flux1" else _write2)(place, id, phrases, adapter=adapter)
        return spec

    def _list(
        self, id: str, family: Family, roles: dict[str, str], *, shipped: bool, modulation: float
    ) -> None:
        files = "".join(
            _FILE.format(
                path=f"{role}.safetensors",
                role=role,
                more='variant = "bf16"' if role == "transformer" else "",
            )
            for role in roles
        )
        entry = _MODEL.format(
            id=id,
            family=family,
            steps=STEPS,
            modulation=modulation,
            channels=16 if family == "flux1" else 32,
            reference=str(family == "flux2").lower(),
            shipped=str(shipped).lower(),
            files=files,
        )
        with (self.resources / "backbones.toml").open("a", encoding="utf-8") as catalogue:
            catalogue.write(entry)
        configs = self.resources / "backbones" / id
        configs.mkdir(parents=True)
        sizes, vae = (FLUX1, VAE1) if family == "flux1" else (FLUX2, VAE2)
        transformer = {
            "_class_name": "FluxTransformer2DModel"
            if family == "flux1"
            else "Flux2Transformer2DModel",
            "num_layers": sizes.double,
            "num_single_layers": sizes.single,
            "num_attention_heads": sizes.heads,
            "attention_head_dim": sizes.head_width,
            "in_channels": sizes.channels,
            "joint_attention_dim": sizes.text_width,
            "pooled_projection_dim": getattr(sizes, "pooled_width", 0),
            "guidance_embeds": False,
            "axes_dims_rope": sizes.axes,
        }
        autoencoder = {
            "_class_name": "AutoencoderKL" if family == "flux1" else "AutoencoderKLFlux2",
            "latent_channels": vae.latent_channels,
            "block_out_channels": vae.widths,
            "layers_per_block": vae.layers,
            "norm_num_groups": vae.groups,
            "scaling_factor": vae.scale,
            "shift_factor": vae.shift,
        }
        (configs / "transformer.json").write_text(json.dumps(transformer))
        (configs / "autoencoder.json").write_text(json.dumps(autoencoder))


@pytest.fixture
def tiny_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinyModels:
    """An empty catalogue beside the shipped resources, to be filled."""
    resources = tmp_path / "resources"
    (resources / "models").mkdir(parents=True)
    (resources / "backbones.toml").write_text("")

    def redirected(*parts: str) -> Path:
        ours = resources.joinpath(*parts)
        return ours if ours.exists() or parts[0] == "models" else resource(*parts)

    for module in (engine.backbones, engine.shelf):
        monkeypatch.setattr(module, "resource", redirected)
    return TinyModels(resources, tmp_path / "models")


def write_lora(path: Path, transformer: nn.Module | None = None, spread: float = 0.5) -> Path:
    """A LoRA for the tiny FLUX.1's first block."""
    name = "transformer_blocks.0.attn.to_q"
    layer = (transformer or tiny_transformer1()).get_submodule(name)
    assert isinstance(layer, nn.Linear)
    chance = generator(8)
    tensors = {
        f"{name}.lora_A.weight": torch.randn(2, layer.in_features, generator=chance) * spread,
        f"{name}.lora_B.weight": torch.randn(layer.out_features, 2, generator=chance) * spread,
    }
    save_file(tensors, path)
    return path


def write_adapter(path: Path, backbone: str, seed: int = 9, **header: object) -> Path:
    """An adapter for the tiny FLUX.1 that changes what it paints."""
    adapter = fresh_adapter1()
    shaken(adapter, seed, 0.1)
    plain = FluxAdapterHeader(
        title="Tiny",
        backbone=backbone,
        trajectory=TRAJECTORY,
        recipe="",
        rank=RANK,
        text_tokens=TEXT_TOKENS,
        licence="Apache-2.0",
    )
    save_flux_adapter(adapter, path, replace(plain, **header), torch.float32)  # type: ignore[arg-type]
    return path


def _write1(place: Path, id: str, phrases: tuple[str, ...], *, adapter: bool) -> None:
    save_file(tiny_transformer1().state_dict(), place / "transformer.safetensors")
    save_file(tiny_autoencoder1().network.state_dict(), place / "autoencoder.safetensors")
    blank = blank_prompt("flux1", WORDS, FLUX1.text_width, FLUX1.pooled_width)
    save_prompt(blank, place / "prompt.safetensors")
    if adapter:
        write_adapter(place / "adapter.safetensors", id)


def _write2(place: Path, id: str, phrases: tuple[str, ...], *, adapter: bool) -> None:
    save_file(tiny_transformer2().state_dict(), place / "transformer.safetensors")
    save_file(tiny_autoencoder2().network.state_dict(), place / "autoencoder.safetensors")
    (place / "prompts").mkdir()
    for number, task in enumerate(phrases):
        prompt = replace(prompt2(seed=number), words=task)
        save_prompt(prompt, place / "prompts" / f"{task}.safetensors")
