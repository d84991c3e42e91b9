"""FLUX.2 as a backbone: the degraded photo as reference, or FluxIR's adapter on its blocks.

FLUX.2 was trained to follow an instruction about pictures it is shown as further tokens, so with
the degraded photo among them it restores with no adapter at all. The walk repeats the forward pass
of diffusers' `Flux2Transformer2DModel` operation by operation.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from engine.diffusion.backbone import Conditioning
from engine.diffusion.evaluation import PATCH, Control, Evaluation, grid, pack, per_picture
from engine.diffusion.flux.flux_adapter import FluxAdapter, adapter_around
from engine.diffusion.flux.flux_backbone import FluxBackbone
from engine.diffusion.flux.flux_models import Flux2Sizes

FAMILY = "flux2"
REFERENCE_MOMENT = 10
"""Where, on the first axis of places, the first reference picture lies; the picture itself is at 0
(diffusers' and Black Forest Labs' pipelines)."""
_AXES = 4


@dataclass(frozen=True, slots=True)
class Modulation:
    """Shifts, scales and gates that all blocks of a kind share, (b, 6 or 3 times width)."""

    image: Tensor
    text: Tensor
    single: Tensor


def embedded_time(network: nn.Module, given: Evaluation) -> Tensor:
    """Time and guidance as (b, width); the network's unit of time is a thousandth of sigma."""
    time = given.sigma.to(given.image.dtype) * 1000
    guidance = None if given.guidance is None else given.guidance.to(given.image.dtype) * 1000
    embedded: Tensor = network.get_submodule("time_guidance_embed")(time, guidance)
    return embedded


def evaluate(network: nn.Module, given: Evaluation, control: Control | None = None) -> Tensor:
    """Velocity tokens (b, n, channels) that a `Flux2Transformer2DModel` predicts.

    With gradients on, and `network.gradient_checkpointing` set, each block's inside is computed
    again in the backward pass instead of kept.
    """
    time = embedded_time(network, given)
    modulation = Modulation(
        network.get_submodule("double_stream_modulation_img")(time),
        network.get_submodule("double_stream_modulation_txt")(time),
        network.get_submodule("single_stream_modulation")(time),
    )
    image: Tensor = network.get_submodule("x_embedder")(given.image)
    text: Tensor = network.get_submodule("context_embedder")(given.text)
    places = rotations(network.get_submodule("pos_embed"), given)
    image = _through_blocks(network, (image, text), modulation, places, control)
    out: Tensor = network.get_submodule("proj_out")(network.get_submodule("norm_out")(image, time))
    return out


def rotations(embedder: nn.Module, given: Evaluation) -> tuple[Tensor, Tensor]:
    """Cosines and sines of all places, (m + n, head width), text first."""
    text, image = embedder(given.text_places), embedder(given.image_places)
    return torch.cat((text[0], image[0])), torch.cat((text[1], image[1]))


def _through_blocks(
    network: nn.Module,
    streams: tuple[Tensor, Tensor],
    modulation: Modulation,
    places: tuple[Tensor, Tensor],
    control: Control | None,
) -> Tensor:
    """The image stream behind the last block."""
    saving = torch.is_grad_enabled() and bool(getattr(network, "gradient_checkpointing", False))

    def run(block: nn.Module, *inputs: Tensor | tuple[Tensor, Tensor] | None) -> object:
        return checkpoint(block, *inputs, use_reentrant=False) if saving else block(*inputs)

    image, text = streams
    index = 0
    for block in network.get_submodule("transformer_blocks").children():
        out = run(block, image, text, modulation.image, modulation.text, places)
        assert isinstance(out, tuple)
        text, image = out
        if control is not None:
            image, text = control.add(index, image, text)
        index += 1
    words = text.shape[1]
    both = torch.cat((text, image), 1)
    for block in network.get_submodule("single_transformer_blocks").children():
        out = run(block, both, None, modulation.single, places)
        assert isinstance(out, Tensor)
        both = out
        if control is not None:
            image, text = control.add(index, both[:, words:], both[:, :words])
            both = torch.cat((text, image), 1)
        index += 1
    return both[:, words:]


class Flux2Trunk(nn.Module):
    """The trainable copy of FLUX.2's embedders, modulation and first block, for `FluxAdapter`.

    FLUX.2 has no pooled prompt, so theta_y has nothing to be added to; and its double blocks share
    one modulation, so the copy of the block brings a copy of that.
    """

    def __init__(self, sizes: Flux2Sizes) -> None:
        from diffusers.models.transformers.transformer_flux2 import (
            Flux2Modulation,
            Flux2PosEmbed,
            Flux2TimestepGuidanceEmbeddings,
            Flux2TransformerBlock,
        )

        super().__init__()
        self.x_embedder = nn.Linear(sizes.channels, sizes.width, bias=False)
        self.context_embedder = nn.Linear(sizes.text_width, sizes.width, bias=False)
        self.time_guidance_embed: nn.Module = Flux2TimestepGuidanceEmbeddings(
            embedding_dim=sizes.width, guidance_embeds=sizes.guided
        )
        self.pos_embed: nn.Module = Flux2PosEmbed(theta=2000, axes_dim=list(sizes.axes))
        self.double_stream_modulation_img: nn.Module = Flux2Modulation(sizes.width)
        self.double_stream_modulation_txt: nn.Module = Flux2Modulation(sizes.width)
        self.block: nn.Module = Flux2TransformerBlock(
            dim=sizes.width,
            num_attention_heads=sizes.heads,
            attention_head_dim=sizes.head_width,
        )

    def forward(self, given: Evaluation, degraded: Tensor) -> tuple[Tensor, Tensor]:
        """Image feature (b, n, width) and text feature (b, m, width); see `Trunk`."""
        time = embedded_time(self, given)
        text, image = self.block(
            self.x_embedder(given.image) + degraded,
            self.context_embedder(given.text),
            self.double_stream_modulation_img(time),
            self.double_stream_modulation_txt(time),
            rotations(self.pos_embed, given),
        )
        return image, text


def new_adapter(sizes: Flux2Sizes, rank: int, text_tokens: int, device: str = "cpu") -> FluxAdapter:
    """See `adapter_around`."""
    return adapter_around(Flux2Trunk, sizes, rank, text_tokens, device)


class Flux2(FluxBackbone):
    """FLUX.2. Without an adapter the degraded photo goes along as reference tokens, which doubles
    their number; with one the adapter alone sees it, and where there is none nobody does."""

    family = FAMILY

    def _evaluation(self, x: Tensor, sigma: Tensor, given: Conditioning) -> Evaluation:
        count, _, height, width = x.shape
        rows, columns = height // PATCH, width // PATCH
        image, places = pack(x.to(self.dtype)), grid(rows, columns, _AXES, x.device)
        if self.adapter is None and given.shown:
            image = torch.cat((image, pack(given.degraded.to(x.device, self.dtype))), 1)
            reference = grid(rows, columns, _AXES, x.device, REFERENCE_MOMENT)
            places = torch.cat((places, reference))
        return Evaluation(
            image=image,
            text=given.prompt.to(x.device, self.dtype),
            pooled=None,
            sigma=per_picture(sigma, count, x),
            guidance=None if given.guidance is None else per_picture(given.guidance, count, x),
            image_places=places,
            text_places=_text_places(given.prompt.shape[1], x.device),
        )

    def _evaluate(self, step: Evaluation, control: Control | None) -> Tensor:
        return evaluate(self.transformer, step, control)

    def _time(self, step: Evaluation) -> Tensor:
        return embedded_time(self.transformer, step)


def _text_places(words: int, device: torch.device) -> Tensor:
    """(words, axes): a prompt's tokens are counted on the last axis."""
    places = torch.zeros(words, _AXES, device=device)
    places[:, -1] = torch.arange(words, device=device)
    return places
