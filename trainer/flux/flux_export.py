"""From trained networks of FLUX's kind to a model folder, and back from one for more training."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import nn

from engine.diffusion.backbone import LatentSpec
from engine.diffusion.flux import flux1
from engine.diffusion.flux.autoencoder import Autoencoder
from engine.diffusion.flux.flux1 import Flux1
from engine.diffusion.flux.flux_configs import PATCH_CLASS, FluxSizes, read_sizes
from engine.diffusion.flux.flux_files import load_autoencoder, load_transformer
from engine.diffusion.flux.flux_models import Flux1Sizes, VaeSizes, vae_config
from engine.diffusion.flux.patch_autoencoder import PatchSizes
from engine.diffusion.flux.prompts import Prompt, blank_prompt, load_prompt, save_prompt
from engine.diffusion.tensor_files import write_tensors
from engine.errors import MissingWeights

TRANSFORMER, AUTOENCODER, PROMPT, ADAPTER = (
    f"{name}.safetensors" for name in ("transformer", "autoencoder", "prompt", "adapter")
)
CONFIGS = ("transformer.json", "autoencoder.json")
"""Beside the weights, in diffusers' words; the catalogue ships copies."""
LICENCE = "Apache-2.0"


@dataclass(frozen=True, slots=True)
class FluxFolder:
    """A folder of a FLUX.1 of any size, as the trainer writes it."""

    path: Path

    @property
    def sizes(self) -> FluxSizes:
        """Raises `WrongWeights` where the configs are missing."""
        return read_sizes(*(self.path / name for name in CONFIGS))

    @property
    def prompt(self) -> Prompt:
        """Raises `MissingWeights` or `WrongWeights`."""
        return load_prompt(self.path / PROMPT, flux1.FAMILY)

    def autoencoder(self, device: torch.device) -> Autoencoder:
        """Raises `MissingWeights` or `WrongWeights`."""
        place = self.path / AUTOENCODER
        sizes = self.sizes.autoencoder
        return load_autoencoder(place, sizes, flux1.FAMILY, device=device, dtype=torch.float32)

    def backbone(self, id: str, device: torch.device) -> Flux1:
        """The whole model in float32, without an adapter."""
        sizes = self.sizes
        transformer = load_transformer(
            self.path / TRANSFORMER, sizes.transformer, device=device, dtype=torch.float32
        )
        return self.around(transformer, id, device)

    def around(self, transformer: nn.Module, id: str, device: torch.device) -> Flux1:
        """A backbone of `transformer` and of the folder's autoencoder and prompt."""
        latents = LatentSpec(
            id=id, channels=self.sizes.autoencoder.latent_channels, scale=8, patch=2
        )
        return Flux1(latents, transformer, self.autoencoder(device), self.prompt)


def write_autoencoder(network: nn.Module, sizes: FluxSizes, text_tokens: int, folder: Path) -> None:
    """Write what a folder needs before a transformer is trained: autoencoder, configs, prompt."""
    assert isinstance(sizes.transformer, Flux1Sizes)
    folder.mkdir(parents=True, exist_ok=True)
    _save(network, folder / AUTOENCODER)
    _write_json(_transformer_config(sizes.transformer), folder / CONFIGS[0])
    _write_json(_autoencoder_config(sizes.autoencoder), folder / CONFIGS[1])
    prompt = blank_prompt(
        flux1.FAMILY, text_tokens, sizes.transformer.text_width, sizes.transformer.pooled_width
    )
    halved = Prompt(
        words=prompt.words,
        family=prompt.family,
        text=prompt.text.half(),
        pooled=None if prompt.pooled is None else prompt.pooled.half(),
    )
    save_prompt(halved, folder / PROMPT)


def write_transformer(network: nn.Module, folder: Path) -> None:
    """Write the transformer in half precision; raises `MissingWeights` without an autoencoder."""
    if not (folder / AUTOENCODER).exists():
        raise MissingWeights(f"{folder} has no autoencoder yet.", "Train one first.")
    _save(network, folder / TRANSFORMER)


def _save(network: nn.Module, path: Path) -> None:
    """Half precision, whole or not at all."""
    tensors = {
        name: value.detach().to("cpu", torch.float16).contiguous()
        for name, value in network.state_dict().items()
    }
    write_tensors(tensors, path, {"licence": LICENCE, "format": "pt"})


def _transformer_config(sizes: Flux1Sizes) -> dict[str, object]:
    return {
        "_class_name": "FluxTransformer2DModel",
        "attention_head_dim": sizes.head_width,
        "axes_dims_rope": list(sizes.axes),
        "guidance_embeds": sizes.guided,
        "in_channels": sizes.channels,
        "joint_attention_dim": sizes.text_width,
        "num_attention_heads": sizes.heads,
        "num_layers": sizes.double,
        "num_single_layers": sizes.single,
        "pooled_projection_dim": sizes.pooled_width,
    }


def _autoencoder_config(sizes: VaeSizes | PatchSizes) -> dict[str, object]:
    if isinstance(sizes, PatchSizes):
        return {"_class_name": PATCH_CLASS, **asdict(sizes)}
    return {"_class_name": "AutoencoderKL", **vae_config(sizes)}


def _write_json(table: dict[str, object], path: Path) -> None:
    path.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")
