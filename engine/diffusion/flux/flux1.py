"""FLUX.1 as a backbone: latents to tokens, the walk over its blocks, and its adapter's trunk.

The walk repeats the forward pass of diffusers' `FluxTransformer2DModel` operation by operation, so
that an adapter can steer both streams behind every block, the single ones too; without an adapter
the result is equal to diffusers' to the bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from engine.diffusion.backbone import Conditioning
from engine.diffusion.evaluation import PATCH, Control, Evaluation, grid, pack, per_picture
from engine.diffusion.flux.flux_adapter import FluxAdapter, adapter_around
from engine.diffusion.flux.flux_backbone import FluxBackbone
from engine.diffusion.flux.flux_models import Flux1Sizes

FAMILY = "flux1"
_AXES = 3


def blocks(network: nn.Module) -> Iterator[nn.Module]:
    """Double blocks, then single ones; FLUX.1's are all called alike."""
    yield from network.get_submodule("transformer_blocks").children()
    yield from network.get_submodule("single_transformer_blocks").children()


def embedded_time(network: nn.Module, given: Evaluation) -> Tensor:
    """Time, guidance and pooled prompt as (b, width): all that modulation depends on.

    `network` is a transformer or a trunk; its unit of time is a thousandth of sigma.
    """
    embedder = network.get_submodule("time_text_embed")
    time = given.sigma.to(given.image.dtype) * 1000
    if given.guidance is None:
        embedded: Tensor = embedder(time, given.pooled)
    else:
        embedded = embedder(time, given.guidance.to(given.image.dtype) * 1000, given.pooled)
    return embedded


def evaluate(network: nn.Module, given: Evaluation, control: Control | None = None) -> Tensor:
    """Velocity tokens (b, n, channels) that a `FluxTransformer2DModel` predicts.

    With gradients on, and `network.gradient_checkpointing` set, each block's inside is computed
    again in the backward pass instead of kept.
    """
    image: Tensor = network.get_submodule("x_embedder")(given.image)
    time = embedded_time(network, given)
    text: Tensor = network.get_submodule("context_embedder")(given.text)
    places = network.get_submodule("pos_embed")(torch.cat((given.text_places, given.image_places)))
    saving = torch.is_grad_enabled() and bool(getattr(network, "gradient_checkpointing", False))
    for index, block in enumerate(blocks(network)):
        if saving:
            text, image = checkpoint(block, image, text, time, places, use_reentrant=False)
        else:
            text, image = block(image, text, time, places)
        if control is not None:
            image, text = control.add(index, image, text)
    out: Tensor = network.get_submodule("proj_out")(network.get_submodule("norm_out")(image, time))
    return out


class Flux1Trunk(nn.Module):
    """The trainable copy of FLUX.1's embedders and first double block, for `FluxAdapter`."""

    def __init__(self, sizes: Flux1Sizes) -> None:
        from diffusers.models.embeddings import (
            CombinedTimestepGuidanceTextProjEmbeddings,
            CombinedTimestepTextProjEmbeddings,
        )
        from diffusers.models.transformers.transformer_flux import (
            FluxPosEmbed,
            FluxTransformerBlock,
        )

        super().__init__()
        time = (
            CombinedTimestepGuidanceTextProjEmbeddings
            if sizes.guided
            else CombinedTimestepTextProjEmbeddings
        )
        self.x_embedder = nn.Linear(sizes.channels, sizes.width)
        self.context_embedder = nn.Linear(sizes.text_width, sizes.width)
        self.time_text_embed: nn.Module = time(
            embedding_dim=sizes.width, pooled_projection_dim=sizes.pooled_width
        )
        self.pos_embed: nn.Module = FluxPosEmbed(theta=10000, axes_dim=sizes.axes)
        self.block: nn.Module = FluxTransformerBlock(
            dim=sizes.width,
            num_attention_heads=sizes.heads,
            attention_head_dim=sizes.head_width,
        )
        self.pooled_offset = nn.Parameter(torch.zeros(sizes.pooled_width))

    def forward(self, given: Evaluation, degraded: Tensor) -> tuple[Tensor, Tensor]:
        """Image feature (b, n, width) and text feature (b, m, width); see `Trunk`."""
        if given.pooled is None:
            raise ValueError("FLUX.1 takes a pooled prompt")
        pooled = given.pooled + self.pooled_offset
        time = embedded_time(self, replace(given, pooled=pooled))
        image = self.x_embedder(given.image) + degraded
        places = self.pos_embed(torch.cat((given.text_places, given.image_places)))
        text, image = self.block(image, self.context_embedder(given.text), time, places)
        return image, text


def new_adapter(sizes: Flux1Sizes, rank: int, text_tokens: int, device: str = "cpu") -> FluxAdapter:
    """See `adapter_around`."""
    return adapter_around(Flux1Trunk, sizes, rank, text_tokens, device)


class Flux1(FluxBackbone):
    """FLUX.1; its prompt has a pooled embedding too."""

    family = FAMILY

    def _evaluation(self, x: Tensor, sigma: Tensor, given: Conditioning) -> Evaluation:
        count, _, height, width = x.shape
        if given.pooled is None:
            raise ValueError("FLUX.1 takes a pooled prompt")
        return Evaluation(
            image=pack(x.to(self.dtype)),
            text=given.prompt.to(x.device, self.dtype),
            pooled=given.pooled.to(x.device, self.dtype),
            sigma=per_picture(sigma, count, x),
            guidance=None if given.guidance is None else per_picture(given.guidance, count, x),
            image_places=grid(height // PATCH, width // PATCH, _AXES, x.device),
            text_places=torch.zeros(given.prompt.shape[1], _AXES, device=x.device),
        )

    def _evaluate(self, step: Evaluation, control: Control | None) -> Tensor:
        return evaluate(self.transformer, step, control)

    def _time(self, step: Evaluation) -> Tensor:
        return embedded_time(self.transformer, step)
